"""The two formats that build servers show: whatever is no clean result must be seen in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from sls_lab.facts import Diagnostic
from sls_lab.report.gitlab import as_gitlab
from sls_lab.report.junit import as_junit
from sls_lab.report.repository import OutsideRoot, fingerprints
from sls_lab.report.sarif import as_sarif
from sls_lab.taint.model import Flow
from tests.report.sample import Sample, sample


def suite(one: Sample, root: Path | None = None) -> ElementTree.Element:
    (found,) = ElementTree.fromstring(as_junit([one], root=root))
    return found


def cases(one: Sample) -> dict[str, str]:
    """What came of each test, by its name."""
    return {case.get("name", ""): next((child.tag for child in case), "passed") for case in suite(one)}


def issues(one: Sample, root: Path | None = None) -> Any:
    return json.loads(as_gitlab([one], root=root))


def with_flows(*flows: Flow) -> Sample:
    done = sample()
    return replace(done, flows=replace(done.flows, flows=flows, set_aside=()))


def test_every_answer_is_a_test_of_its_own_kind() -> None:
    assert cases(sample()) == {
        "no code-injection from upload to resize": "failure",
        "no ssrf from upload to resize": "skipped",
        "no flow ends in upload": "passed",
        "no flow ends in archive": "passed",
        "thumbnails was analysed": "error",
    }
    assert {name: suite(sample()).get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "5",
        "failures": "1",
        "errors": "1",
        "skipped": "1",
    }


def test_a_run_that_failed_has_no_test_that_passed() -> None:
    done = with_flows()
    failed = Diagnostic("pysa-failed", "Pysa ended with status 1.")
    report = replace(done.flows, analysed="not-run", diagnostics=(failed,))
    one = replace(done, flows=report, diagnostics=(failed,))
    assert "passed" not in cases(one).values()
    assert {issue["check_name"] for issue in issues(one)} >= {"pysa-failed"}


def test_what_was_not_read_is_seen_though_every_handler_was_analysed() -> None:
    done = with_flows()
    template = replace(done.template, functions=done.template.functions[:3])
    broken = Diagnostic("yaml-broken", "other.yml is no YAML")
    one = replace(done, template=template, code=replace(done.code, unseen={}), diagnostics=(broken,))
    assert list(cases(one).values()).count("error") == 1
    (issue,) = issues(one)
    assert (issue["check_name"], issue["location"]["path"]) == ("yaml-broken", "serverless.yml")


def test_alike_flows_have_names_and_fingerprints_of_their_own() -> None:
    (flow,) = sample().flows.flows
    one = with_flows(flow, flow)
    assert [name for name, result in cases(one).items() if result == "failure"] == [
        "no code-injection from upload to resize",
        "no code-injection from upload to resize (2)",
    ]
    marks = [issue["fingerprint"] for issue in issues(one)]
    assert len(marks) == len(set(marks))
    assert len(set(fingerprints([flow, flow]))) == 2


@pytest.mark.parametrize("hostile", ["\x1b[31m", "\ud800", "\uffff", "]]>", "<b>&amp;", "\x00", "\u202e"])
def test_code_cannot_break_the_file(hostile: str) -> None:
    (flow,) = sample().flows.flows
    step = replace(flow.steps[0], note=hostile)
    flow = replace(flow, sink=replace(flow.sink, text=f"run({hostile!s})"), steps=(step, *flow.steps[1:]))
    text = as_junit([with_flows(flow)])
    assert ElementTree.fromstring(text.encode()).tag == "testsuites"
    assert "\x1b" not in text
    assert json.loads(as_gitlab([with_flows(flow)]))


def sarif_file(one: Sample, root: Path) -> str:
    (result, *_) = json.loads(as_sarif([one], version="1", root=root))["runs"][0]["results"]
    return str(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])


def junit_file(one: Sample, root: Path) -> str:
    return suite(one, root)[0].get("file", "")


def gitlab_file(one: Sample, root: Path) -> str:
    return str(issues(one, root)[0]["location"]["path"])


@pytest.mark.parametrize("named", [sarif_file, junit_file, gitlab_file])
@pytest.mark.parametrize(
    ("root", "file"),
    [("/apps/photo-pipeline", "src/resize.py"), ("/apps", "photo-pipeline/src/resize.py"), ("/", None)],
)
def test_files_are_named_from_the_root(named: Callable[[Sample, Path], str], root: str, file: str | None) -> None:
    assert named(sample(), Path(root)) == (file or "apps/photo-pipeline/src/resize.py")


@pytest.mark.parametrize("write", [as_junit, as_gitlab, lambda apps, root: as_sarif(apps, version="1", root=root)])
def test_a_root_elsewhere_is_refused(write: Callable[..., str]) -> None:
    with pytest.raises(OutsideRoot, match="does not lie in /elsewhere"):
        write([sample()], root=Path("/elsewhere"))
