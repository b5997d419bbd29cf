"""Accepted findings leave the reports' lists, are counted in each, and never more than they say."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sls_lab import App, load_app
from sls_lab.cli import main
from sls_lab.facts import Span
from sls_lab.report.html import as_html
from sls_lab.report.json import as_json
from sls_lab.report.sarif import as_sarif
from sls_lab.report.summary import outcome
from sls_lab.report.text import as_text
from sls_lab.silence import Baseline, UnusableBaseline, baseline_json, entries_of, read_baseline
from sls_lab.taint.model import Endpoint, Flow, Step, TaintReport
from sls_lab.taint.rules import RULES

TEMPLATE = """service: demo
provider: {name: aws, runtime: python3.12}
functions:
  one:
    handler: work.handler
    events:
      - httpApi: POST /one%s
"""
CODE = """import os
import boto3

def handler(event, context):
    print(event)%s
    os.system(event["body"])%s
    return {}
"""
Write = Callable[..., App]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def application(trigger: str = "", log: str = "", run: str = "", before: str = "", **given: object) -> App:
        folder = tmp_path / "demo"
        folder.mkdir(exist_ok=True)
        (folder / "serverless.yml").write_text(TEMPLATE % trigger, encoding="utf-8")
        (folder / "work.py").write_text(before + CODE % (log, run), encoding="utf-8")
        app = load_app(folder, **given)  # type: ignore[arg-type]
        app.flows = app.without_silenced(traced(app))
        return app

    return application


def traced(app: App) -> TaintReport:
    """What Pysa finds: one flow, from the event into the shell."""
    text = app.code.modules["work.py"].text
    line = text[: text.index("os.system")].count("\n") + 1
    source, sink = Span("work.py", line, 14, line, 27), Span("work.py", line, 4, line, 28)
    rule = next(rule for rule in RULES if rule.name == "ShellCommand")
    steps = (Step("sink", "one", sink, 'os.system(event["body"])', ""),)
    flow = Flow(
        rule,
        Endpoint("one", source, 'event["body"]', "UserControlled", "public"),
        Endpoint("one", sink, 'os.system(event["body"])', rule.name),
        steps,
        0,
    )
    return TaintReport((flow,), "live", {}, ("one",), (), (), {})


def codes(app: App) -> list[str]:
    return [*(flow.rule.category for flow in app.flows.flows), *(one.code for one in app.advice)]


def told(app: App) -> list[str]:
    return [one.code for one in app.diagnostics]


ALL = ["code-injection", "no-authoriser", "request-logged"]


def test_without_a_comment_all_is_reported(write: Write) -> None:
    app = write()
    assert codes(app) == ALL
    assert app.silenced == ()
    assert told(app) == []


@pytest.mark.parametrize(
    ("where", "code", "left"),
    [
        ("run", "code-injection", ALL[1:]),
        ("run", "ShellCommand", ALL[1:]),
        ("run", "sql-injection, code-injection", ALL[1:]),
        ("log", "request-logged", ALL[:2]),
        ("trigger", "no-authoriser", [ALL[0], ALL[2]]),
    ],
)
def test_a_comment_silences_its_code_at_its_line(write: Write, where: str, code: str, left: list[str]) -> None:
    app = write(**{where: f"  # sls-lab: ignore[{code}] a demonstration"})
    assert codes(app) == left
    (one,) = app.silenced
    assert (one.why.by, one.why.reason) == ("comment", "a demonstration")
    assert one.why.span is not None and one.why.span.line == one.span.line
    assert told(app) == []


@pytest.mark.parametrize(
    ("where", "comment", "said"),
    [
        ("run", "ignore[code-injection]", "silence-without-reason"),
        ("run", "ignore all of it", "silence-without-reason"),
        ("run", "ignore[sql-injection] no SQL here", "silence-unused"),
        ("run", "ignore[request-logged] another line", "silence-unused"),
        ("log", "ignore[code-injection] another line", "silence-unused"),
        ("trigger", "ignore[code-injection] another file", "silence-unused"),
    ],
)
def test_a_comment_that_silences_nothing_is_told(write: Write, where: str, comment: str, said: str) -> None:
    app = write(**{where: f"  # sls-lab: {comment}"})
    assert codes(app) == ALL
    assert told(app) == [said]
    assert app.complete


def test_where_flows_were_not_looked_for_a_comment_may_be_of_use(write: Write) -> None:
    app = write(run="  # sls-lab: ignore[code-injection] fixed")
    app.flows = TaintReport((), "not-run", {}, (), (), (), {})
    assert told(app) == []


def test_a_comment_silences_each_finding_of_its_line(write: Write) -> None:
    app = write(run="; os.system(event['x'])  # sls-lab: ignore[code-injection] both")
    first = traced(app)
    second = replace(first.flows[0], sink=replace(first.flows[0].sink, span=Span("work.py", 6, 30, 6, 53)))
    app.flows = app.without_silenced(replace(first, flows=(*first.flows, second)))
    assert [one.code for one in app.silenced] == ["code-injection"] * 2


def test_a_recording_has_all_flows(write: Write) -> None:
    app = write(run="  # sls-lab: ignore[code-injection] fixed")
    whole = replace(app, silence=False, timings={})
    assert whole.without_silenced(traced(app)).flows == traced(app).flows
    assert "request-logged" in [one.code for one in whole.advice]


def accepted(app: App, tmp_path: Path) -> Baseline:
    file = tmp_path / "baseline.json"
    file.write_text(baseline_json(entries_of(app.name, app.findings, app.texts)), encoding="utf-8")
    return read_baseline(file)


def test_a_baseline_survives_moved_lines(write: Write, tmp_path: Path) -> None:
    baseline = accepted(write(), tmp_path)
    app = write(before="# a comment\n\n", trigger="   # moved", baseline=baseline)
    assert codes(app) == []
    assert {one.why.by for one in app.silenced} == {"baseline"}
    assert told(app) == []


def test_what_is_new_since_the_baseline_is_reported(write: Write, tmp_path: Path) -> None:
    baseline = accepted(write(), tmp_path)
    app = write(log="; print(event)", baseline=baseline)
    assert codes(app) == ["request-logged"]
    other = load_app(app.path.rename(tmp_path / "other"), baseline=baseline)
    other.flows = other.without_silenced(traced(other))
    assert codes(other)[:2] == ALL[:2]


def test_a_baseline_that_is_too_long_is_told(write: Write, tmp_path: Path) -> None:
    baseline = accepted(write(log="; print(event)"), tmp_path)
    app = write(baseline=baseline)
    assert codes(app) == []
    (message,) = (one.message for one in app.diagnostics)
    assert message.startswith("1 of the 4 findings in the baseline")


def test_a_comment_comes_before_the_baseline(write: Write, tmp_path: Path) -> None:
    baseline = accepted(write(), tmp_path)
    app = write(run="  # sls-lab: ignore[code-injection] fixed", baseline=baseline)
    assert [one.why.by for one in app.silenced] == ["comment", "baseline", "baseline"]
    assert [finding.code for finding in app.findings if not isinstance(finding, Flow)] == ALL[1:]


def test_a_baseline_holds_no_source(write: Write, tmp_path: Path) -> None:
    app = write(before="PASSWORD = 'hunter2!'\n")
    assert "hard-coded-secret" in codes(app)
    assert "hunter2" not in baseline_json(entries_of(app.name, app.findings, app.texts))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "sls-lab/baseline/2", "findings": []}', "[" * 100_000])
def test_what_is_no_baseline_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "baseline.json"
    with pytest.raises(UnusableBaseline, match="cannot be read"):
        read_baseline(file)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UnusableBaseline, match="is not a baseline"):
        read_baseline(file)


def test_every_report_counts_what_is_silenced(write: Write, tmp_path: Path) -> None:
    baseline = accepted(write(), tmp_path)
    app = write(run="  # sls-lab: ignore[code-injection] <fixed>", baseline=baseline)
    words = "3 findings silenced: 1 by comment, 2 by baseline"
    assert words in outcome(app).sentence
    assert f"{words}; --explain shows each" in as_text([app], columns=200)
    assert "Data of an outsider in a shell command (comment: <fixed>)" in as_text([app], columns=200, explain=True)
    assert words in as_html([app], version="1")
    assert "&lt;fixed&gt;" in as_html([app], version="1")
    document = json.loads(as_json([app]))
    assert [one["by"] for one in document["silenced"]] == ["comment", "baseline", "baseline"]
    assert document["silenced"][0]["comment"] == {"file": "work.py", "line": 6}
    (result,) = json.loads(as_sarif([app], version="1"))["runs"][0]["results"]
    (suppression,) = result["suppressions"]
    assert (suppression["kind"], suppression["justification"]) == ("inSource", "<fixed>")


@pytest.mark.live
def test_the_command_line_writes_and_reads_a_baseline(
    write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, file = str(write().path), str(tmp_path / "known.json")
    assert main(["analyse", folder, "--fail-on-flow"]) == 1
    assert main(["analyse", folder, "--write-baseline", file]) == 0
    assert "3 findings accepted in " in capsys.readouterr().err
    assert main(["analyse", folder, "--fail-on-flow", "--baseline", file]) == 0
    assert "3 findings silenced: 3 by baseline" in capsys.readouterr().out
    assert main(["analyse", folder, "--baseline", str(tmp_path / "none.json")]) == 2


def a_pipe(file: Path) -> None:
    os.mkfifo(file)


def a_device(file: Path) -> None:
    file.symlink_to("/dev/zero")


@pytest.mark.posix
@pytest.mark.parametrize("make", [a_pipe, a_device], ids=lambda make: make.__name__)
def test_a_baseline_that_never_ends_is_not_waited_for(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "baseline.json")
    with pytest.raises(UnusableBaseline, match="is not a regular file"):
        read_baseline(tmp_path / "baseline.json")
