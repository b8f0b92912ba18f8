"""What is wrong with a text, said so that its writer can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault: the line it is on (1 is the first), what is wrong there, and what would be right."""

    line: int
    what: str
    right: str

    def __str__(self) -> str:
        return f"{self.line}: {self.what}; {self.right}"


class SourceError(ValueError):
    """A text that cannot be taken, with every problem found in it, in the order of the lines.

    ``path`` names the file where there is one; ``str()`` gives one line per problem, ``path:line: what is wrong; what would be
    right``.
    """

    def __init__(self, problems: Iterable[Problem], path: str = "") -> None:
        self.problems = tuple(sorted(set(problems)))
        self.path = path
        super().__init__(self.problems)

    def __str__(self) -> str:
        start = f"{self.path}:" if self.path else "line "
        return "\n".join(f"{start}{problem}" for problem in self.problems)
