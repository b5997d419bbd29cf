"""What code blocks of a deck show: lines of an example, or what the analyser says of it.

The words behind the language name what stands in the block, so that it can be written anew:

    ```python from=upload-chain/handlers/store.py lines=12-19 mark=15-19

- `from=` a file below `code-examples/apps`, `script=` one below `code-examples/ast`; `model=NAME` one of Pysa's models;
- `rule=KIND` the rule on flows to this kind of sink, as Pysa is given it; `published=all` what others have measured;
- `diff=APP file=F` a file with what the rewriting changes; `calls=APP` the calls of handlers that it adds;
- `because=APP edge=A-B` the reasons of an edge; `trace=APP` the chief steps of its flow;
- `outcome=APP` the sentence that ends its report; `compare=APP,APP` the same in a few words;
  `limits=APP,APP` that beside what is true;
- `lines=` which of them, counted from 1; `mark=` those to stress; both may list several: `3-5,9`.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from deck.examples import APPS, ROOT, example, only_flow, traced
from sls_lab.bench.published import PUBLISHED
from sls_lab.report.summary import outcome
from sls_lab.scoring import read_expectation
from sls_lab.taint.rules import taint_config

LIVE = frozenset({"trace", "outcome", "compare", "limits"})
_ANSWERS = {
    "flows": "flow found",
    "no-flow": "no flow, and the code was seen",
    "no-flow-in-part": "no flow in what was seen",
    "not-analysed": "not analysed",
}
# What an f-string or an ARN has in braces says nothing to whoever reads from the last row.
_HOLE = re.compile(r"(?<!\$)\{[^{}]*\}")
# At this width a trace is shown in letters of the middle size.
_WIDEST = 62


@dataclass(frozen=True, slots=True)
class Part:
    """One block: `lines` are its numbers and texts, `marked` the numbers to stress, `caption` the file or None.

    `numbered` lines are those of a file, shown with their numbers.
    """

    language: str
    lines: tuple[tuple[int, str], ...]
    marked: frozenset[int]
    caption: str | None
    numbered: bool

    @property
    def text(self) -> str:
        """The lines as the deck's source has them."""
        return "".join(f"{text}\n" for _, text in self.lines)


def is_generated(info: str) -> bool:
    """Whether a block's first line says where its text comes from."""
    return bool(_settings(info).keys() & _RECIPES.keys())


def is_live(info: str) -> bool:
    """Whether the block shows what Pysa found."""
    return bool(_settings(info).keys() & LIVE)


def written(info: str) -> str:
    """The text that a block with this first line has today. Raises ValueError where it asks for lines that are not."""
    settings = _settings(info)
    (recipe,) = settings.keys() & _RECIPES.keys()
    lines = _RECIPES[recipe](settings)
    wanted = sorted(numbers(settings["lines"])) if "lines" in settings else range(1, len(lines) + 1)
    if not wanted or wanted[-1] > len(lines):
        raise ValueError(f"no such lines to show: {info}")
    return "".join(f"{lines[number - 1]}\n" for number in wanted)


def part(info: str, body: str) -> Part:
    """A block as it stands in a deck. Raises ValueError where it marks lines that it does not show."""
    settings = _settings(info)
    texts = body.splitlines()
    places = sorted(numbers(settings["lines"])) if "lines" in settings else range(1, len(texts) + 1)
    lines = tuple(zip(places, texts, strict=True))
    marked = numbers(settings.get("mark", ""))
    if not marked <= {*places}:
        raise ValueError(f"no such lines to mark: {info}")
    caption = _caption(settings)
    numbered = not settings.keys().isdisjoint({"from", "script"}) and caption is not None
    return Part(info.split()[0], lines, marked, caption, numbered)


def numbers(text: str) -> frozenset[int]:
    """`3-5,9` as numbers."""
    ranges = [piece.partition("-") for piece in text.split(",") if piece]
    return frozenset(number for first, _, last in ranges for number in range(int(first), int(last or first) + 1))


def _settings(info: str) -> dict[str, str]:
    return dict(word.split("=", 1) for word in info.split()[1:] if "=" in word)


def _caption(settings: Mapping[str, str]) -> str | None:
    if "from" in settings:
        # What stands in an application's own words about itself is no file of the program.
        return None if settings["from"].endswith(".md") else settings["from"].partition("/")[2]
    if "rule" in settings:
        return "taint.config"
    named = settings.get("file") or settings.get("script")
    return named or (f"{settings['model']}.pysa" if "model" in settings else None)


