"""How right analyses are, as tables."""

from __future__ import annotations

from pathlib import Path

import sls_lab
from sls_lab.scoring import Score
from sls_lab.widgets import show_mistakes, show_precision, show_scores

EXAMPLES = Path(__file__).resolve().parents[2] / "code-examples"


def test_outcomes_precision_and_recall() -> None:
    scores = {"one": Score(true=7, false=2, missed=1, clean=3)}
    assert show_scores("Measured", scores).rows == (("one", "7", "1", "2", "3"),)
    assert show_precision(scores).rows == (("one", "0.78", "0.88"),)


def test_only_wrong_answers_are_mistakes() -> None:
    apps = [
        sls_lab.load_app(EXAMPLES / name)
        for name in ("limits/checked-station", "limits/named-action", "apps/safe-quoted")
    ]
    sls_lab.analyse(apps, use_recording=True)
    assert show_mistakes("Wrong", apps).rows == (("checked-station", "1", "0"), ("named-action", "0", "1"))
