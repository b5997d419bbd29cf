from __future__ import annotations

import re
from dataclasses import replace

import pytest

from sls_lab.facts import Diagnostic
from sls_lab.report.display import cells
from sls_lab.report.text import as_text
from tests.report.sample import sample
from tests.report.test_html import EVIL, evil

SGR = re.compile("\x1b\\[[0-9;]*m")


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_lines_fit_the_terminal(columns: int) -> None:
    for line in as_text([sample()], columns=columns, explain=True).split("\n"):
        assert cells(line) <= columns
        assert line == line.rstrip()


def test_colour_adds_nothing_but_colour() -> None:
    coloured = as_text([sample()], columns=80, colour=True)
    assert SGR.search(coloured)
    plain = "\n".join(line.rstrip() for line in SGR.sub("", coloured).split("\n"))
    assert plain == as_text([sample()], columns=80)


def test_no_colour_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in as_text([sample()])


def test_nothing_hostile_reaches_the_terminal() -> None:
    for explain in (False, True):
        text = as_text([evil()], explain=explain)
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert "␛[31m" in text
    assert EVIL not in text


def test_text_that_looks_like_markup_is_shown_as_it_is() -> None:
    odd = replace(sample(), advice=(replace(sample().advice[0], message="[bold]x[/bold] :smile:"),))
    assert "[bold]x[/bold] :smile:" in as_text([odd])


def test_the_answer_comes_first_and_last_and_what_was_not_analysed_before_details() -> None:
    text = as_text([sample()])
    assert text.index("NOT ANALYSED: 1 OF 4 HANDLERS") < text.index("EVENTS BETWEEN HANDLERS")
    answer = "1 flow found from the events of upload."
    assert text.index(answer) < text.index("FLOWS") and text.rindex(answer) > text.index("DIAGNOSTICS")
    assert text.rstrip().split("\n")[-1].endswith("flows may be missing.")


def test_a_flow_takes_ten_lines_and_with_explain_every_step() -> None:
    report = sample().flows
    flow = report.flows[0]
    long = replace(flow, steps=(*flow.steps[:-1], *([flow.steps[-2]] * 40), flow.steps[-1]))
    several = replace(sample(), flows=replace(report, flows=(long, long, long)))
    text = as_text([several], columns=100)
    brief = text.partition("FLOWS\n")[2].partition("\n\nSET ASIDE")[0]
    overview, *each = brief.split("\n\n")
    assert len(overview.split("\n")) == 3
    assert len(each) == 3 and all(len(one.split("\n")) <= 10 for one in each)
    assert as_text([several], explain=True).count("propagation") >= 40 * (flow.steps[-2].role == "propagation")


def test_several_applications_end_with_one_line_each() -> None:
    done = sample()
    quiet = replace(done, flows=replace(done.flows, flows=(), analysed="not-run"))
    end = as_text([done, quiet]).partition("ALL APPLICATIONS")[2]
    assert "photo-pipeline: 1 flow found" in end
    assert "photo-pipeline: Not analysed" in end


def test_reasons_and_rules_are_told_when_asked_for() -> None:
    assert "archive listens to it" not in as_text([sample()])
    explained = as_text([sample()], explain=True)
    assert "archive listens to it" in explained
    assert "rule 6001 ShellInjection" in explained


def test_a_recording_says_so() -> None:
    done = sample()
    assert "recorded" in as_text([replace(done, flows=replace(done.flows, analysed="recorded"))]).split("HANDLERS")[0]


def test_a_step_in_a_file_that_is_not_known_shows_its_text() -> None:
    done = sample()
    bare = replace(done, code=replace(done.code, modules={}))
    assert "os.system(…)" in as_text([bare])


def test_one_reason_for_several_handlers_is_told_once() -> None:
    done = sample()
    why = Diagnostic("pysa-failed", "Pysa ended with 9; nothing was traced")
    flows = replace(done.flows, flows=(), analysed="not-run", diagnostics=(why,))
    text = as_text([replace(done, flows=flows, diagnostics=(*done.diagnostics, why))])
    assert "✗ upload, resize and archive: Pysa ended with 9; nothing was traced" in text
    assert text.count("Pysa ended with 9") == 1
