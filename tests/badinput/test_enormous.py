"""Input of enormous size: it is read in time, or an error names what is not read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sls_lab.python import parsing
from sls_lab.template import read, read_template
from sls_lab.template.shared import raw_tree
from tests.badinput.cases import GOOD_HANDLER, HEAD, HEALTHY_FILES, Case, functions, http
from tests.badinput.test_bad_input import walk

STATEMENT = "        - Effect: Allow\n          Action: sqs:SendMessage\n          Resource: '{}'\n"
STARS = HEAD + STATEMENT.format("*" * 50_000) + STATEMENT.format("arn:aws:sqs:" + "*a" * 25_000)
SENDING = "import boto3\n\n\ndef handler(event, context):\n    boto3.client('sqs').send_message(QueueUrl='jobs')\n"
PROGRAM = """\
import resource, sys
from pathlib import Path
from sls_lab import load_app
from sls_lab.advice.advice import advise
resource.setrlimit(resource.RLIMIT_CPU, (5, 20))
app = load_app(Path(sys.argv[1]))
rooms = (app.template, app.code, app.events, app.rewriting)
print(len(app.rewriting.files), *sorted({item.code for room in rooms for item in room.diagnostics}))
resource.setrlimit(resource.RLIMIT_CPU, (10, 20))
advise(app)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
CONTAINERS = """\
    a0, b0, c0, d0 = ["a"], ("a",), {"a"}, ["a"]
""" + "".join(
    f"    a{n + 1} = [*a{n}, *a{n}, *a{n}]\n    b{n + 1} = (*b{n}, *b{n}, *b{n})\n"
    f"    c{n + 1} = {{*c{n}, {n}, *c{n}}}\n    d{n + 1} = d{n} + d{n} + d{n}\n"
    f"    e{n + 1} = [e{n}, e{n}, e{n}, e{n}, e{n}]\n"
    for n in range(30)
)
HUGE: dict[str, tuple[str, str]] = {
    "containers in containers": (
        "",
        "import json\n"
        + SENDING.replace("'jobs'", "json.dumps(event)")
        + "    e0 = []\n"
        + CONTAINERS
        + "    boto3.client('sqs').send_message(QueueUrl=a30[2], MessageBody=json.dumps(e30))\n",
    ),
    "stars in a policy": (STARS, SENDING),
    "numbers in one list": ("", "X = [" + "1," * 400_000 + "]\n" + SENDING),
    "assignments": ("", SENDING + "".join(f"    x{number} = {number}\n" for number in range(40_000))),
    "a chain backwards": (
        "",
        SENDING + "".join(f"    x{n} = x{n + 1}\n" for n in range(20_000)) + "    event.get(x0)\n",
    ),
    "strings in strings": (
        "",
        "import boto3\n\n\ndef handler(event, context):\n    a = event\n"
        + "    a = f'{a!r:>{event}}{a:{a}}{a}'\n" * 60
        + "    boto3.client('sqs').send_message(QueueUrl=a, MessageBody='%9s' % a)\n",
    ),
    "a long line": ("", "X = '" + "a" * 900_000 + "'\n" + SENDING),
    "a list in the template": (HEAD + "custom: [" + "1," * 1_000_000 + "1]\n", SENDING),
    "many variables": (HEAD + "custom:\n" + "".join(f"  k{n}: ${{self:service}}\n" for n in range(40_000)), SENDING),
}
MANY = {
    "functions in one file": (2_500, "def handler_{0}(event, context):\n    return event\n", ""),
    "functions that share a helper": (
        100,
        "def handler_{0}(event, context):\n    return helper(event)\n",
        "def helper(event):\n" + "".join(f"    a{n} = event['x{n}'] + '{n}' if event else []\n" for n in range(4_000)),
    ),
    "functions that share a module": (
        100,
        "def handler_{0}(event, context):\n    import shared\n    return event\n",
        "",
    ),
    "functions that may all wake each other": (
        300,
        "def handler_{0}(event, context):\n"
        "    boto3.client('sqs').send_message(QueueUrl=event['q'], MessageBody=event['b'])\n",
        "import boto3\n",
    ),
}


