"""What a handler asks of the data that it is given: which keys it looks for, what it compares a string with.

While `on`, event objects, parsed JSON and answers of AWS are made of strings, mappings and lists that tell. They are
values of the usual kinds otherwise, and what one tells is no more than the application's own code finds out.
"""

from __future__ import annotations

import base64
import json
import os
import re
import sys
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Final

from sls_lab.replay.child import asked_values
from sls_lab.replay.child.asked_values import AskedDict, AskedList, AskedText
from sls_lab.replay.child.recorder import Recorder, put
from sls_lab.replay.exchange import text_of_error

_MOST: Final = 300  #: questions of one run
_LONGEST: Final = 200  #: characters of a string that another is compared with
_LONGEST_ERROR: Final = 2_000
_CHOICES: Final = 40  #: keys of a mapping or a set that is looked into
_OWN: Final = (__file__, asked_values.__file__)
_EMPTY_ANSWERS: Final = {"GetItem": "Item", "Query": "Items", "Scan": "Items", "ReceiveMessage": "Messages"}


@dataclass
class Asking:
    """Reports questions to the kit. `lines` are those of the application that have run."""

    recorder: Recorder
    on: bool = False
    lines: set[tuple[str, int]] = field(default_factory=set)
    _told: set[str] = field(default_factory=set)
    _answers: list[int] = field(default_factory=list)

    def install(self) -> None:
        """Take the place of what parses JSON and base64, and of what makes regular expressions."""
        self._loads, self._decode, self._compile = json.loads, base64.b64decode, re.compile
        put(json, [("loads", self._parsed)])
        put(base64, [("b64decode", self._decoded)])
        self._parse_qs, self._parse_qsl = urllib.parse.parse_qs, urllib.parse.parse_qsl
        put(urllib.parse, [("parse_qs", self._form), ("parse_qsl", self._pairs)])
        put(re, [("compile", self._compiled)])
        put(re, [(name, self._matched(name)) for name in ("match", "fullmatch", "search")])

    def begin(self) -> None:
        """Begin with one run of a handler, which may be within another's."""
        self._told.clear()
        self._answers.append(0)

    def end(self) -> list[tuple[str, int]]:
        """The lines of the application that have run, once such a run is over."""
        self._answers.pop()
        root = self.recorder.places.root
        found = sorted((os.path.relpath(file, root).replace(os.sep, "/"), line) for file, line in self.lines)
        self.lines.clear()
        return found

    def trace(self) -> None:
        """From now on, note in this thread which lines of the application run."""
        if self.on:
            sys.settrace(self._entered)

    def _entered(self, frame: FrameType, event: str, argument: Any) -> Any:
        return self._ran if self.recorder.places.of_application(frame.f_code) else None

    def _ran(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            self.lines.add((frame.f_code.co_filename, frame.f_lineno))
        elif event == "exception":
            self.tell("raised", "", (), text_of_error(argument[1])[:_LONGEST_ERROR])
        return self._ran

    def event(self, value: Any) -> Any:
        """An event object, made of values that tell."""
        return self.wrapped(value, "event", ()) if self.on else value

    def answer(self, operation: str, arguments: Mapping[str, Any], response: Any) -> Any:
        """An answer of AWS, made of values that tell; that nothing was found is told."""
        if not self.on:
            return response
        root = f"answer:{self._answers[-1] - 1}"
        where = _EMPTY_ANSWERS.get(operation)
        if where is not None and not response.get(where):
            self.tell("nothing", root, (), wanted=_conditions(arguments))
        if not isinstance(response, dict):
            return response
        kept = {key: inner for key, inner in response.items() if key != "ResponseMetadata"}
        return {**response, **{key: self.wrapped(inner, root, (key,)) for key, inner in kept.items()}}

    def called(self) -> None:
        """Another call of AWS was made."""
        if self._answers:
            self._answers[-1] += 1

    def wrapped(self, value: Any, root: str, path: tuple[str | int, ...]) -> Any:
        """A value of strings, mappings and lists that tell; anything else as it is."""
        if type(value) is dict:
            inner = {key: self.wrapped(one, root, (*path, key)) for key, one in value.items()}
            return AskedDict(inner, self, root, path)
        if type(value) is list:
            return AskedList([self.wrapped(one, root, (*path, i)) for i, one in enumerate(value)], self, root, path)
        return AskedText.of(value, self) if type(value) is str else value

    def tell(self, what: str, root: str, path: tuple[str | int, ...], text: str = "", wanted: Any = "") -> None:
        """Report one question, once for each run."""
        if not self.on or not self.recorder.active or len(self._told) >= _MOST:
            return
        message = {"what": what, "root": root, "path": list(path), "text": str.__str__(text), "wanted": wanted}
        key = repr(message)
        if key not in self._told:
            self._told.add(key)
            self.recorder.channel.send({"is": "asked", **message})

    def compared(self, what: str, text: str, other: Any) -> None:
        """A string was compared with another, and does not fit."""
        if isinstance(other, str) and 0 < len(other) <= _LONGEST and self._by_application(_asker()):
            self.tell(what, "", (), text, str.__str__(other))

    def iterated(self, text: str) -> None:
        """A loop goes through a string, where perhaps a list was meant."""
        if self._by_application(_asker()):
            self.tell("list", "", (), text)

    def chosen(self, text: str) -> None:
        """A string is looked up somewhere: tell among which keys, as far as the code that does so shows."""
        if not self.on:
            return
        frame = _asker()
        if self.recorder.active and self._by_application(frame):
            plain = str.__str__(text)
            names = dict.fromkeys(key for keys in _looked_into(frame) if plain not in keys for key in keys)
            if names:
                self.tell("chosen", "", (), text, [*names][:_CHOICES])

    def _by_application(self, frame: FrameType) -> bool:
        file = frame.f_code.co_filename
        return self.recorder.places.of_application(frame.f_code) or os.path.basename(file) in (
            "enum.py",
            "dataclasses.py",
        )

    def _parsed(self, given: Any, *rest: Any, **more: Any) -> Any:
        if not self.on or not self.recorder.active:
            return self._loads(given, *rest, **more)
        text = _plain_text(given)
        try:
            value = self._loads(text, *rest, **more)
        except ValueError:
            self.tell("json", "", (), text)
            raise
        return self.wrapped(value, f"json:{text}", ())

    def _form(self, given: Any, *rest: Any, **more: Any) -> Any:
        found = self._parse_qs(given, *rest, **more)
        if not self.on or not self.recorder.active or not isinstance(given, str):
            return found
        return self.wrapped(found, f"form:{_plain_text(given)}", ())

    def _pairs(self, given: Any, *rest: Any, **more: Any) -> Any:
        """As frameworks read a query or a form."""
        found = self._parse_qsl(given, *rest, **more)
        return [(key, self.wrapped(value, "", ())) for key, value in found]

    def _decoded(self, given: Any, *rest: Any, **more: Any) -> Any:
        if self.on and self.recorder.active and not _is_base64(given):
            self.tell("base64", "", (), _plain_text(given))
        return self._decode(given, *rest, **more)

    def _compiled(self, pattern: Any, flags: Any = 0) -> Any:
        made = self._compile(pattern, flags)
        if self.on and self.recorder.places.by_application(2):
            return _AskedPattern(made, self)
        return made

    def _matched(self, name: str) -> Callable[..., Any]:
        original = getattr(re, name)

        def matched(pattern: Any, string: Any, flags: Any = 0) -> Any:
            pattern = getattr(pattern, "made", pattern)
            found = original(pattern, string, flags)
            if found is None and self.on and self.recorder.places.by_application(2):
                written = pattern if isinstance(pattern, str) else getattr(pattern, "pattern", "")
                self.tell("matches", "", (), _plain_text(string), written)
            return found

        return matched


class _AskedPattern:
    """A regular expression that tells which strings it does not fit."""

    def __init__(self, made: re.Pattern[Any], asking: Asking) -> None:
        self.made, self._asking = made, asking

    def __getattr__(self, name: str) -> Any:
        if name not in ("match", "fullmatch", "search"):
            return getattr(self.made, name)
        original = getattr(self.made, name)

        def matched(string: Any, *rest: Any) -> Any:
            found = original(string, *rest)
            if found is None and isinstance(self.made.pattern, str):
                self._asking.tell("matches", "", (), _plain_text(string), self.made.pattern)
            return found

        return matched


def _asker() -> FrameType:
    """The code that asks something of a value: the innermost that is not the value's own."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename in _OWN:
        frame = frame.f_back
    return frame


def _plain_text(given: Any) -> str:
    if isinstance(given, bytes | bytearray):
        return bytes(given).decode("utf-8", "backslashreplace")
    return str.__str__(given) if isinstance(given, str) else str(given)


def _is_base64(given: Any) -> bool:
    text = _plain_text(given)
    return len(text) > 3 and len(text) % 4 == 0 and re.fullmatch(r"[\w+/=-]*", text) is not None


def _looked_into(frame: FrameType) -> Iterator[tuple[str, ...]]:
    """The keys of mappings and sets of strings that the code of a frame has at hand."""
    code = frame.f_code
    held: list[Any] = [value for value in code.co_consts if isinstance(value, frozenset)]
    held += [frame.f_globals[name] for name in code.co_names if name in frame.f_globals]
    held += [value for name, value in frame.f_locals.items() if name not in ("self", "cls")]
    for name in ("self", "cls"):
        owner = frame.f_locals.get(name)
        held += list(_attributes(owner)) if owner is not None else []
    held += [inner for value in list(held) if isinstance(value, type) for inner in _attributes(value)]
    for value in held:
        if value is frame.f_globals or isinstance(value, AskedDict):
            continue
        if isinstance(value, dict | set | frozenset) and 0 < len(value) <= _CHOICES:
            keys = tuple(str(key) for key in value if type(key) is str)
            if len(keys) == len(value):
                yield keys


def _attributes(owner: object) -> Iterator[Any]:
    """The values that an object and its classes hold, without calling anything of theirs."""
    for holder in (owner, *type(owner).__mro__, *(owner.__mro__ if isinstance(owner, type) else ())):
        if holder is not object and holder is not type:
            yield from list(getattr(holder, "__dict__", {}).values())


def _conditions(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What the condition on a query's key compares with which attribute, for one that boto3 has as objects."""
    found: dict[str, Any] = {}
    waiting = [arguments.get("KeyConditionExpression")]
    while waiting:
        one = waiting.pop()
        values: tuple[Any, ...] = getattr(one, "_values", ())
        if len(values) > 1 and hasattr(values[0], "name"):
            found[str(values[0].name)] = values[1]
        else:
            waiting += [value for value in values if hasattr(value, "_values")]
    return found
