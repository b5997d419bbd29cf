"""Read what Pysa stores: `taint-output.json`, a header and then one JSON object a line.

An issue holds two traces that meet where it stands: `forward` leads back to the source, `backward` on to the sink.
Each is a list of roots, a root is a frame: an `origin` (the leaf is here) or a `call` into a function whose own model
continues it. See https://pyre-check.org/docs/static-analysis-post-processor/ for what a frame is.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sls_lab.facts import SlsLabError
from sls_lab.taint.rules import KEPT_DATA

T = TypeVar("T")

_FILE_VERSION = 3
#: Of a query that no function of the application fits: there is nothing that its models would be of.
_FINDS_NOTHING = "output no models"
_NOT_SINK = re.compile(r"NotSink\[(\w+)\]")
_SITE = re.compile(r"(\d+):(\d+)-(\d+):(\d+)")


class UnknownOutput(SlsLabError):
    """The results are not in the form this package reads; the message says where."""


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
class PysaFrame:
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
        """Whether the source or sink is here."""
        return not self.callees

    @property
    def base_kind(self) -> str:
        """The kind without its transforms."""
        return self.kind.replace("@", ":").rpartition(":")[2]

    @property
    def harmless(self) -> tuple[str, ...]:
        """The kinds of sinks for which the data was made harmless, for `NotSink[ShellCommand]:UserControlled`."""
        return tuple(_NOT_SINK.findall(self.kind))

    @property
    def kept_name(self) -> str | None:
        """The name of the place at which one function leaves data to another, for `KeptData[name]`."""
        kind = self.base_kind
        return kind[len(KEPT_DATA) + 1 : -1] if kind.startswith(f"{KEPT_DATA}[") else None

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
    forward: tuple[PysaFrame, ...]
    backward: tuple[PysaFrame, ...]
    message: str = ""


@dataclass(frozen=True, slots=True)
class FunctionModel:
    """What Pysa found out about one function: frames by the port at which they begin."""

    callable: str
    file: str
    sources: Mapping[str, tuple[PysaFrame, ...]]
    sinks: Mapping[str, tuple[PysaFrame, ...]]


@dataclass(frozen=True, slots=True)
class PysaResults:
    """One run's results. `looked_into` are the callables whose calls Pysa could list, `calls` says what each calls."""

    issues: tuple[Issue, ...]
    models: Mapping[str, FunctionModel]
    looked_into: frozenset[str]
    calls: Mapping[str, frozenset[str]]
    model_errors: tuple[str, ...] = field(default=())


def read_results(folder: Path) -> PysaResults:
    """The results below `folder`, the folder of one run.

    Raises UnknownOutput where they are of another version or run, and where a part of them is missing: the number of
    issues is stored a second time, and each function to which a trace leads must have a model.
    """
    issues, models = read_traces(folder / "taint-output.json")
    _check_whole(folder, issues, models)
    looked_into: set[str] = set()
    called: dict[str, frozenset[str]] = {}
    for caller, calls in _entries(folder / "call-graph.json", _calls):
        called[caller] = called.get(caller, frozenset()) | frozenset(_targets(calls))
        if any(_resolved(call) for call in _values(calls)):
            looked_into.add(caller)
    _check_run(folder)
    refused = refused_models(read_metadata(folder / "taint-metadata.json"))
    return PysaResults(issues, models, frozenset(looked_into), called, refused)