def _from(settings: Mapping[str, str]) -> list[str]:
    return (APPS / settings["from"]).read_text(encoding="utf-8").splitlines()


def _script(settings: Mapping[str, str]) -> list[str]:
    return (ROOT / "code-examples" / "ast" / settings["script"]).read_text(encoding="utf-8").splitlines()


def _rule(settings: Mapping[str, str]) -> list[str]:
    """The first rule on this kind of sink, one entry a line."""
    rule = next(rule for rule in taint_config()["rules"] if rule["sinks"] == [settings["rule"]])
    first, *others = [f'"{key}": {json.dumps(rule[key])}' for key in ("name", "code", "sources", "sinks")]
    lines = [f"{{{first}", *(f" {entry}" for entry in others)]
    return [*(f"{line}," for line in lines[:-1]), f"{lines[-1]}}}"]


def _published(_: Mapping[str, str]) -> list[str]:
    titles = [f"{one.tool}, {one.suite}" for one in PUBLISHED]
    widest = max(map(len, titles))
    lines = [f"{'':<{widest}}  right  false  missed"]
    for title, one in zip(titles, PUBLISHED, strict=True):
        lines.append(f"{title:<{widest}}  {one.true:>5}  {one.false:>5}  {one.missed:>6}")
    return lines


def _model(settings: Mapping[str, str]) -> list[str]:
    file = ROOT / "sls_lab" / "taint" / "models" / f"{settings['model']}.pysa"
    return file.read_text(encoding="utf-8").splitlines()


def _diff(settings: Mapping[str, str]) -> list[str]:
    """The whole file, so that a call is not cut where a hunk would begin."""
    file = example(settings["diff"]).rewriting.files[settings["file"]]
    before, after = file.original.splitlines(), file.text.splitlines()
    _, _, _, *lines = difflib.unified_diff(before, after, lineterm="", n=len(before) + len(after))
    return lines


def _calls(settings: Mapping[str, str]) -> list[str]:
    added = []
    for edge in example(settings["calls"]).events.edges:
        for name, file in example(settings["calls"]).rewriting.files.items():
            calls = [edit for edit in file.edits if edit.kind == "handler-call" and edge in edit.edges]
            added += [f"{PurePosixPath(name).name:<12} {edit.text.strip(' ;').strip()}" for edit in calls]
    return added


def _because(settings: Mapping[str, str]) -> list[str]:
    app = example(settings["because"])
    edge = next(edge for edge in app.events.edges if f"{edge.source}-{edge.target}" == settings["edge"])
    return [_HOLE.sub("…", reason.text).replace("`", "") for reason in edge.because]


def _trace(settings: Mapping[str, str]) -> list[str]:
    flow = only_flow(settings["trace"])
    lines = [f"{flow.rule.title} ({flow.rule.cwe}), {len(flow.steps)} steps"]
    for step in flow.steps:
        if step.role != "propagation":
            source = example(settings["trace"]).code.modules[step.span.file].text.splitlines()[step.span.line - 1]
            place = f"{PurePosixPath(step.span.file).name}:{step.span.line}"
            lines.append(_shortened(f"{step.role:<7} {place:<15} {source.strip()}"))
    return lines


def _outcome(settings: Mapping[str, str]) -> list[str]:
    return [outcome(traced(settings["outcome"])).sentence]


def _compare(settings: Mapping[str, str]) -> list[str]:
    names = settings["compare"].split(",")
    widest = max(map(len, names))
    return [f"{name:<{widest}}  {_ANSWERS[outcome(traced(name)).answer]}" for name in names]


def _limits(settings: Mapping[str, str]) -> list[str]:
    lines = [f"{'':<16} {'truth':<9} sls-lab says"]
    for name in settings["limits"].split(","):
        expected = read_expectation(example(name).path)
        truth = "flow" if expected.flows else "debatable" if expected.optional else "no flow"
        lines.append(f"{name:<16} {truth:<9} {_ANSWERS[outcome(traced(name)).answer]}")
    return lines


def _shortened(line: str) -> str:
    return line if len(line) <= _WIDEST else line[: _WIDEST - 2].rstrip() + " …"


_RECIPES: Mapping[str, Callable[[Mapping[str, str]], list[str]]] = {
    "from": _from,
    "diff": _diff,
    "calls": _calls,
    "because": _because,
    "trace": _trace,
    "outcome": _outcome,
    "compare": _compare,
    "limits": _limits,
    "model": _model,
    "script": _script,
    "rule": _rule,
    "published": _published,
}