@pytest.mark.posix
@pytest.mark.parametrize("name", MANY)
def test_many_handlers_take_no_more(name: str, tmp_path: Path) -> None:
    """None is lost: each is read, or an error says that not everything was followed."""
    count, handler, head = MANY[name]
    queue = "arn:aws:sqs:eu-west-1:111122223333:queue-{0}"
    one = "f{0}: {{handler: many.handler_{0}, events: [{{sqs: '" + queue + "'}}]}}\n"
    files = {"many.py": head + "".join(handler.format(number) for number in range(count))}
    files["shared.py"] = "".join(f"x{number} = {number}\n" for number in range(20_000))
    more = "".join(one.format(number) for number in range(count))
    app = Case("many", {"serverless.yml": functions(more), **files, **HEALTHY_FILES}, ()).build(tmp_path)
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(app)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said, memory = done.stdout.splitlines()
    assert int(memory) < 500
    expected = {"a helper": "too-complex", "each other": "too-many-events"}
    assert [code for words, code in expected.items() if words in name] == said.split()[1:]


STATES = """\
          Choice{0}:
            Type: Choice
            Choices: [{{Variable: $.x, NumericEquals: 1, Next: Choice{1}}}]
            Default: Task{0}
          Task{0}: {{Type: Task, Resource: !GetAtt [HealthyLambdaFunction, Arn], Next: Choice{1}}}
"""


def test_a_state_machine_in_which_all_lead_to_all(tmp_path: Path) -> None:
    machine = "stepFunctions:\n  stateMachines:\n    m:\n      definition:\n        StartAt: Choice0\n        States:\n"
    states = "".join(STATES.format(number, (number + 1) % 200) for number in range(200))
    app = Case("states", {"serverless.yml": functions("") + machine + states, **HEALTHY_FILES}, ()).build(tmp_path)
    found = walk(app)
    assert [one.code for one in found.events.diagnostics] == ["too-many-events"]
    assert any(edge.linked and edge.target == "woken" for edge in found.events.edges)


@pytest.mark.posix
@pytest.mark.parametrize("name", HUGE)
def test_the_first_four_steps_take_little_time_and_memory(name: str, tmp_path: Path) -> None:
    """In a process of its own, which the system ends after five seconds of processor time."""
    head, code = HUGE[name]
    template = functions(http("odd.handler"), head=head or HEAD)
    app = Case("huge", {"serverless.yml": template, "odd.py": code, **HEALTHY_FILES}, ()).build(tmp_path)
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(app)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said, memory = done.stdout.splitlines()
    assert int(memory) < 500
    assert said.startswith("3") or "file-too-large" in said


def test_a_file_of_too_many_nodes_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MAX_NODES", 50)
    code = GOOD_HANDLER + "X = [" + "1, " * 100 + "]\n"
    files = {"serverless.yml": functions(http("odd.handler")), "odd.py": code, **HEALTHY_FILES}
    found = walk(Case("nodes", files, ()).build(tmp_path))
    assert found.code.unseen["odd"].code == "file-too-large"
    assert set(found.code.handlers) == {"healthy", "woken"}


def test_a_template_of_too_many_values_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_tree, "MAX_VALUES", 20)
    (tmp_path / "serverless.yml").write_text(functions(""), encoding="utf-8")
    template = read_template(tmp_path)
    assert [(item.level, item.code) for item in template.diagnostics] == [("error", "file-too-large")]


def test_functions_beyond_the_limit_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MOST_FUNCTIONS", 2)
    (tmp_path / "serverless.yml").write_text(functions(http("odd.handler")), encoding="utf-8")
    template = read_template(tmp_path)
    assert len(template.functions) == 2
    assert ("error", "too-many-functions") in {(item.level, item.code) for item in template.diagnostics}
