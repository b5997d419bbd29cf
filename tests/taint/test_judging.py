"""The judgements that `test_judged` sees live, on traces made by hand: in milliseconds, and without Pysa.

The same comments at the sinks say which handler's flow is one, and why it is set aside. Left out are what an event or a
store leads on from, and what Pysa alone tells: which part of an object has the data.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from sls_lab import load_app
from sls_lab.facts import Span
from sls_lab.python.module import Module
from sls_lab.python.parsing import parse_text
from sls_lab.python.positions import span_of
from sls_lab.taint.judge.definitions import Meanings
from sls_lab.taint.judge.guards import guarded
from sls_lab.taint.judge.refutation import judge
from sls_lab.taint.model import Rule, Step
from sls_lab.taint.read.dataflow import Held, Station
from sls_lab.taint.read.flow_trace import Trace
from sls_lab.taint.rules import QUOTED_COMMAND, QUOTED_URL, RULES
from sls_lab.taint.staging.staged_folder import Subject

FOLDER = Path(__file__).parent / "fixtures" / "judged"
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
    text: str = ""

    @property
    def id(self) -> str:
        return f"{self.file}:{self.line}:{self.handler}"


def parsed(file: Path) -> Module:
    found = parse_text(file.name, file.read_text(encoding="utf-8"))
    assert isinstance(found, Module)
    return found


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
                    yield Case(file.name, number, handler, why if kind == "aside" else "", line)
            above.clear()


def called_at(module: Module, line: int) -> ast.Call | None:
    """The outermost call of a line that is a sink."""
    calls = (node for node in ast.walk(module.tree) if isinstance(node, ast.Call) and node.lineno == line)
    return next((call for call in calls if kinds_of(call)), None)


def kinds_of(call: ast.Call) -> tuple[str, ...]:
    name = ast.unparse(call.func)
    if any(keyword.arg == "input" for keyword in call.keywords):
        return ("ShellScript",)  # what a program reads is neither its name nor a command
    return KINDS.get(name) or KINDS.get(name.rpartition(".")[2], ())


def stations_of(case: Case, call: ast.Call, module: Module) -> list[Station]:
    """The functions from the handler to the sink: the handler, and the one that it calls where the sink is there."""
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


def traces(case: Case, modules: Mapping[str, Module]) -> list[tuple[Rule, Trace]]:
    """What Pysa finds here, by the rule; nothing where this test cannot make the trace."""
    module = modules[case.file]
    call = called_at(module, case.line)
    stations = stations_of(case, call, module) if call is not None else []
    if call is None or not stations or not all(station.leaving for station in stations):
        return []
    first = stations[0].held
    assert isinstance(first.function, Function)
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
    return [(RULE[kind], trace) for kind in kinds]


PARSED = {file.name: parsed(file) for file in sorted(FOLDER.glob("*.py"))}
CASES = [case for case in marked() if "order" not in case.text and traces(case, PARSED)]


@pytest.fixture(scope="module")
def subject() -> Subject:
    return load_app(FOLDER).subject


@pytest.fixture(scope="module")
def names(subject: Subject) -> Meanings:
    return Meanings(subject.code.modules)


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_trace_is_judged_as_the_comment_says(case: Case, subject: Subject, names: Meanings) -> None:
    found = [judge(subject, names, rule, trace) for rule, trace in traces(case, subject.code.modules)]
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
def test_a_flow_says_why_quoting_has_no_effect(line: str, note: str, subject: Subject, names: Meanings) -> None:
    module = subject.code.modules["quoting.py"]
    (number,) = [number for number, one in enumerate(module.text.splitlines(), 1) if line in one]
    ((rule, trace),) = traces(Case("quoting.py", number, "within", ""), subject.code.modules)
    found = judge(subject, names, rule, trace)
    assert found.aside is None
    assert note in found.note


@pytest.mark.parametrize(
    ("rule", "left", "harmless"),
    [
        ("SqlStatement", r"\w+", True),
        ("SqlStatement", r"[\w-]+", False),
        ("PartiQlStatement", r"\w+", True),
        ("DynamoDbExpression", r"\w+", True),
        ("TemplateSource", r"\w+", True),
        ("TemplateSource", r"[\w{}]+", False),
        ("ShellCommand", r"[\w@%+=:,./-]+", True),
        ("ShellScript", r"[a-z]+", True),
        ("RemoteCommand", r"[a-z]+", True),
        ("ShellCommand", r"[\w ]+", False),
        ("FileAccess", r"[\w .-]+", True),
        ("FileRemoval", r"[\w .-]+", True),
        ("FileAccess", r"[\w/]+", False),
        ("CodeEvaluation", r"\w+", False),
        ("RequestUrl", r"\w+", False),
        ("ProgramName", r"\w+", False),
    ],
)
def test_which_characters_do_no_harm_depends_on_the_sink(rule: str, left: str, harmless: bool) -> None:
    """A string that only has letters may still be the name of another host, module or program."""
    code = f"import re\ndef f(event, sink):\n    x = event['x']\n    if re.fullmatch(r'{left}', x):\n        sink(x)\n"
    module = parse_text("h.py", code)
    assert isinstance(module, Module)
    function = next(functions(module))
    call = [node for node in ast.walk(function) if isinstance(node, ast.Call)][-1]
    station = Station(module, Held(function, frozenset({"event"})), (call.args[0],))
    assert (guarded(RULE[rule], [station], Meanings({"h.py": module})) is not None) is harmless


QUOTED = [case for case in CASES if case.file == "quoting.py" and case.handler in {"word", "within", "several"}]


@pytest.mark.parametrize("case", QUOTED, ids=[case.id for case in QUOTED])
def test_a_command_of_which_all_is_quoted_is_safe_where_each_part_is(
    case: Case, subject: Subject, names: Meanings
) -> None:
    """Pysa may find data that passes no quoting as well: then every part of the command has to be quoted."""
    ((_, trace), *_) = traces(case, subject.code.modules)
    found = judge(subject, names, RULE["ShellCommand"], trace)
    expected = "it is quoted by shlex.quote, as a word of its own" if case.why else None
    assert (found.aside.text if found.aside is not None else None) == expected
