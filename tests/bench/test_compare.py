"""The comparison with other tools counts each place once, and knows whose line a report is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from compare import COMPARED, HEAD, MARKS, Row, as_markdown, as_text, row, with_tables
from others import Report, located

from sls_lab.bench.cases import Case
from sls_lab.scoring import Expectation, Wanted

ROOT = Path(__file__).resolve().parents[2]
CASE = Case(
    "shop",
    Path("shop"),
    Expectation(
        flows=(Wanted("a.py", 3), Wanted("a.py", 3, handler="other"), Wanted("b.py", 9)),
        optional=(Wanted("a.py", 5),),
        absent=(Wanted("a.py", 7), Wanted("b.py", 9), Wanted("c.py", 1)),
    ),
    "expected.yml",
)


def test_a_line_counts_once_and_a_report_covers_all_its_lines() -> None:
    reports = [Report("shop", "a.py", 2, 4), Report("shop", "a.py", 7, 7), Report("shop", "a.py", 5, 5)]
    counted = row("tool", 1.0, [CASE], reports)
    assert counted == Row("tool", 1.0, found=1, vulnerable=2, reported=1, safe=2)


@pytest.mark.parametrize("report", [Report("other", "a.py", 3, 3), Report("shop", "z/a.py", 3, 3)])
def test_what_another_application_has_does_not_count(report: Report) -> None:
    assert row("tool", 1.0, [CASE], [report]).found == 0


def test_a_report_belongs_to_the_application_around_its_file(tmp_path: Path) -> None:
    applications = {"inner": tmp_path / "one" / "inner", "two": tmp_path / "two"}
    found = [(str(tmp_path / "one" / "inner" / "x" / "a.py"), 1, 2), (str(tmp_path / "one" / "b.py"), 3, 3)]
    assert list(located(applications, iter(found))) == [Report("inner", "x/a.py", 1, 2)]


def test_the_tables_say_the_same() -> None:
    rows = [Row("a tool", 1.25, 1, 2, 0, 3)]
    for text in (as_text(rows), as_markdown(rows, "2 applications")):
        assert re.search(r"a tool.*1 of 2.*0 of 3.*1\.2", text)


def test_the_readme_has_a_row_for_each_tool() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition(MARKS[0])[2].partition(MARKS[1])[0]
    assert {f"| {tool} " in table for tool in COMPARED} == {True}
    assert all(name in table for name in HEAD[1:])
    assert with_tables(readme, table.removeprefix("\n")) == readme
    with pytest.raises(ValueError, match="write between"):
        with_tables("no marks", "")


def test_semgrep_has_two_rules_and_nothing_to_fetch() -> None:
    rules = yaml.safe_load((ROOT / "benchmarks" / "semgrep.yml").read_text(encoding="utf-8"))["rules"]
    assert [one["mode"] for one in rules] == ["taint", "taint"]
