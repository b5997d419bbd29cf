"""What the analysis says beside what attacks do, here and from recordings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sls_lab import App, analyse, load_app
from sls_lab.replay import ReplayUnavailable
from sls_lab.replay.own_examples import NotAllowed
from sls_lab.replay.tried_flows import recorded_app
from sls_lab.widgets import show_held_against, show_unconfirmed, side_by_side, tried_flows
from sls_lab.widgets.static_and_dynamic import POSTER, recording_of

SHOP = "code-examples/limits/copy-shop"


@pytest.fixture(scope="module")
def shop() -> App:
    app = load_app(SHOP)
    analyse([app], use_recording=True)
    return app


@pytest.mark.posix
@pytest.mark.parametrize(
    ("request_", "answers"), [(None, ["do not arrive", "do not arrive"]), (POSTER, ["do not arrive", "arrive"])]
)
def test_what_happens_here_is_what_is_recorded(
    shop: App, request_: Mapping[str, Any] | None, answers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = tried_flows(shop, request_)
    assert found == recorded_app(recording_of(shop.name, request_)), "run python -m tools.record_flows"
    here = side_by_side(shop, found)
    assert [row[2] for row in here.rows] == [*answers, "arrive"]
    assert here.rows[-1][:2] == ("shop/find.py:7", "nothing")
    monkeypatch.setattr("sls_lab.widgets.static_and_dynamic.why_unavailable", lambda: "moto is not installed")
    recorded = side_by_side(shop, tried_flows(shop, request_))
    assert recorded.rows == here.rows
    assert "recorded: moto is not installed" in recorded.below


def test_without_moto_a_request_that_is_not_recorded_is_refused(shop: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sls_lab.widgets.static_and_dynamic.why_unavailable", lambda: "moto is not installed")
    with pytest.raises(ReplayUnavailable, match="not among the recorded ones"):
        tried_flows(shop, {"at": "order", "body": {"name": "Bob", "paper": "a5"}})


def test_code_of_others_is_run_only_where_that_is_allowed(tmp_path: Any) -> None:
    (tmp_path / "serverless.yml").write_text("service: x\nprovider: {name: aws}\n")
    with pytest.raises(NotAllowed):
        tried_flows(load_app(tmp_path))


def test_what_is_not_confirmed_is_listed_with_the_reason(shop: App) -> None:
    rows = show_unconfirmed([shop]).rows
    assert [row[:3] for row in rows] == [
        ("copy-shop", "shop/produce.py:11", "not confirmed"),
        ("copy-shop", "shop/produce.py:13", "not confirmed"),
    ]
    assert "as data, without its power" in rows[0][3]
    assert "was last seen in" in rows[1][3]


def test_edges_and_flows_are_counted(shop: App) -> None:
    assert [row[1] for row in show_held_against([shop]).rows] == ["2", "0", "2", "0", "1", "1", "1", "0"]
