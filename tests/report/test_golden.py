"""Every form of the hand-built application's report, whole."""

from __future__ import annotations

import pytest

from sls_lab.report.diff import as_diff
from sls_lab.report.dot import as_dot, as_mermaid
from sls_lab.report.gitlab import as_gitlab
from sls_lab.report.graph import as_lines, event_graph
from sls_lab.report.html import as_html
from sls_lab.report.json import as_json
from sls_lab.report.junit import as_junit
from sls_lab.report.sarif import as_sarif
from sls_lab.report.svg import as_svg
from sls_lab.report.text import as_text
from tests.conftest import Golden
from tests.report.sample import sample


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("explain", [False, True], ids=["plain", "explained"])
def test_text(columns: int, explain: bool, golden: Golden) -> None:
    name = f"report-{columns}{'-explained' if explain else ''}.txt"
    golden(name, as_text([sample()], columns=columns, explain=explain))


def test_text_in_colour(golden: Golden) -> None:
    golden("report-colour.txt", as_text([sample()], columns=80, colour=True))


def test_json(golden: Golden) -> None:
    golden("report.json", as_json([sample()]))


def test_sarif(golden: Golden) -> None:
    golden("report.sarif", as_sarif([sample()], version="0.0.0"))


def test_junit(golden: Golden) -> None:
    golden("report.junit.xml", as_junit([sample()]))


def test_gitlab(golden: Golden) -> None:
    golden("report.gitlab.json", as_gitlab([sample()]))


def test_html(golden: Golden) -> None:
    golden("report.html", as_html([sample()], version="0.0.0"))


def test_diff(golden: Golden) -> None:
    golden("rewriting.diff", as_diff(sample().rewriting))


@pytest.mark.parametrize("everything", [False, True], ids=["linked", "all"])
def test_graph(everything: bool, golden: Golden) -> None:
    name = "graph-all" if everything else "graph"
    graph = event_graph(sample(), everything=everything)
    golden(f"{name}.txt", as_lines(sample(), everything=everything))
    golden(f"{name}.dot", as_dot(graph))
    golden(f"{name}.mmd", as_mermaid(graph))
    golden(f"{name}.svg", as_svg(graph))
