"""The parts of a report as tables."""

from __future__ import annotations

from pathlib import Path

import pytest

import sls_lab
from sls_lab.widgets import (
    show_before_and_after,
    show_change,
    show_diagnostics,
    show_flows,
    show_remedies,
    show_risks,
    show_sources,
    show_unseen,
)

APPS = Path(__file__).resolve().parents[2] / "code-examples" / "apps"


@pytest.fixture(scope="module")
def club() -> sls_lab.App:
    app = sls_lab.load_app(APPS / "allotment-club")
    sls_lab.analyse([app], use_recording=True)
    return app


def test_the_parts_of_a_report(club: sls_lab.App) -> None:
    assert [row[0] for row in show_sources(club).rows] == ["plots", "member", "appoint"]
    assert {row[2:] for row in show_sources(club).rows} == {("yes", "yes")}
    ((_, source, sink),) = show_flows(club).rows
    assert source.startswith("club/appoint.py:") and sink.startswith("club/appoint.py:13 ")
    assert show_remedies(club).rows[0][2]
    assert {row[0] for row in show_diagnostics(club).rows} == {"note"}
    assert all(len(row[2]) <= 90 for row in show_diagnostics(club).rows)


def test_what_a_change_has_made_of_flows_and_advice(club: sls_lab.App) -> None:
    assert show_change(club, club).rows == (("before", "1", "1"), ("after", "1", "1"))


def test_what_was_not_analysed_is_told_with_its_reason() -> None:
    parcels = sls_lab.load_app(APPS / "mixed-languages")
    sls_lab.analyse([parcels], use_recording=True)
    assert {row[0] for row in show_unseen(parcels).rows} == {"notice", "scan", "invoice", "forward"}
    assert "NO" in {row[3] for row in show_sources(parcels).rows}
    assert "flows may be missing" in show_unseen(parcels).below


def test_the_rewriting_makes_the_difference() -> None:
    choir = sls_lab.load_app(APPS / "upload-chain")
    sls_lab.analyse([choir], use_recording=True, raw=True)
    assert [row[1] for row in show_before_and_after(choir).rows] == ["0", "1"]


def test_all_twelve_risks_are_named_and_one_is_not_in_the_sources() -> None:
    rows = show_risks().rows
    assert len(rows) == 12
    assert [row[0] for row in rows if row[2] == "nothing"] == ["SAS-5"]
    assert rows[0][2].startswith("flows")
