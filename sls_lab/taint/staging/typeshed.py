"""The types of Python's standard library, of which a run is given what its code can come to.

Half of Pysa's time was the parsing of these stubs. The tables in `sls_lab/taint/typeshed` are made from what one
version of Pyrefly brings along.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

#: The classes that Pyrefly looks up whatever the code says:
#: https://github.com/facebook/pyrefly/blob/1.3.0-dev.2/crates/pyrefly_types/src/stdlib.rs
_ALWAYS = {
    "_collections_abc": "dict_items dict_keys dict_values",
    "_typeshed._type_checker_internals": "NamedTupleFallback TypedDictFallback",
    "builtins": "BaseException BaseExceptionGroup ExceptionGroup bool bytearray bytes classmethod complex dict "
    "enumerate float frozenset int list object property set slice staticmethod str super tuple type",
    "collections": "deque",
    "datetime": "date datetime time timedelta",
    "decimal": "Decimal",
    "enum": "Enum EnumMeta Flag",
    "functools": "partial",
    "pathlib": "Path",
    "types": "EllipsisType FunctionType GenericAlias MethodType ModuleType NoneType TracebackType UnionType",
    "typing": "AsyncGenerator AsyncIterable AsyncIterator Awaitable Coroutine Generator Iterable Iterator Literal "
    "LiteralString Mapping MutableSequence Never NoReturn ParamSpec ParamSpecArgs ParamSpecKwargs Sequence "
    "TypeAliasType TypeGuard TypeVar TypeVarTuple Unpack _ProtocolMeta",
    "typing_extensions": "Sentinel TypeForm TypeIs",
    "uuid": "UUID",
}
_TESTING = "unittest"


@dataclass(frozen=True, slots=True)
class OtherPackage:
    """A package outside the standard library whose stubs Pyrefly brings along.

    `names` are what it takes from the standard library, each as `module:name`, `members` what its protocols ask for.
    """

    names: tuple[str, ...]
    packages: tuple[str, ...]
    members: tuple[str, ...]


def head() -> str:
    """The line that says what the tables are made from, with a sum over the largest of them."""
    with _path("stdlib").open(encoding="utf-8") as file:
        return file.readline()


def made_for() -> str:
    """The version of Pyrefly from which the tables are made, and with which alone they are right."""
    found = re.search(r"pyrefly ([\w.]+)", head())
    return found[1] if found else ""


@cache
def standard_library() -> Mapping[str, tuple[str, str]]:
    """The path and the text of each stub of the standard library, by the name of its module.

    `unittest` is left out: nothing of a module is analysed where a class of it is known to be a `TestCase`, and some
    handlers have their tests in their own file.
    https://github.com/facebook/pyrefly/blob/main/pyrefly/lib/report/pysa/is_test_module.rs
    """
    modules = {
        path.removesuffix(".pyi").removesuffix("/__init__").replace("/", "."): (path, text)
        for path, text in _table("stdlib").items()
    }
    return {name: stub for name, stub in modules.items() if name.partition(".")[0] != _TESTING}


@cache
def members_of_protocols() -> frozenset[str]:
    """The names that some protocol of the standard library asks for."""
    return frozenset(name for names in _table("protocols").values() for name in names)


@cache
def other_packages() -> Mapping[str, OtherPackage]:
    """The packages outside the standard library, by the names that they are imported by."""
    return {
        name: OtherPackage(tuple(one["names"]), tuple(one["packages"]), tuple(one["members"]))
        for name, one in _table("third_party").items()
    }


def always_needed() -> Iterator[tuple[str, str]]:
    """The module and the name of each class without which Pyrefly does not work."""
    for module, names in _ALWAYS.items():
        yield from ((module, name) for name in names.split())


def taken_by(packages: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The module and the dotted name of what other packages take from the standard library."""
    for package in packages:
        for name in other_packages()[package].names:
            module, _, dotted = name.partition(":")
            yield module, dotted


def _table(name: str) -> dict[str, Any]:
    table: dict[str, Any] = json.loads(_path(name).read_text(encoding="utf-8"))["table"]
    return table


def _path(name: str) -> Traversable:
    return resources.files("sls_lab.taint") / "typeshed" / f"{name}.json"