def refused_models(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """What Pysa says of the models that it refuses; a query that no function fits is not one."""
    errors = metadata.get("stats", {}).get("model_verification_errors", [])
    return tuple(str(error) for error in errors if _FINDS_NOTHING not in str(error))


def _check_run(folder: Path) -> None:
    for name in ("taint-output.json", "call-graph.json"):
        with (folder / name).open("rb") as lines:
            lines.seek(-1, os.SEEK_END)
            if lines.read() != b"\n":
                raise UnknownOutput(f"{name} does not end with a whole line: it was cut short")
    with (folder / "taint-output.json").open("rb") as lines:
        run = json.loads(next(lines)).get("config", {}).get("repo")
    if run is not None and Path(str(run)) != folder.parent.resolve():
        raise UnknownOutput("taint-output.json is of another run")


def _check_whole(folder: Path, issues: Sequence[Issue], models: Mapping[str, FunctionModel]) -> None:
    try:
        told = json.loads((folder / "errors.json").read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise UnknownOutput(f"errors.json could not be read: {_reason(error)}") from error
    if not isinstance(told, list) or len(told) != len(issues):
        raise UnknownOutput("taint-output.json does not have as many issues as Pysa counted: it was cut short")
    frames = [frame for issue in issues for frame in (*issue.forward, *issue.backward)]
    for model in models.values():
        frames += (frame for ports in (model.sources, model.sinks) for port in ports.values() for frame in port)
    missing = {callee for frame in frames for callee in frame.callees} - models.keys()
    if missing:
        raise UnknownOutput(f"taint-output.json lacks {min(missing)}, to which a trace leads: it was cut short")


def read_traces(file: Path) -> tuple[tuple[Issue, ...], dict[str, FunctionModel]]:
    """The issues and the functions' models in one `taint-output.json`. Raises UnknownOutput with the line."""
    issues: list[Issue] = []
    models: dict[str, FunctionModel] = {}
    for found in _entries(file, _issue_or_model):
        if isinstance(found, Issue):
            issues.append(found)
        elif found is not None:
            models[found.callable] = found
    return tuple(issues), models


def read_metadata(file: Path) -> dict[str, Any]:
    """The content of a `taint-metadata.json`. Raises UnknownOutput."""
    try:
        metadata = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise UnknownOutput(f"{file.name} could not be read: {_reason(error)}") from error
    if not isinstance(metadata, dict):
        raise UnknownOutput(f"{file.name} does not hold what Pysa stores there")
    return metadata


def _entries(file: Path, taken: Callable[[dict[str, Any]], T]) -> Iterator[T]:
    """What `taken` makes of each entry of a file with a header and one JSON object a line."""
    number = 1
    try:
        with file.open("rb") as lines:
            header = json.loads(next(lines, b"null"))
            if not isinstance(header, dict) or header.get("file_version") != _FILE_VERSION:
                raise UnknownOutput(f"{file.name} does not begin as version {_FILE_VERSION} of Pysa's results does")
            for number, line in enumerate(lines, 2):  # noqa: B007 (told in the error)
                if line.strip():
                    yield taken(json.loads(line))
    except OSError as error:
        raise UnknownOutput(f"{file.name} could not be read: {_reason(error)}") from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise UnknownOutput(f"{file.name}:{number}: this line is not what Pysa stores: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    match error:
        case OSError(strerror=str(reason)):
            return reason
        case KeyError(args=(name,)):
            return f"{name!r} is missing"
        case json.JSONDecodeError(msg=reason):
            return reason
        case RecursionError():
            return "nested too deeply"
    return str(error)


def _issue_or_model(entry: dict[str, Any]) -> Issue | FunctionModel | None:
    data = entry["data"]
    match entry["kind"]:
        case "issue":
            return _issue(data)
        case "model":
            return _model(data)
    return None


def _calls(entry: dict[str, Any]) -> tuple[str, Any]:
    return str(entry["data"]["callable"]), entry["data"].get("calls")


def _targets(calls: Any) -> Iterator[str]:
    """The callables anywhere in an entry of a call graph, those given as arguments included."""
    for value in calls.values() if isinstance(calls, dict) else calls if isinstance(calls, list) else ():
        yield from _targets(value)
    if isinstance(calls, dict) and isinstance(calls.get("target"), str):
        yield calls["target"]


def _values(calls: Any) -> list[Any]:
    """The entries of a call graph: an object by place, or a list where a function has none."""
    return list(calls.values()) if isinstance(calls, dict) else list(calls or [])


def _resolved(call: Any) -> bool:
    """Whether Pysa looked at a call at all: Pyrefly says nothing about functions it did not check."""
    return "EmptyPyreflyCallTarget" not in json.dumps(call)


def _issue(data: dict[str, Any]) -> Issue:
    traces = {trace["name"]: trace["roots"] for trace in data["traces"]}
    return Issue(
        int(data["code"]),
        str(data["callable"]),
        str(data["filename"]),
        _position(data),
        tuple(frame for root in traces.get("forward", []) for frame in _frames(root)),
        tuple(frame for root in traces.get("backward", []) for frame in _frames(root)),
        str(data.get("message", "")),
    )


def _model(data: dict[str, Any]) -> FunctionModel:
    return FunctionModel(
        str(data["callable"]),
        str(data.get("filename", "*")),
        _ports(data.get("sources", [])),
        _ports(data.get("sinks", [])),
    )


def _ports(entries: list[dict[str, Any]]) -> dict[str, tuple[PysaFrame, ...]]:
    return {str(entry["port"]): tuple(frame for root in entry["taint"] for frame in _frames(root)) for entry in entries}


def _frames(root: dict[str, Any]) -> Iterator[PysaFrame]:
    passes = tuple(_position(place) for place in root.get("tito_positions", []))
    call = root.get("call")
    place = call["position"] if call else root.get("origin")
    if place is None:  # declared by a model: the leaf has no place of its own
        return
    shared = [*root.get("features", []), *root.get("local_features", [])]
    for kind in root["kinds"]:
        labels = [*shared, *kind.get("features", []), *kind.get("local_features", [])]
        yield PysaFrame(
            str(kind["kind"]),
            _position(place),
            _site((call or root).get("call_site"), _position(place)),
            tuple(map(str, call["resolves_to"])) if call else (),
            str(call["port"]) if call else "",
            passes,
            tuple(str(leaf["name"]) for leaf in kind.get("leaves", [])),
            int(kind.get("length", 0)),
            frozenset(f"{key}={value}" for label in labels for key, value in label.items()),
        )


def _position(place: dict[str, int]) -> Position:
    return Position(int(place["line"]), int(place["start"]), int(place["end"]))


def _site(written: str | None, position: Position) -> Position:
    """`23:4-25:1` as a position; some have a label after a `|`. Without one the argument's place is used."""
    found = _SITE.match(written or "")
    if found is None:
        return position
    line, start, end_line, end = map(int, found.groups())
    return Position(line, start, end, end_line)
