"""What counts as found, missed, false and clean."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab.facts import Span
from sls_lab.scoring import Score, UnusableExpectation, Wanted, read_expectation, score
from sls_lab.taint.model import Endpoint, Flow, TaintReport
from sls_lab.taint.rules import RULES

TEXT = """
flows:
  - source: {handler: take, file: take.py}
    sink: {handler: run, file: run.py, line: 12, text: os.system(x)}
  - sink: {file: run.py, line: 30, text: eval(x)}
optional_flows:
  - sink: {file: mail.py, line: 3, text: send(x)}
absent:
  - sink: {file: safe.py, line: 5, text: os.system(y)}
    why: quoted
"""


def flow(file: str, line: int, end: int | None = None, source: str = "take", sink: str = "run") -> Flow:
    """A flow from `take.py` to a call in `file`."""
    start = Endpoint(source, Span("take.py", 1, 0, 1, 5), "event", "event")
    return Flow(
        RULES[0],
        start,
        Endpoint(sink, Span(file, line, 0, end or line, 9), "call", "shell"),
        (),
        0,
    )


def report(*flows: Flow, analysed: str = "live") -> TaintReport:
    """A report of these flows."""
    return TaintReport(flows, analysed, {}, (), (), (), {})  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "expected.yml").write_text(TEXT)
    return tmp_path


@pytest.mark.parametrize(
    ("flows", "expected"),
    [
        ((), Score(0, 0, 2, 1)),
        ((flow("run.py", 12),), Score(1, 0, 1, 1)),
        # Any line of the call counts, also where it begins above.
        ((flow("run.py", 10, 14), flow("run.py", 30)), Score(2, 0, 0, 1)),
        # Another source, or another handler at the sink, is another flow.
        ((flow("run.py", 12, source="other"),), Score(0, 1, 2, 1)),
        ((flow("run.py", 12, sink="other"),), Score(0, 1, 2, 1)),
        ((flow("run.py", 13),), Score(0, 1, 2, 1)),
        # What may be argued about counts nowhere.
        ((flow("mail.py", 3),), Score(0, 0, 2, 1)),
        ((flow("safe.py", 5),), Score(0, 1, 2, 0)),
    ],
)
def test_flows_are_counted_once(folder: Path, flows: tuple[Flow, ...], expected: Score) -> None:
    assert score(read_expectation(folder), report(*flows)) == expected


def test_no_answer_is_no_clean_answer(folder: Path) -> None:
    assert score(read_expectation(folder), report(analysed="not-run")) == Score(0, 0, 2, 1, analysed=False)


def test_scores_add_up() -> None:
    total = Score(3, 1, 0, 2) + Score(1, 0, 1, 0)
    assert total == Score(4, 1, 1, 2)
    assert (total.precision, total.recall) == (0.8, 0.8)
    nothing = Score(0, 0, 0, 3)
    assert (nothing.precision, nothing.recall) == (None, None)


@pytest.mark.parametrize("text", ["", "- 1\n", "flows: [1]\n", "flows: [{sink: {file: a.py}}]\n", "a: [\n", "\xff: 1"])
def test_an_unusable_file_is_named_in_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "expected.yml").write_bytes(text.encode("latin-1"))
    with pytest.raises(UnusableExpectation, match=r"expected\.yml does not say what it should"):
        read_expectation(tmp_path)


def test_what_an_entry_lacks_is_named(tmp_path: Path) -> None:
    text = "flows: [{source: {handler: a}, sink: {file: a.py, line: 3}}]\n"
    (tmp_path / "expected.yml").write_text(text, encoding="utf-8")
    with pytest.raises(UnusableExpectation, match="it has an entry without `file`"):
        read_expectation(tmp_path)


def test_no_file_is_told_as_well(tmp_path: Path) -> None:
    with pytest.raises(UnusableExpectation, match=r"nothing says what is true"):
        read_expectation(tmp_path)


def test_a_sink_alone_is_enough() -> None:
    assert Wanted("run.py", 30).is_met_by(flow("run.py", 30, source="anyone", sink="anyone"))
