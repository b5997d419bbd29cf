"""Read what Pysa stores: `taint-output.json`, a header and then one JSON object a line.

An issue holds two traces that meet where it stands: `forward` leads back to the source, `backward` on to the sink.
Each is a list of roots, a root is a frame: an `origin` (the leaf is here) or a `call` into a function whose own model
continues it. See https://pyre-check.org/docs/static-analysis-post-processor/ for what a frame is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_FILE_VERSION = 3
_SITE = re.compile(r"(\d+):(\d+)-(\d+):(\d+)")


class UnknownOutput(Exception):
    """The results are not in the form this package reads."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a staged file: line from 1, columns from 0 in bytes, end exclusive; `end_line` is mostly `line`."""

    line: int
    start: int
    end: int
    end_line: int = 0

    @property
    def last_line(self) -> int:
        """The line on which the place ends."""
        return self.end_line or self.line


@dataclass(frozen=True, slots=True)
class Frame:
    """One kind of taint at one place of one function's trace.

    `callees` and `port` say where a call leads on; both are empty where the leaf is here. `kind` may begin with
    transforms: `Loaded@ShellCommand` changes here, `Loaded:ShellCommand` further on. `position` is that of the
    argument, `site` that of the whole call. `passes` are the places at which
    the data was transformed on its way through this function (Pysa calls them tito positions). `features` are Pysa's
    labels, such as `first-index=body`.
    """

    kind: str
    position: Position
    site: Position
    callees: tuple[str, ...]
    port: str
    passes: tuple[Position, ...]
    leaves: tuple[str, ...]
    length: int
    features: frozenset[str]

    @property
    def is_leaf(self) -> bool:
        """Whether the source or sink stands here."""
        return not self.callees

    @property
    def base_kind(self) -> str:
        """The kind without its transforms."""
        return self.kind.replace("@", ":").rpartition(":")[2]

    @property
    def next_kind(self) -> str:
        """The kind as the callee's model has it: what was changed here is not changed there."""
        return self.kind.partition("@")[2] or self.kind


@dataclass(frozen=True, slots=True)
class Issue:
    """A source and a sink that meet in `callable`."""

    code: int
    callable: str
    file: str
    position: Position
    forward: tuple[Frame, ...]
    backward: tuple[Frame, ...]


@dataclass(frozen=True, slots=True)
class FunctionModel:
    """What Pysa found out about one function: frames by the port at which they begin."""

    callable: str
    file: str
    sources: Mapping[str, tuple[Frame, ...]]
    sinks: Mapping[str, tuple[Frame, ...]]


@dataclass(frozen=True, slots=True)
class Results:
    """One run's results. `looked_into` are the callables whose calls Pysa could list."""

    issues: tuple[Issue, ...]
    models: Mapping[str, FunctionModel]
    looked_into: frozenset[str]
    model_errors: tuple[str, ...] = field(default=())


def read_results(folder: Path) -> Results:
    """The results below `folder`. Raises UnknownOutput where they are incomplete or of another version."""
    try:
        issues, models = [], {}
        for entry in _entries(folder / "taint-output.json"):
            data = entry["data"]
            if entry["kind"] == "issue":
                issues.append(_issue(data))
            elif entry["kind"] == "model":
                models[data["callable"]] = _model(data)
        looked_into = frozenset(
            entry["data"]["callable"]
            for entry in _entries(folder / "call-graph.json")
            if any(_resolved(call) for call in _values(entry["data"].get("calls")))
        )
        metadata = json.loads((folder / "taint-metadata.json").read_text(encoding="utf-8"))
        errors = metadata.get("stats", {}).get("model_verification_errors", [])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnknownOutput(f"Pysa's results could not be read: {error}") from error
    return Results(tuple(issues), models, looked_into, tuple(str(error) for error in errors))


def _entries(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        header = json.loads(next(lines, "null"))
        if not isinstance(header, dict) or header.get("file_version") != _FILE_VERSION:
            raise UnknownOutput(f"{path.name} has a version other than {_FILE_VERSION}")
        for line in lines:
            if line.strip():
                yield json.loads(line)


def _values(calls: Any) -> list[Any]:
    """The entries of a call graph: an object by place, or a list where a function has none."""
    return list(calls.values()) if isinstance(calls, dict) else list(calls or [])


def _resolved(call: Any) -> bool:
    """Whether Pysa looked at a call at all: Pyrefly tells nothing about functions it did not check."""
    return "EmptyPyreflyCallTarget" not in json.dumps(call)


def _issue(data: dict[str, Any]) -> Issue:
    traces = {trace["name"]: trace["roots"] for trace in data["traces"]}
    return Issue(
        data["code"],
        data["callable"],
        data["filename"],
        Position(data["line"], data["start"], data["end"]),
        tuple(frame for root in traces.get("forward", []) for frame in _frames(root)),
        tuple(frame for root in traces.get("backward", []) for frame in _frames(root)),
    )


def _model(data: dict[str, Any]) -> FunctionModel:
    return FunctionModel(
        data["callable"], data.get("filename", "*"), _ports(data.get("sources", [])), _ports(data.get("sinks", []))
    )


def _ports(entries: list[dict[str, Any]]) -> dict[str, tuple[Frame, ...]]:
    return {entry["port"]: tuple(frame for root in entry["taint"] for frame in _frames(root)) for entry in entries}


def _frames(root: dict[str, Any]) -> Iterator[Frame]:
    passes = tuple(_position(place) for place in root.get("tito_positions", []))
    call = root.get("call")
    place = call["position"] if call else root.get("origin")
    if place is None:  # declared by a model: the leaf has no place of its own
        return
    shared = [*root.get("features", []), *root.get("local_features", [])]
    for kind in root["kinds"]:
        labels = [*shared, *kind.get("features", []), *kind.get("local_features", [])]
        yield Frame(
            kind["kind"],
            _position(place),
            _site(call["call_site"] if call else root.get("call_site"), _position(place)),
            tuple(call["resolves_to"]) if call else (),
            call["port"] if call else "",
            passes,
            tuple(leaf["name"] for leaf in kind.get("leaves", [])),
            kind.get("length", 0),
            frozenset(f"{key}={value}" for label in labels for key, value in label.items()),
        )


def _position(place: dict[str, int]) -> Position:
    return Position(place["line"], place["start"], place["end"])


def _site(written: str | None, position: Position) -> Position:
    """`23:4-25:1` as a position; some have a label behind a `|`. Without one the argument's place stands for it."""
    found = _SITE.match(written or "")
    if found is None:
        return position
    line, start, end_line, end = map(int, found.groups())
    return Position(line, start, end, end_line)
