"""The small analyser: as right as the kit on the application it was written for, and wrong where its README says so."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import yaml

import mini
from mini.code import read_code
from mini.graph import may_start
from mini.rewrite import rewrite_handlers
from mini.taint import Analyser, Flow
from mini.template import UNKNOWN, Function, Trigger, read_template
from sls_lab import load_app
from sls_lab.rewrite import Edit

EXAMPLES = Path(__file__).parents[2] / "code-examples"
FOLDER = EXAMPLES / "mini"
MODULES = sorted(FOLDER.glob("*.py"))
TWINS = pytest.mark.parametrize("name", ["upload-chain", "safe-wrong-table"])


# It is small.
def test_all_of_it_can_be_read_in_an_evening() -> None:
    assert sum(len(file.read_text("utf-8").splitlines()) for file in MODULES) <= 500


@pytest.mark.parametrize("module", [file.stem for file in MODULES if not file.stem.startswith("__")])
def test_each_function_fits_on_a_slide(module: str) -> None:
    for name, thing in vars(import_module(f"mini.{module}")).items():
        if inspect.isfunction(thing) and thing.__module__ == f"mini.{module}":
            assert len(inspect.getsource(thing).splitlines()) <= 20, name


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.name)
def test_it_needs_nothing_but_pyyaml(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for module in modules:
            assert module.partition(".")[0] in {"mini", "yaml", *sys.stdlib_module_names}


# It is right on the application that it was written for, and on its twin.
@TWINS
def test_it_draws_the_edges_that_the_kit_draws(name: str) -> None:
    app = load_app(EXAMPLES / "apps" / name)
    theirs = {(e.source, e.target, e.service, e.api, e.span.line) for e in app.events.edges if e.linked}
    found = mini.analyse(EXAMPLES / "apps" / name).edges
    ours = {(e.source, e.target, e.call.service.name, e.call.service.method, e.call.node.lineno) for e in found}
    assert ours == theirs


@TWINS
def test_it_finds_the_flows_that_are_true(name: str) -> None:
    truth = yaml.safe_load((EXAMPLES / "apps" / name / "expected.yml").read_text("utf-8"))["flows"]
    theirs = {(f"{f['source']['handler']}_handler", f["sink"]["handler"], f["sink"]["line"]) for f in truth}
    found = mini.analyse(EXAMPLES / "apps" / name).flows
    assert {flow.kind for flow in found} <= {"shell"}
    sinks = {(flow.source, *flow.sink.removeprefix("os.system in ").split(", line ")) for flow in found}
    assert {(source, sink.removesuffix("_handler"), int(line)) for source, sink, line in sinks} == theirs


def paths(node: ast.AST, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each value of a nested dictionary, with the keys that lead to it."""
    match node:
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                yield from paths(value, (*path, ast.unparse(key) if key else "**"))
        case ast.List(elts=items):
            for item in items:
                yield from paths(item, path)
        case _:
            yield path, ast.unparse(node)


def spelt(edit: Edit) -> str:
    """What an edit writes into the code."""
    assert edit.node
    return ast.unparse(edit.node)


@TWINS
def test_it_makes_the_calls_that_the_kit_makes(name: str) -> None:
    app = load_app(EXAMPLES / "apps" / name)
    edits = [edit for file in app.rewriting.files.values() for edit in file.edits]
    events = [edit for edit in edits if edit.kind == "event-object"]
    calls = [spelt(edit).partition("(")[0] for edit in edits if edit.kind == "handler-call"]
    theirs = {
        (event.edges[0].source, call): dict(paths(ast.parse(spelt(event).partition(" = ")[2], mode="eval").body))
        for event, call in zip(events, calls, strict=True)
    }
    ours = {
        (source.removesuffix("_handler"), ast.unparse(call.func)): dict(paths(call.args[0]))
        for source, function in mini.analyse(EXAMPLES / "apps" / name).program.items()
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("_handler")
    }
    assert ours.keys() == theirs.keys()
    for edge, event in ours.items():
        for path, value in event.items():
            # The kit lets the content of an object travel along, and leaves imported names as they are.
            assert value.replace("urllib.parse.", "") in theirs[edge][path], (edge, path)


def printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What `python -m mini apps/upload-chain` prints."""
    monkeypatch.setattr(sys, "argv", ["mini", str(EXAMPLES / "apps" / "upload-chain")])
    monkeypatch.delitem(sys.modules, "mini.__main__", raising=False)
    import_module("mini.__main__")
    return capsys.readouterr().out


# Step 1: the template.
TEMPLATE = """
service: choir
custom:
  bucket: ${self:service}-${opt:stage, 'dev'}
  circle: ${self:custom.circle}
