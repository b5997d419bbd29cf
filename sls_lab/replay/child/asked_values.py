"""Strings, mappings and lists that tell what is asked of them; see `sls_lab.replay.child.asking`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self, SupportsIndex

if TYPE_CHECKING:
    from sls_lab.replay.child.asking import Asking

_PLACE = tuple[str | int, ...]


class AskedDict(dict[str, Any]):
    """A mapping that tells which keys are looked for and not there."""

    def __init__(self, values: dict[str, Any], asking: Asking, root: str, path: _PLACE) -> None:
        super().__init__(values)
        self._asking, self._root, self._path = asking, root, path

    def _lacks(self, what: str, key: object) -> None:
        if isinstance(key, str) and not dict.__contains__(self, key):
            self._asking.tell(what, self._root, (*self._path, str.__str__(key)))

    def __missing__(self, key: str) -> Any:
        self._lacks("key", key)
        raise KeyError(key)

    def get(self, key: Any, default: Any = None) -> Any:
        """As ever; a key that is not there is told, and one that has no value."""
        self._lacks("optional", key)
        return dict.get(self, key, default)

    def pop(self, key: Any, *default: Any) -> Any:
        """As ever; a key that is not there is told."""
        self._lacks("optional" if default else "key", key)
        return dict.pop(self, key, *default)

    def __contains__(self, key: object) -> bool:
        self._lacks("optional", key)
        return dict.__contains__(self, key)

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        return dict, (dict(self),)


class AskedList(list[Any]):
    """A list that tells where it is too short."""

    def __init__(self, values: list[Any], asking: Asking, root: str, path: _PLACE) -> None:
        super().__init__(values)
        self._asking, self._root, self._path = asking, root, path

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, int) and index >= len(self):
            self._asking.tell("key", self._root, (*self._path, index))
        return list.__getitem__(self, index)

    def __iter__(self) -> Iterator[Any]:
        if not len(self):
            self._asking.tell("optional", self._root, (*self._path, 0))
        return list.__iter__(self)

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        return list, (list(self),)


class AskedText(str):
    """A string that tells what it is compared with, and what else it should have been."""

    _asking: Asking

    @classmethod
    def of(cls, text: str, asking: Asking) -> Self:
        """A string that reports to `asking`."""
        made = cls(text)
        made._asking = asking
        return made

    def __eq__(self, other: object) -> bool:
        if str.__ne__(self, other) is True:
            self._asking.compared("equals", self, other)
        return bool(str.__eq__(self, other) is True)

    def __ne__(self, other: object) -> bool:
        return not self.__eq__(other)

    def __hash__(self) -> int:
        self._asking.chosen(self)
        return str.__hash__(self)

    def startswith(self, prefix: Any, *rest: Any) -> bool:
        """As ever; the beginning that is not there is told."""
        found = str.startswith(self, prefix, *rest)
        for one in () if found else prefix if isinstance(prefix, tuple) else (prefix,):
            self._asking.compared("starts", self, one)
        return found

    def endswith(self, suffix: Any, *rest: Any) -> bool:
        """As ever; the end that is not there is told."""
        found = str.endswith(self, suffix, *rest)
        for one in () if found else suffix if isinstance(suffix, tuple) else (suffix,):
            self._asking.compared("ends", self, one)
        return found

    def __contains__(self, other: Any) -> bool:
        found = str.__contains__(self, other)
        if not found:
            self._asking.compared("holds", self, other)
        return found

    def split(self, sep: Any = None, maxsplit: Any = -1) -> list[str]:
        """As ever; a separator that is not there is told."""
        found = str.split(self, sep, maxsplit)
        if len(found) == 1 and sep is not None:
            self._asking.compared("parts", self, sep)
        return [type(self).of(one, self._asking) for one in found]

    def partition(self, sep: str) -> tuple[str, str, str]:
        """As ever; a separator that is not there is told."""
        before, middle, after = str.partition(self, sep)
        if not middle:
            self._asking.compared("parts", self, sep)
        return type(self).of(before, self._asking), middle, type(self).of(after, self._asking)

    def __getitem__(self, index: Any) -> str:
        if isinstance(index, str):
            self._asking.tell("mapping", "", (str.__str__(index),), self)
        return str.__getitem__(self, index)

    def __getattr__(self, name: str) -> Any:
        if name in ("get", "items", "keys", "values"):
            self._asking.tell("mapping", "", (), self)
        raise AttributeError(f"'str' object has no attribute {name!r}")

    def __iter__(self) -> Iterator[str]:
        self._asking.iterated(self)
        return iter([type(self).of(one, self._asking) for one in str.__iter__(self)])

    def isdigit(self) -> bool:
        """As ever; that a number is wanted is told."""
        return self._number(str.isdigit(self))

    def isnumeric(self) -> bool:
        """As ever; that a number is wanted is told."""
        return self._number(str.isnumeric(self))

    def _number(self, found: bool) -> bool:
        if not found:
            self._asking.tell("number", "", (), self)
        return found

    def __int__(self) -> int:
        try:
            return int(str.__str__(self))
        except ValueError:
            self._asking.tell("number", "", (), self)
            raise

    def __float__(self) -> float:
        try:
            return float(str.__str__(self))
        except ValueError:
            self._asking.tell("number", "", (), self)
            raise

    def _kept(self, text: str) -> Self:
        return type(self).of(text, self._asking)

    def strip(self, *given: Any) -> str:
        """As ever."""
        return self._kept(str.strip(self, *given))

    def lstrip(self, *given: Any) -> str:
        """As ever."""
        return self._kept(str.lstrip(self, *given))

    def rstrip(self, *given: Any) -> str:
        """As ever."""
        return self._kept(str.rstrip(self, *given))

    def lower(self) -> str:
        """As ever."""
        return self._kept(str.lower(self))

    def upper(self) -> str:
        """As ever; the string is looked for as it was written."""
        return self._kept(str.upper(self))

    def __str__(self) -> str:
        return self

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        return str, (str.__str__(self),)
