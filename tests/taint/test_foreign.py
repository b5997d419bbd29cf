"""Results of Pysa that the kit did not make: what can be shown of them, and what is said where nothing can."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sls_lab.facts import SlsLabError
from sls_lab.taint import TaintReport
from sls_lab.taint.read.foreign_run import read_pysa_output
from sls_lab.taint.read.pysa_output import refused_models
from sls_lab.taint.rules import RULES
from sls_lab.taint.run.pysa import MODELS, RESULTS, STUBS, find_programs, run_pysa

FIXTURES = Path(__file__).parent / "fixtures" / "foreign"
SOURCES = FIXTURES / "sources"
STORED = ("taint-output.json", "taint-metadata.json")


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """The stored results in a folder that may be changed."""
    return Path(shutil.copytree(FIXTURES / "results", tmp_path / "results"))


def told(report: TaintReport) -> list[tuple[int, list[str]]]:
    return [
        (flow.rule.code, [f"{step.role} {step.span.place} {step.text}" for step in flow.steps]) for flow in report.flows
    ]


def test_flows_are_shown_in_the_files(results: Path) -> None:
    report = read_pysa_output(results, SOURCES)
    assert report.analysed == "recorded"
    assert not report.diagnostics
    assert report.versions["Pysa"]
    assert told(report) == [
        (
            1001,
            [
                "source main.py:9 ask()",
                "propagation main.py:9 ask().strip()",
                'propagation main.py:10 "ümläut " + greeting + name',
                'call main.py:10 run("ümläut " + greeting + name)',
                'propagation shell.py:5 f"echo {text}"',
                "sink shell.py:6 subprocess.run(command, shell=True)",
            ],
        ),
        (1002, ["source main.py:14 ask()", "call main.py:14 runner.go(ask())", "sink shell.py:11 exec(text)"]),
        (1002, ["source main.py:14 ask()", "call main.py:14 runner.go(ask())", "sink shell.py:16 eval(text)"]),
    ]
    first = report.flows[0]
    assert (first.rule.name, first.rule.title) == ("An answer is run", "What [Answer] gives reaches [Command]")
    assert (first.source.kind, first.source.handler, first.sink.kind) == ("Answer", "main.greet", "Command")
    assert first.steps[0].note == "a source of kind Answer"


def test_a_file_answers_like_its_folder(results: Path) -> None:
    whole = read_pysa_output(results, SOURCES)
    assert read_pysa_output(results / "taint-output.json", SOURCES) == whole
    header, *lines = (results / "taint-output.json").read_text(encoding="utf-8").splitlines()
    for number, half in enumerate((lines[::2], lines[1::2])):
        part = results / f"taint-output@0000{number}-of-00002.json"
        part.write_text("\n".join([header, *half]), encoding="utf-8")
    (results / "taint-output.json").unlink()
    assert read_pysa_output(results, SOURCES) == whole


def test_without_metadata_a_rule_is_its_number_and_message(results: Path) -> None:
    (results / "taint-metadata.json").unlink()
    report = read_pysa_output(results, SOURCES)
    assert (report.flows[0].rule.name, report.versions) == ("rule 1001", {})
    assert report.flows[0].rule.title == "What [Answer] gives reaches [Command]"


def test_a_rule_of_the_kit_is_recognised_by_number_and_title(results: Path) -> None:
    rule = RULES[0]
    output = results / "taint-output.json"
    output.write_text(output.read_text(encoding="utf-8").replace('"code":1001', f'"code":{rule.code}'), "utf-8")
    assert read_pysa_output(results, SOURCES).flows[-1].rule.category == "unclassified"
    metadata = json.loads((results / "taint-metadata.json").read_bytes())
    metadata["codes"][str(rule.code)] = rule.title
    (results / "taint-metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    assert rule in [flow.rule for flow in read_pysa_output(results, SOURCES).flows]


def test_flows_through_missing_files_are_left_out_and_told(results: Path, tmp_path: Path) -> None:
    output = results / "taint-output.json"
    lines = output.read_text(encoding="utf-8").splitlines()
    (issue,) = (line for line in lines if '"kind":"issue"' in line and '"code":1001' in line)
    other = json.loads(issue)
    other["data"]["filename"] = "gone.py"
    output.write_text("\n".join([*lines, json.dumps(other)]), encoding="utf-8")
    report = read_pysa_output(results, SOURCES)
    assert len(report.flows) == 3
    assert [one.code for one in report.diagnostics] == ["file-missing", "issues-left-out"]
    assert "gone.py" in report.diagnostics[0].message
    assert report.diagnostics[1].message.startswith("1 of the 3 issues")


def test_an_issue_without_a_whole_trace_is_told(results: Path) -> None:
    output = results / "taint-output.json"
    lines = output.read_text(encoding="utf-8").splitlines()
    (issue,) = (line for line in lines if '"kind":"issue"' in line and '"code":1001' in line)
    other = json.loads(issue)
    for trace in other["data"]["traces"]:
        trace["roots"] = []
    output.write_text("\n".join([*lines, json.dumps(other)]), encoding="utf-8")
    assert [one.code for one in read_pysa_output(results, SOURCES).diagnostics] == ["issues-left-out"]


def test_all_parts_of_a_large_run_are_needed(results: Path) -> None:
    (results / "taint-output.json").rename(results / "taint-output@00001-of-00002.json")
    with pytest.raises(SlsLabError, match="1 of 2 parts"):
        read_pysa_output(results, SOURCES)


def line_of(kind: str, change: Callable[[dict[str, Any]], object]) -> Callable[[str], str]:
    """Change the first entry of a kind."""

    def damaged(text: str) -> str:
        lines = text.splitlines()
        number = next(number for number, line in enumerate(lines) if f'"kind":"{kind}"' in line)
        entry = json.loads(lines[number])
        change(entry["data"])
        lines[number] = json.dumps(entry)
        return "\n".join(lines)

    return damaged


DAMAGES: dict[str, tuple[Callable[[str], str], str]] = {
    "empty": (lambda _: "", "does not begin as version 3"),
    "cut off": (lambda text: text[: len(text) // 2], r"taint-output\.json:\d+: this line is not what Pysa stores"),
    "another version": (lambda text: text.replace('"file_version":3', '"file_version":2'), "version 3"),
    "no header": (lambda text: text.partition("\n")[2], "version 3"),
    "not JSON": (lambda text: text + "{not json}\n", r"taint-output\.json:\d+: .*property name"),
    "bytes": (lambda text: text + "\ud800", r"taint-output\.json:\d+"),
    "a list": (lambda text: text + "[1]\n", r"taint-output\.json:\d+"),
    "deep": (lambda text: text + "[" * 100_000 + "\n", "nested too deeply"),
    "no code": (line_of("issue", lambda data: data.pop("code")), "'code' is missing"),
    "a code in words": (line_of("issue", lambda data: data.update(code="x")), r"taint-output\.json:\d+"),
    "traces that are none": (line_of("issue", lambda data: data.update(traces=3)), r"taint-output\.json:\d+"),
    "a place that is none": (line_of("issue", lambda data: data.update(line=[])), r"taint-output\.json:\d+"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damaged_results_are_told_in_a_sentence(results: Path, name: str) -> None:
    damage, said = DAMAGES[name]
    output = results / "taint-output.json"
    output.write_bytes(damage(output.read_text(encoding="utf-8")).encode("utf-8", "surrogatepass"))
    with pytest.raises(SlsLabError, match=said) as raised:
        read_pysa_output(results, SOURCES)
    assert "\n" not in str(raised.value)


def test_metadata_that_is_none_is_told(results: Path) -> None:
    for text in ("[]", "{", ""):
        (results / "taint-metadata.json").write_text(text, encoding="utf-8")
        with pytest.raises(SlsLabError, match=r"taint-metadata\.json"):
            read_pysa_output(results, SOURCES)


def test_results_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(SlsLabError, match=r"there is no taint-output\.json"):
        read_pysa_output(tmp_path, SOURCES)
    with pytest.raises(SlsLabError, match="No such file"):
        read_pysa_output(tmp_path / "nowhere.json", SOURCES)


def test_other_sources_are_told(results: Path, tmp_path: Path) -> None:
    with pytest.raises(SlsLabError, match=r"none of which can be shown: There is no file main\.py"):
        read_pysa_output(results, tmp_path)
    for file in SOURCES.iterdir():
        (tmp_path / file.name).write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(SlsLabError, match=r"(main|shell)\.py:\d+: there is no such place"):
        read_pysa_output(results, tmp_path)
    (tmp_path / "main.py").write_text("x = (\n", encoding="utf-8")
    with pytest.raises(SlsLabError, match=r"none of which can be shown: .*main\.py"):
        read_pysa_output(results, tmp_path)


def test_no_file_outside_the_sources_is_read(results: Path, tmp_path: Path) -> None:
    output = results / "taint-output.json"
    (tmp_path / "main.py").write_text((SOURCES / "main.py").read_text(encoding="utf-8"), encoding="utf-8")
    output.write_text(output.read_text(encoding="utf-8").replace('"main.py"', '"../main.py"'), encoding="utf-8")
    (tmp_path / "root").mkdir()
    with pytest.raises(SlsLabError, match="lies outside"):
        read_pysa_output(results, tmp_path / "root")


@pytest.mark.live
def test_the_stored_results_are_what_pysa_gives(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    stage = tmp_path / "stage"
    shutil.copytree(SOURCES, stage)
    shutil.copytree(FIXTURES / "models", stage / MODELS)
    (stage / STUBS).mkdir()
    run_pysa(find_programs(), stage)
    if request.config.getoption("--golden"):
        for name in STORED:
            text = (stage / RESULTS / name).read_text(encoding="utf-8").replace(str(stage), "sources")
            (FIXTURES / "results" / name).write_text(text, encoding="utf-8")
    assert read_pysa_output(stage / RESULTS, stage) == read_pysa_output(FIXTURES / "results", SOURCES)


def test_a_query_that_no_function_fits_is_no_refused_model() -> None:
    nothing = {"description": "Model Query `results` output no models.", "line": 3}
    wrong = {"description": "`os.systm` is not part of the environment", "line": 4}
    (refused,) = refused_models({"stats": {"model_verification_errors": [nothing, wrong]}})
    assert "os.systm" in refused
    assert refused_models({}) == ()