provider:
  environment: {BUCKET: "${self:custom.bucket}", STAGE: "${sls:stage}", LOOP: "${self:custom.circle}"}
functions:
  first:
    handler: handlers/first.handler
    environment: {QUEUE: !Ref Queue, TABLE: !Ref Table, OTHER: !Sub "x-${AWS::Region}"}
    events: [{httpApi: GET /}, {schedule: rate(1 day)}]
  second:
    handler: handlers.second.run
    events:
      - s3: {bucket: "${self:custom.bucket}", rules: [{prefix: in/}, {suffix: .wav}]}
      - sqs: {arn: !GetAtt Queue.Arn}
      - stream: {type: dynamodb, arn: !GetAtt Table.StreamArn}
resources:
  Resources:
    Queue: {Type: "AWS::SQS::Queue", Properties: {QueueName: "${self:service}-queue"}}
    Table: {Type: "AWS::DynamoDB::Table"}
"""


def test_a_template_is_read(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(TEMPLATE)
    first, second = read_template(tmp_path / "serverless.yml")
    assert (first.file, first.handler, first.public) == ("handlers/first.py", "handler", True)
    assert (second.file, second.handler, second.public) == ("handlers/second.py", "run", False)
    common = {"BUCKET": "choir-dev", "STAGE": UNKNOWN, "LOOP": UNKNOWN}
    assert first.environment == {**common, "QUEUE": "choir-queue", "TABLE": "Table", "OTHER": UNKNOWN}
    assert second.environment == common
    assert second.triggers == (
        Trigger("s3", "choir-dev", "in/", ".wav"),
        Trigger("sqs", "choir-queue"),
        Trigger("dynamodb", "Table"),
    )


# Steps 2 and 3: the code and the edges.
FUNCTION = Function("one", "one.py", "handler", {"BUCKET": "photos"}, (), False)


@pytest.mark.parametrize(
    ("text", "resource", "key"),
    [
        ("s3.put_object(Bucket=os.environ['BUCKET'], Key=f'in/{name}.wav')", "photos", "in/*.wav"),
        ("BUCKET = os.environ['BUCKET']\ns3.put_object(Bucket=BUCKET, Key='a')", "photos", "a"),
        ("s3.put_object(Bucket=event['bucket'], Key=key)", UNKNOWN, UNKNOWN),
        ("NAME = NAME\ns3.put_object(Bucket=NAME, Key=f'{NAME}-{1}')", UNKNOWN, "*-*"),
        ("table = boto3.resource('dynamodb').Table('books')\ntable.put_item(Item={'a': 1})", "books", UNKNOWN),
        ("def f():\n    return queue.send_message(QueueUrl='q', MessageBody='hello')", "q", "hello"),
    ],
)
def test_a_call_is_read_with_what_is_known_of_it(text: str, resource: str, key: str) -> None:
    (call,) = read_code(FUNCTION, text)
    assert (call.resource, call.key) == (resource, key)


@pytest.mark.parametrize("text", ["s3.get_object(Bucket='b', Key='k')", "put_object()", "s3.put_object(Bucket='b')"])
def test_no_other_call_is(text: str) -> None:
    assert read_code(FUNCTION, text) == []


@pytest.mark.parametrize(
    ("text", "prefix", "may"),
    [
        ("in/*.wav", "in/", True),
        ("in/*.wav", "in/choir", True),
        ("in/*.wav", "out/", False),
        ("in/a.wav", "in/b", False),
        ("in", "in/", False),
        ("*", "anything", True),
        ("", "", True),
    ],
)
def test_a_prefix_is_compared_as_far_as_the_key_is_known(text: str, prefix: str, may: bool) -> None:
    assert may_start(text, prefix) is may


def test_a_filter_and_another_bucket_stop_an_edge(tmp_path: Path) -> None:
    handlers = tmp_path / "handlers"
    handlers.mkdir()
    (handlers / "second.py").write_text("def run(event, context): pass")
    (tmp_path / "serverless.yml").write_text(TEMPLATE)
    for bucket, key, edges in [
        ("os.environ['BUCKET']", "f'in/{event}.wav'", 1),
        ("os.environ['BUCKET']", "event", 1),
        ("os.environ['BUCKET']", "f'in/{event}.mp3'", 0),
        ("'another'", "f'in/{event}.wav'", 0),
    ]:
        (handlers / "first.py").write_text(f"def handler(event, context): s3.put_object(Bucket={bucket}, Key={key})")
        assert len(mini.analyse(tmp_path).edges) == edges, (bucket, key)


# Step 4: the program.
@pytest.mark.parametrize(
    ("body", "rewritten"),
    [
        ("s3.put_object(Bucket='b', Key=event)", ["CALL", "s3.put_object(Bucket='b', Key=event)"]),
        ("return s3.put_object(Bucket='b', Key=event)", ["CALL", "return s3.put_object(Bucket='b', Key=event)"]),
        (
            "if event:\n    s3.put_object(Bucket='b', Key=event)",
            ["if event:", "    CALL", "    s3.put_object(Bucket='b', Key=event)"],
        ),
        (
            "if s3.put_object(Bucket='b', Key=event):\n    pass",
            ["CALL", "if s3.put_object(Bucket='b', Key=event):", "    pass"],
        ),
    ],
)
def test_a_handler_call_is_put_before_its_statement(body: str, rewritten: list[str]) -> None:
    one = Function("one", "a/one.py", "run", {}, (), True)
    two = Function("two", "a/two.py", "run", {}, (Trigger("s3", "b"),), False)
    text = "def run(event, context):\n" + "\n".join(f"    {line}" for line in body.splitlines())
    edges = mini.link((one, two), read_code(one, text))
    program = rewrite_handlers((one, two), {"a/one.py": text, "a/two.py": "def run(event, context): pass"}, edges)
    made = "two_run({'Records': [{'s3': {'object': {'key': event}}}]}, None)"
    lines = ast.unparse(program["one_run"]).splitlines()[1:]
    assert lines == [f"    {line.replace('CALL', made)}" for line in rewritten]


def test_names_mean_the_same_in_the_program_as_in_their_file() -> None:
    text = "from shlex import quote as q\nimport os.path as p\ndef f(x): pass\ndef handler(e, c): f(q(p.join(e)))"
    program = rewrite_handlers((Function("one", "one.py", "handler", {}, (), True),), {"one.py": text}, ())
    assert ast.unparse(program["one_handler"]).endswith("one_f(shlex.quote(os.path.join(e)))")


# Step 5: the taint. `a` is the source.
SAFE = [
    "def a(event): event = 'fixed'; os.system(event)",
    "def a(event): os.system('ls')",
    "def a(event): os.system(str(event == 'x'))",
    "def a(event): os.system(shlex.quote(event))",
    "def a(event): os.system(f'show {int(event)}')",
    "def a(event): b(event, 'x')\ndef b(x, y): os.system(y)",
    "def a(event): b(y=event, x='x')\ndef b(x, y): os.system(x)",
    "def a(event): os.system(b(event))\ndef b(x): return 'fixed'",
    "def a(event): b(event)\ndef b(x): b(x)",
    "def a(event): os.system(b(event))\ndef b(x): return b(x)",
    "def a(event): os.system(b(event))\ndef b(x): return shlex.quote(x)",
    "def a(event): pass\ndef b(event): os.system(event)",
    "def a(event): os.system(os.system(event == 1))",
]
TAINTED = [
    "def a(event): os.system(event)",
    "def a(event): x = y = event; os.system(y)",
    "def a(event): x, y = event; os.system(y)",
    "def a(event): x = 'play '; x += event; x += '.wav'; os.system(x)",
    "def a(event): x = {}; x['title'] = event; x['note'] = 'none'; os.system(x['title'])",
    "def a(event): x.title = event; os.system(x)",
    "def a(event): x: str = event; os.system(x)",
    "def a(event): os.system(f'play {event!r:>10}')",
    "def a(event): os.system('play ' + event['title'][0])",
    "def a(event): os.system(' '.join(['play', event]))",
    "def a(event): os.system(json.loads(event)['title'].strip())",
    "def a(event): os.system(command=event)",
    "def a(event): os.system(event if event else 'ls')",
    "def a(event):\n  for x in event: os.system(x)",
    "def a(event):\n  x = y = ''\n  while x != 'stop':\n    os.system(y)\n    y = x\n    x = event",
    "def a(event):\n  x = 'ls'\n  if event: x = event\n  os.system(x)",
    "def a(event):\n  x = event\n  if event: x = 'ls'\n  os.system(x)",
    "def a(event):\n  try: pass\n  except E: x = event\n  finally: os.system(x)",
    "def a(event): b(event)\ndef b(x): os.system(x)",
    "def a(event): b('x', y=event)\ndef b(x, *, y): os.system(y)",
    "def a(event): os.system(b(event))\ndef b(x): return c(x)\ndef c(x): return x",
    "def a(event): b(event)\ndef b(x): c(x)\ndef c(x): d(x)\ndef d(x): os.system(x)",
    "def a(event): b(event, 3)\ndef b(x, n):\n  if n: b(x, n - 1)\n  else: os.system(x)",
    "def a(event): b(event)\ndef b(x): c(x)\ndef c(x): b(x); os.system(x)",
    "def a(event):\n  def inner(): os.system(event)\n  inner()",
]


def flows(text: str) -> frozenset[Flow]:
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    return Analyser().trace({function.name: function for function in functions}, ["a"])


@pytest.mark.parametrize("text", SAFE)
def test_no_flow_is_found_where_there_is_not_one(text: str) -> None:
    assert flows(text) == frozenset()


@pytest.mark.parametrize("text", TAINTED)
def test_a_flow_is_found(text: str) -> None:
    assert {(flow.kind, flow.source) for flow in flows(text)} == {("shell", "a")}


def test_a_sanitiser_is_one_for_its_kind() -> None:
    assert {flow.kind for flow in flows("def a(event): x = shlex.quote(event); os.system(x); eval(x)")} == {"code"}
    assert {flow.kind for flow in flows("def a(event): os.system(event); eval(event)")} == {"shell", "code"}


# What its README says that it leaves out.
def test_a_value_has_its_marks_as_a_whole() -> None:
    assert flows("def a(event): x = {'title': event, 'format': 'wav'}; os.system(x['format'])")


def test_a_quoted_value_between_other_quotes_is_missed() -> None:
    assert not flows("def a(event): os.system(f\"play '{shlex.quote(event)}'\")")


def test_two_branches_that_both_clean_are_one_too_many() -> None:
    assert flows("def a(event):\n  if event: event = 'x'\n  else: event = 'y'\n  os.system(event)")


@pytest.mark.parametrize(
    "text",
    [
        "def a(event): x = []; x.append(event); os.system(' '.join(x))",
        "def a(event): [os.system(x) for x in event]",
        "def a(event):\n  with event as x: os.system(x)",
        "def a(event): b(*event)\ndef b(x, y): os.system(y)",
        "def a(event): b(**event)\ndef b(x, y): os.system(y)",
        "def a(event): print(x := event); os.system(x)",
    ],
)
def test_these_flows_are_missed(text: str) -> None:
    assert flows(text) == frozenset()


def compared(name: str) -> tuple[int, int, int, int]:
    """Of an application, how many edges and flows there are, and how many it draws and finds."""
    truth = yaml.safe_load((EXAMPLES / "apps" / name / "expected.yml").read_text("utf-8"))
    found = mini.analyse(EXAMPLES / "apps" / name)
    return len(truth["edges"]), len(found.edges), len(truth["flows"]), len(found.flows)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("postcard-loop", (2, 1, 1, 0)),  # triggers and calls by other names
        ("ticket-office", (2, 4, 1, 0)),  # queues whose names have an unknown part; a sink that it does not know
        ("object-content", (2, 2, 1, 0)),  # the content of an object
        ("recipe-box", (0, 0, 1, 0)),  # what is stored and read later
        ("report-file", (3, 1, 2, 0)),  # helper modules, and content that goes through files
        ("thumbnail-shell", (0, 0, 1, 0)),  # a source that is no event
    ],
)
def test_other_applications_get_a_wrong_answer(name: str, expected: tuple[int, int, int, int]) -> None:
    assert compared(name) == expected


def test_permissions_are_not_read() -> None:
    name = "safe-missing-permission"
    denied = [edge for edge in load_app(EXAMPLES / "apps" / name).events.edges if not edge.linked]
    drawn = {(edge.source, edge.target) for edge in mini.analyse(EXAMPLES / "apps" / name).edges}
    assert drawn & {(edge.source, edge.target) for edge in denied}


@pytest.mark.parametrize(("name", "error"), [("half-broken", UnicodeDecodeError), ("sam-notes", FileNotFoundError)])
def test_what_cannot_be_read_is_an_error(name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        mini.analyse(EXAMPLES / "apps" / name)


def test_a_shadowed_name_is_taken_for_the_imported_one() -> None:
    text = "from os import system\ndef handler(system, c): print(system)"
    program = rewrite_handlers((Function("one", "one.py", "handler", {}, (), True),), {"one.py": text}, ())
    assert "print(os.system)" in ast.unparse(program["one_handler"])


# The page about it.
def test_its_readme_shows_what_it_prints(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    readme = (FOLDER / "README.md").read_text("utf-8")
    (shown,) = re.findall(r"\$ python -m mini apps/upload-chain\n(.*?)```", readme, re.DOTALL)
    assert printed(monkeypatch, capsys) == shown


def test_its_readme_names_every_module_and_how_much_larger_the_kit_is() -> None:
    readme = (FOLDER / "README.md").read_text("utf-8")
    for file in MODULES:
        assert f"[{file.name}]({file.name})" in readme or file.stem.startswith("__"), file.name
    kit = sum(len(file.read_text("utf-8").splitlines()) for file in (EXAMPLES.parent / "sls_lab").rglob("*.py"))
    assert "more than a hundred times as many lines" in readme and kit > 100 * 500
