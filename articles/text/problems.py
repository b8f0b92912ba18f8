"""What is wrong with a text, said so that its writer can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass

MAX_PROBLEMS = 100


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault: the line it is on (1 is the first), what is wrong there, and what would be right."""

    line: int
    what: str
    right: str

    def __str__(self) -> str:
        return f"{self.line}: {self.what}; {self.right}"


def shorten(problems: Iterable[Problem]) -> list[Problem]:
    """Give the first hundred problems, each once and in the order of the lines, and how many more there are."""
    ordered = sorted(set(problems))
    if len(ordered) <= MAX_PROBLEMS:
        return ordered
    more = f"… and {len(ordered) - MAX_PROBLEMS:,} more faults"
    return [*ordered[:MAX_PROBLEMS], Problem(ordered[MAX_PROBLEMS].line, more, "mend the others first")]


class SourceError(ValueError):
    """A text that cannot be taken, with the problems found in it, in the order of the lines.

    ``path`` names the file where there is one; ``str()`` gives one line per problem, ``path:line: what is wrong; what would be
    right``.
    """

    def __init__(self, problems: Iterable[Problem], path: str = "") -> None:
        self.problems = tuple(shorten(problems))
        self.path = path
        super().__init__(self.problems)

    def __str__(self) -> str:
        start = f"{self.path}:" if self.path else "line "
        return "\n".join(f"{start}{problem}" for problem in self.problems)
