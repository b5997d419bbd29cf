"""`sls-lab survey`: every application has exactly one record, whatever happens on the way."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from html.parser import HTMLParser
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from sls_lab.cli import main
from sls_lab.survey import Journal, JournalInUse, SurveyLimits, collect, survey, tables
from sls_lab.survey.batch import run_batch
from sls_lab.survey.record import record_of_problem

APPS = Path(__file__).resolve().parents[2] / "code-examples" / "apps"


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Two applications of ours, one repository with two, an empty one and a broken one."""
    root = tmp_path / "collection"
    for name in ("order-scan", "safe-night-bus"):
        shutil.copytree(APPS / name, root / name)
    for name in ("one", "two"):
        shutil.copytree(APPS / "phrase-book", root / "several" / name)
    (root / "empty").mkdir()
    (root / "broken").mkdir()
    (root / "broken" / "serverless.yml").write_text("service: x\nfunctions: [\n")
    return root


NAMES = ["broken", "empty", "order-scan", "safe-night-bus", "several/one", "several/two"]


def names_in(file: Path) -> list[str]:
    return [json.loads(line)["app"] for line in file.read_text().splitlines()]


def test_applications_are_found_in_repositories_and_in_collections(collection: Path) -> None:
    assert [one.name for one in collect([collection])] == NAMES
    assert [one.name for one in collect([collection / "order-scan"])] == ["order-scan"]
    assert [one.name for one in collect([collection / "several"])] == ["one", "two"]
    assert len(collect([collection, collection / "order-scan"])) == len(NAMES)


@pytest.mark.posix
def test_a_journal_keeps_the_first_record_of_each_and_cuts_off_half_a_line(tmp_path: Path) -> None:
    file = tmp_path / "survey.jsonl"
    with Journal(file) as journal:
        journal.add(record_of_problem("a", "failed", "first"))
        journal.add(record_of_problem("a", "failed", "second"))
    with file.open("a") as half:
        half.write('{"app": "b", "answ')
    with Journal(file) as journal:
        assert {name: record["problem"] for name, record in journal.records.items()} == {"a": "first"}
        journal.add(record_of_problem("b", "failed", "third"))
    assert names_in(file) == ["a", "b"]


@pytest.mark.posix
def test_two_surveys_do_not_share_a_file(tmp_path: Path) -> None:
    with Journal(tmp_path / "survey.jsonl"), pytest.raises(JournalInUse), Journal(tmp_path / "survey.jsonl"):
        pytest.fail("the file is in use")


@pytest.mark.posix
@pytest.mark.parametrize("text", ["not json\n", "[1]\n", '{"other": 1}\n'])
def test_a_file_that_is_something_else_stays_as_it_is(tmp_path: Path, text: str) -> None:
    file = tmp_path / "notes.txt"
    file.write_text(text)
    with pytest.raises(JournalInUse), Journal(file):
        pytest.fail("this is no survey")
    assert file.read_text() == text


def records() -> list[dict[str, Any]]:
    flow: dict[str, Any] = {
        "category": "ssrf",
        "rule": "RequestUrl",
        "severity": "medium",
        "confidence": "high",
        "source": "a",
    }
    flow |= {"sink": "h.py:3", "second_order": False, "crosses": True}
    found = record_of_problem("=cmd|' /C calc'!A0", "flows", "")
    found |= {"flows": [flow], "functions": 2, "services": {"sqs": 1}, "problem": None, "kind": "sam", "complete": True}
    return [found, record_of_problem("<script>", "no-application", "<script> holds no template")]


def test_a_table_holds_no_formula() -> None:
    rows = list(csv.DictReader(StringIO(tables.as_csv(records()))))
    assert [row["app"][0] for row in rows] == ["'", "<"]
    assert (rows[0]["flows"], rows[0]["crossing"], rows[0]["complete"], rows[1]["kind"]) == ("1", "1", "true", "")


def test_the_page_is_self_contained_and_nothing_in_it_is_markup() -> None:
    seen: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attributes: Any) -> None:
            seen.append(tag)
            assert not {"src", "href"} & {name for name, _ in attributes}

    page = tables.as_html(records())
    Tags().feed(page)
    assert "script" not in seen and "h1" in seen
    assert "Flows by category" in page and "&lt;script&gt;" in page


def test_the_sentence_tells_what_was_analysed() -> None:
    assert tables.sentence(records()) == (
        "2 applications, 1 of them analysed: 1 flow in 1; 0 not analysed, 1 without a template."
    )


@pytest.mark.posix
def test_an_application_that_takes_too_much_has_a_record_that_says_so(collection: Path) -> None:
    [record] = run_batch([("order-scan", str(collection / "order-scan"))], SurveyLimits(seconds=60, megabytes=30))
    assert record["answer"] == "failed"
    assert record["problem"]


def test_bad_arguments_are_refused_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["survey", str(tmp_path / "nowhere"), "-o", str(tmp_path / "s.jsonl")]) == 2
    assert "is not a folder" in capsys.readouterr().err
    assert main(["survey", str(tmp_path), "--workers", "0"]) == 2


PROGRAM = """
import os, signal, sys
from pathlib import Path
from sls_lab.survey import Journal, collect, schedule, survey
schedule.BATCH = 1
left = [int(sys.argv[3])]
def progress(_):
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
with Journal(Path(sys.argv[2])) as journal:
    survey(collect([Path(sys.argv[1])]), journal, workers=2, progress=progress)
"""


@pytest.mark.live
def test_a_killed_survey_goes_on_without_losing_or_repeating(collection: Path, tmp_path: Path) -> None:
    file = tmp_path / "survey.jsonl"
    for moment in (1, 2):
        killed = subprocess.run([sys.executable, "-c", PROGRAM, str(collection), str(file), str(moment)], check=False)
        assert killed.returncode == -signal.SIGKILL
    assert 2 <= len(names_in(file)) < len(NAMES)
    arguments = [str(collection), "-o", str(file), "--csv", str(tmp_path / "s.csv"), "--html", str(tmp_path / "s.html")]
    assert main(["survey", *arguments]) == 0
    assert sorted(names_in(file)) == NAMES
    rows = {row["app"]: row for row in csv.DictReader(StringIO((tmp_path / "s.csv").read_text()))}
    assert {name: row["answer"] for name, row in rows.items()} == {
        "broken": "not-analysed",
        "empty": "no-application",
        "order-scan": "flows",
        "safe-night-bus": "no-flow",
        "several/one": "flows",
        "several/two": "flows",
    }


@pytest.mark.live
def test_a_cluster_that_loses_a_worker_gives_the_same(collection: Path, tmp_path: Path) -> None:
    distributed: Any = import_module("distributed")
    with Journal(tmp_path / "here.jsonl") as here:
        survey(collect([collection]), here)
    lost: list[int] = []
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        Journal(tmp_path / "there.jsonl") as there,
    ):

        def lose(_: str) -> None:
            if not lost:
                lost.append(next(iter(cluster.workers.values())).pid)
                os.kill(lost[0], signal.SIGKILL)

        survey(collect([collection]), there, scheduler=cluster.scheduler_address, progress=lose)
    assert lost
    assert there.records == here.records
