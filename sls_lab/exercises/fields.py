"""Take a lesson file apart; what is wrong with it becomes one sentence with file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sls_lab.exercises.model import ExerciseError
from sls_lab.template.shared.raw_tree import RawNode


class Fields:
    """One mapping of a lesson file, whose entries are read by name; an entry that is never read is a mistake."""

    def __init__(self, node: RawNode, what: str) -> None:
        if not isinstance(node.value, dict):
            raise mistake(node, f"{what} is written as `name: value` lines")
        self.node = node
        self.what = what
        self._entries: Mapping[str, RawNode] = node.mapping
        self._taken: set[str] = set()

    def has(self, name: str) -> bool:
        """Whether there is such an entry."""
        return name in self._entries

    def node_of(self, name: str) -> RawNode:
        """The value under `name`. Raises ExerciseError if it is missing."""
        self._taken.add(name)
        node = self._entries.get(name)
        if node is None or node.value is None:
            raise mistake(node or self.node, f"{self.what} has no `{name}`")
        return node

    def text(self, name: str, default: str | None = None) -> str:
        """A text."""
        if default is not None and not self.has(name):
            return default
        return scalar(self.node_of(name), f"`{name}`")

    def word(self, name: str, among: tuple[str, ...], default: str | None = None) -> str:
        """One of a few words."""
        word = self.text(name, default)
        if word not in among:
            raise mistake(self.node_of(name), f"`{name}` is one of {', '.join(among)}, not {word!r}")
        return word

    def flag(self, name: str) -> bool:
        """`true` or `false`, the latter where nothing is written."""
        if not self.has(name):
            return False
        value = self.node_of(name).value
        if not isinstance(value, bool):
            raise mistake(self.node_of(name), f"`{name}` is true or false")
        return value

    def number(self, name: str, default: int) -> int:
        """A whole number above zero."""
        if not self.has(name):
            return default
        value = self.node_of(name).value
        if not isinstance(value, int) or value < 1:
            raise mistake(self.node_of(name), f"`{name}` is a number above zero")
        return value

    def items(self, name: str) -> tuple[RawNode, ...]:
        """The items of a list; none where nothing is written."""
        if not self.has(name):
            return ()
        node = self.node_of(name)
        if not isinstance(node.value, tuple):
            raise mistake(node, f"`{name}` is a list")
        return node.value

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a list; none where nothing is written."""
        return tuple(scalar(node, f"an item of `{name}`") for node in self.items(name))

    def parts(self, name: str) -> Iterator[Fields]:
        """The mappings of a list."""
        for node in self.items(name):
            yield Fields(node, f"an item of `{name}`")

    def done(self) -> None:
        """Raise ExerciseError where an entry was not taken."""
        for name, node in self._entries.items():
            if name not in self._taken:
                raise mistake(node, f"{self.what} has no use for `{name}`", at_key=True)


def scalar(node: RawNode, what: str) -> str:
    """A text as written. Raises ExerciseError for a list or a mapping."""
    if node.value is None or isinstance(node.value, tuple | dict):
        raise mistake(node, f"{what} is a string")
    return node.value if isinstance(node.value, str) else node.written


def plain(node: RawNode) -> Any:
    """Lists, mappings and values without their places."""
    if isinstance(node.value, dict):
        return {name: plain(child) for name, child in node.value.items()}
    if isinstance(node.value, tuple):
        return [plain(child) for child in node.value]
    return node.value


def mistake(node: RawNode, sentence: str, *, at_key: bool = False) -> ExerciseError:
    """An error with its place."""
    span = node.key if at_key and node.key else node.span
    return ExerciseError(f"{span.place}: {sentence}")
