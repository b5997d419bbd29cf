"""How right analyses are, as tables: one function for each question that notebooks ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sls_lab.app import App
from sls_lab.scoring import Score, read_expectation, score
from sls_lab.widgets.tables import Table, table


def show_scores(title: str, scores: Mapping[str, Score]) -> Table:
    """The four outcomes of each measurement."""
    rows = [(name, one.true, one.missed, one.false, one.clean) for name, one in scores.items()]
    heads = ("", "true positives", "false negatives", "false positives", "true negatives")
    return table(title, heads, rows)


def show_precision(scores: Mapping[str, Score]) -> Table:
    """Precision and recall of each measurement."""
    rows = [(name, f"{one.precision:.2f}", f"{one.recall:.2f}") for name, one in scores.items()]
    return table("Precision and recall", ("", "precision", "recall"), rows)


def show_mistakes(title: str, apps: Iterable[App]) -> Table:
    """The applications that get a wrong answer. Raises UnusableExpectation for one without a true one."""
    scores = [(app.name, score(read_expectation(app.path), app.flows)) for app in apps]
    rows = [(name, one.false, one.missed) for name, one in scores if one.false or one.missed]
    return table(title, ("application", "false positives", "false negatives"), rows)
