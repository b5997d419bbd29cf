from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sls_lab.facts import Diagnostic
from sls_lab.report.summary import enumerate_words, outcome, titles
from tests.report.sample import Sample, sample


def quiet(analysed: Sample) -> Sample:
    return replace(analysed, flows=replace(analysed.flows, flows=()))


def seen(analysed: Sample) -> Sample:
    template = replace(analysed.template, functions=analysed.template.functions[:3])
    return replace(analysed, template=template, code=replace(analysed.code, unseen={}), diagnostics=(), complete=True)


def blind(analysed: Sample) -> Sample:
    flows = replace(analysed.flows, flows=(), analysed="not-run")
    return replace(analysed, flows=flows)


def empty(analysed: Sample) -> Sample:
    return replace(quiet(analysed), template=replace(analysed.template, functions=()), diagnostics=(), complete=True)


def hidden(analysed: Sample) -> Sample:
    """All handlers but one were seen, and nobody says so."""
    return replace(quiet(analysed), code=replace(analysed.code, unseen={}), complete=True)


@pytest.mark.parametrize(
    ("analysed", "answer", "words"),
    [
        (sample(), "flows", ["1 flow found", "thumbnails", "1 of 4 handlers", "may be missing"]),
        (seen(sample()), "flows", ["1 flow found", "archive (external)"]),
        (quiet(sample()), "no-flow-in-part", ["No flow found in the code that was analysed", "thumbnails"]),
        (seen(quiet(sample())), "no-flow", ["No flow found", "3 handlers, all analysed", "archive (external)"]),
        (blind(sample()), "not-analysed", ["Not analysed", "does not say that there is no flow"]),
        (empty(sample()), "not-analysed", ["it has no function"]),
        (hidden(sample()), "no-flow-in-part", ["thumbnails"]),
    ],
    ids=["flows", "flows-all-seen", "part", "clean", "not-run", "empty", "not-found"],
)
def test_three_answers_are_told_apart(analysed: Sample, answer: str, words: list[str]) -> None:
    found = outcome(analysed)
    assert found.answer == answer
    assert found.sentence.endswith(".")
    for word in words:
        assert word in found.sentence


def test_no_source_is_not_the_same_as_no_flow() -> None:
    done = seen(quiet(sample()))
    found = outcome(replace(done, flows=replace(done.flows, considered=())))
    assert "no handler's event counted as a source" in found.sentence


def test_a_flow_from_a_listing_needs_no_event() -> None:
    done = seen(sample())
    found = outcome(replace(done, flows=replace(done.flows, considered=())))
    assert found.sentence.startswith("1 flow found from data that outsiders chose.")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (list("abcde"), "a, b and 3 more"),
    ],
)
def test_words_in_a_row(words: list[str], text: str) -> None:
    assert enumerate_words(words, limit=3 if len(words) < 5 else 2) == text


def test_an_error_elsewhere_keeps_it_from_being_a_clean_bill() -> None:
    done = seen(quiet(sample()))
    error = Diagnostic("syntax-error", "lib.py does not parse; correct it.", None)
    found = outcome(replace(done, diagnostics=(error,)))
    assert found.answer == "no-flow-in-part"
    assert "What 1 error among the diagnostics concerns was not seen." in found.sentence


def test_applications_of_one_name_are_told_apart() -> None:
    one, other = sample(), replace(sample(), path=Path("/apps/other"))
    assert titles([one, other]) == ["photo-pipeline", "other"]
    assert titles([one, one]) == ["/apps/photo-pipeline"] * 2
