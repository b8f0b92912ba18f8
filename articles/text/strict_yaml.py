"""A strict reader for the small part of YAML that our files use: mappings, lists and text.

Every scalar is text (no ``no`` that turns to False, no ``1.10`` that turns to 1.1), every value knows its place, and tags,
anchors,
aliases, duplicate keys, several documents and deep nesting are faults. PyYAML's events are used rather than its loaders, so that
nothing is built, expanded or merged before it has been checked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from articles.text.limits import find_forbidden_characters
from articles.text.problems import MAX_PROBLEMS, Problem

MAX_DEPTH = 5
MAX_NODES = 100_000


@dataclass(slots=True)
class Node:
    """A value with its place. ``value`` is text, a list of nodes or a mapping of key to node; ``line`` counts from 1."""

    value: "str | list[Node] | dict[str, Node]"
    line: int
    start: int
    end: int
    is_block: bool = False
    keys: "dict[str, Node]" = field(default_factory=dict)

    def plain(self) -> Any:
        """Give the value as plain text, lists and dictionaries."""
        if isinstance(self.value, str):
            return self.value
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return {key: node.plain() for key, node in self.value.items()}


class _Stop(Exception):
    """Reading cannot go on."""


def write_node(value: Any, line: int = 1) -> Node:
    """Give the node that text, a list or a mapping would have been read as; the keys of a mapping stand on lines of their own."""
    if isinstance(value, str):
        return Node(value, line, 0, 0)
    if isinstance(value, Mapping):
        lines = {key: line + number for number, key in enumerate(value)}
        values = {key: write_node(value[key], lines[key]) for key in value}
        return Node(values, line, 0, 0, keys={key: write_node(key, lines[key]) for key in value})
    return Node([write_node(item, line) for item in value], line, 0, 0)


def read_yaml(text: str, first_line: int = 1) -> tuple[Node | None, list[Problem]]:
    """Read one YAML document.

    ``first_line`` is the number of the text's first line in its file. Gives the root node (None when the text is empty or cannot
    be read) and all problems found.
    """
    reader = _Reader(first_line)
    try:
        root = reader.document(yaml.parse(text, Loader=yaml.SafeLoader))
    except _Stop:
        root = None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reader.fault(mark, f"the YAML cannot be read ({error.problem or error.context})", "put odd values in quotes")
        root = None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        reader.fault(None, f"the YAML cannot be read ({str(error).splitlines()[0][:80]})", "put odd values in quotes")
        root = None
    except RecursionError:
        reader.fault(None, "the YAML is nested too deeply", f"at most {MAX_DEPTH} levels")
        root = None
    return root, reader.problems


class _Reader:
    def __init__(self, first_line: int) -> None:
        self.first_line = first_line
        self.problems: list[Problem] = []
        self.nodes = 0

    def fault(self, mark: Any, what: str, right: str) -> None:
        self.report(self.line(mark), what, right)

    def report(self, line: int, what: str, right: str) -> None:
        self.problems.append(Problem(line, what, right))
        if len(self.problems) > MAX_PROBLEMS:
            raise _Stop

    def line(self, mark: Any) -> int:
        return self.first_line + (mark.line if mark else 0)

    def document(self, events: Iterator[Any]) -> Node | None:
        root = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.fault(event.start_mark, "a second YAML document begins", "one document a file; delete the `---`")
                    raise _Stop
                if event.tags or event.version:
                    self.fault(event.start_mark, "a YAML directive", "delete the line that begins with `%`")
            elif isinstance(event, yaml.NodeEvent):
                root = self.node(event, events, 0)
        return root

    def node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.fault(event.start_mark, f"more than {MAX_NODES:,} values", "less in one file")
            raise _Stop
        if isinstance(event, yaml.AliasEvent):
            self.fault(event.start_mark, f"a YAML alias (*{str(event.anchor)[:60]})", "write the value out, or put it in quotes")
            raise _Stop
        if event.anchor:
            self.fault(event.start_mark, f"a YAML anchor (&{event.anchor[:60]})", "delete it, or put the value in quotes")
        if event.tag:
            self.fault(event.start_mark, f"a YAML tag ({event.tag[:60]})", "delete it, or put the value in quotes")
        if depth > MAX_DEPTH:
            self.fault(event.start_mark, "the YAML is nested too deeply", f"at most {MAX_DEPTH} levels")
            raise _Stop
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(event, events, depth)
        return self.mapping(event, events, depth)

    def scalar(self, event: Any) -> Node:
        if find_forbidden_characters(event.value):
            self.fault(event.start_mark, "an escape makes a character no text may hold", "delete the escape")
        return Node(
            event.value,
            self.line(event.start_mark),
            event.start_mark.index,
            event.end_mark.index,
            event.style in ("|", ">"),
        )

    def sequence(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        items: list[Node] = []
        last = event
        for last in events:
            if isinstance(last, yaml.SequenceEndEvent):
                break
            items.append(self.node(last, events, depth + 1))
        return Node(items, self.line(event.start_mark), event.start_mark.index, last.end_mark.index)

    def mapping(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, Node] = {}
        last = event
        for last in events:
            if isinstance(last, yaml.MappingEndEvent):
                break
            key = self.node(last, events, depth + 1)
            value = self.node(next(events), events, depth + 1)
            if not isinstance(key.value, str):
                self.report(key.line, "a key that is not text", "one word, then a colon")
            elif key.value in values:
                what = f"`{key.value[:60]}` is given twice (first on line {keys[key.value].line})"
                self.report(key.line, what, "keep one")
            else:
                values[key.value], keys[key.value] = value, key
        return Node(values, self.line(event.start_mark), event.start_mark.index, last.end_mark.index, keys=keys)
