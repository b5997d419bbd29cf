"""The judgements that `test_judged` sees live, on traces made by hand: in milliseconds, and without Pysa.

The same comments at the sinks say which handler's flow is one, and why it is set aside. Left out are what an event or a
store leads on from, and what Pysa alone tells: which part of an object has the data.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sls_lab import load_app
from sls_lab.facts import Span
from sls_lab.python.module import Module
from sls_lab.python.positions import span_of
from sls_lab.taint.judge.definitions import Meanings
from sls_lab.taint.judge.judgement import Judgement
from sls_lab.taint.judge.refutation import judge
from sls_lab.taint.model import Step
from sls_lab.taint.read.dataflow import Held, Station
from sls_lab.taint.read.flow_trace import Trace
from sls_lab.taint.rules import QUOTED_COMMAND, QUOTED_URL, RULES

FOLDER = Path(__file__).parent / "fixtures" / "judged"
SUBJECT = load_app(FOLDER).subject
MODULES = SUBJECT.code.modules
NAMES = Meanings(MODULES)
COMMENT = re.compile(r"# (flow|aside): ([\w ]+)(?:: (.+?))?(?=  #|$)")
RULE = {rule.name: rule for rule in RULES}
#: The kinds of flows that Pysa finds at a call, by what is called.
KINDS = {
    "os.system": ("ShellCommand",),
    "subprocess.run": ("ShellCommand", "ProgramName", "ShellScript"),
    "open": ("FileAccess",),
    "urlopen": ("RequestUrl",),
    "requests.get": ("RequestUrl",),
    "upload_file": ("FileAccess",),
    "download_file": ("FileAccess",),
    "boto3.client('sns').publish": ("SnsMessage",),
}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Case:
    """One handler whose data reaches one line; `why` is what sets the flow aside, empty where nothing does."""

    file: str
    line: int
    handler: str
    why: str

    @property
    def id(self) -> str:
        return f"{self.file}:{self.line}:{self.handler}"


def functions(module: Module) -> Iterator[Function]:
    return (node for node in ast.walk(module.tree) if isinstance(node, Function))


def marked() -> Iterator[Case]:
    for file in sorted(FOLDER.glob("*.py")):
        above: list[str] = []
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            above.append(line)
            if line.lstrip().startswith("#"):
                continue
            for kind, handlers, why in (found for told in above for found in COMMENT.findall(told)):
                for handler in handlers.split():
                    yield Case(file.name, number, handler, why if kind == "aside" else "")
            above.clear()


def called_at(module: Module, line: int) -> ast.Call | None:
    """The outermost call of a line that is a sink."""
    calls = (node for node in ast.walk(module.tree) if isinstance(node, ast.Call) and node.lineno == line)
    return next((call for call in calls if kinds_of(call)), None)


def kinds_of(call: ast.Call) -> tuple[str, ...]:
    name = ast.unparse(call.func)
    return KINDS.get(name) or KINDS.get(name.rpartition(".")[2], ())


def stations_of(case: Case, call: ast.Call) -> list[Station]:
    """The functions from the handler to the sink: the handler, and the one that it calls where the sink is there."""
    module = MODULES[case.file]
    around = next(one for one in functions(module) if call in set(ast.walk(one)))
    handler = next((one for one in functions(module) if one.name == case.handler), None)
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if handler is None:
        return []
    listings = [
        node for node in ast.walk(handler) if isinstance(node, ast.Call) and "list_objects" in ast.unparse(node.func)
    ]
    event = Held(handler, frozenset(), tuple(listings)) if listings else Held(handler, frozenset({"event"}))
    if around is handler:
        return [Station(module, event, tuple(node for node in given if event.carries(node))[:1])]
    for node in ast.walk(handler):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == around.name and len(node.args) == 1:
            inner = Held(around, frozenset({around.args.args[0].arg}))
            return [Station(module, event, (node.args[0],)), Station(module, inner, tuple(given[:1]))]
    return []


def judgements(case: Case) -> list[Judgement]:
    """The judgement on each kind of flow that Pysa finds here; none where this test cannot make the trace."""
    module = MODULES[case.file]
    call = called_at(module, case.line)
    stations = stations_of(case, call) if call is not None else []
    if call is None or not stations or not all(station.leaving for station in stations):
        return []
    first = stations[0].held
    source = first.expressions[0] if first.expressions else first.function.args.args[0]
    steps = (
        Step("source", case.handler, span_of(module, source), "", ""),
        Step("sink", case.handler, span_of(module, call), "", ""),
    )
    quoted = case.file == "quoting.py"
    trace = Trace(steps, (case.handler,), call, held=stations[-1].held, stations=tuple(stations), quoted=quoted)
    kinds = kinds_of(call)
    if quoted and "SnsMessage" not in kinds:
        programs = ("ProgramName",) if any(keyword.arg == "shell" for keyword in call.keywords) else ()
        kinds = (QUOTED_URL,) if "RequestUrl" in kinds else (QUOTED_COMMAND, *programs)
    return [judge(SUBJECT, NAMES, RULE[kind], trace) for kind in kinds]


CASES = [case for case in marked() if case.handler != "made" and judgements(case)]


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_trace_is_judged_as_the_comment_says(case: Case) -> None:
    found = judgements(case)
    reasons = [one.aside for one in found if one.aside is not None]
    if not case.why:
        assert len(reasons) < len(found)
    else:
        assert len(reasons) == len(found)
        assert "; ".join(dict.fromkeys(reason.text for reason in reasons)) == case.why
        assert all(isinstance(reason.span, Span) for reason in reasons)


def test_most_comments_are_tried() -> None:
    assert len(CASES) >= 100


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("convert '{quote(name)}' out.png", "there are quotes around it"),
        ("cat <<END", "it is in a here-document"),
        ("sh -c {quote(name)}", "a second shell reads"),
        ("{quote(name)} --version", "it is the name of the"),
    ],
)
def test_a_flow_says_why_quoting_has_no_effect(line: str, note: str) -> None:
    text = MODULES["quoting.py"].text.splitlines()
    (number,) = [number for number, one in enumerate(text, 1) if line in one]
    (found,) = judgements(Case("quoting.py", number, "within", ""))
    assert found.aside is None
    assert note in found.note
