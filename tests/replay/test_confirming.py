"""Flows are confirmed, not confirmed, or not tried; and the reason is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sls_lab.app import analyse, load_app
from sls_lab.replay import Request, Simulation
from sls_lab.replay.confirming import confirm
from sls_lab.replay.declared_secrets import secret_string
from sls_lab.replay.request_shapes import shaped_requests
from sls_lab.replay.requests_file import Scenario, read_request, read_requests

pytestmark = pytest.mark.posix

APPS = Path(__file__).resolve().parents[2] / "code-examples" / "apps"
Simulated = Callable[[Any], Simulation]
Written = Callable[..., Any]


def recorded(name: str) -> Any:
    app = load_app(APPS / name)
    analyse([app], use_recording=True)
    return app


def test_without_requests_nothing_is_tried(simulated: Simulated) -> None:
    app = recorded("night-bus")
    [one] = confirm(simulated(app.template), app.flows, ()).flows
    assert (one.status, one.why, one.confirmed) == ("not-tried", "there is no request for departures", None)


def test_a_request_without_a_string_is_not_tried(simulated: Simulated) -> None:
    app = recorded("night-bus")
    [one] = confirm(simulated(app.template), app.flows, [Scenario("", "departures")]).flows
    assert one.status == "not-tried"
    assert "has a string to put an attack into" in one.why


def test_where_the_marker_ended_is_told(simulated: Simulated) -> None:
    app = recorded("upload-chain")
    wrong = read_request("{at: submit, body: {subject: x, title: y}}", "r.yml")
    [one] = confirm(simulated(app.template), app.flows, [wrong]).flows
    assert (one.status, one.confirmed) == ("not-confirmed", False)
    assert "KeyError: 'audio'" in one.why


def test_the_order_of_attacks_ends_with_the_first_that_arrives(simulated: Simulated) -> None:
    app = recorded("upload-chain")
    [one] = confirm(simulated(app.template), app.flows, read_requests(app.path, app.template)).flows
    assert one.sent == "a'; slslab7; '"
    assert one.arrived is not None
    assert one.arrived.live
    assert one.request is not None
    assert "slslab7" in one.request.event["body"]


@pytest.mark.parametrize(
    "name", ["upload-chain", "night-bus", "odd-names", "payment-return", "report-file", "mail-leak"]
)
def test_requests_that_are_read_from_the_code_confirm_as_well(simulated: Simulated, name: str) -> None:
    app = recorded(name)
    found = confirm(simulated(app.template), app.flows, shaped_requests(app.template, app.code))
    assert [one.status for one in found.flows] == ["confirmed"] * len(app.flows.flows), [one.why for one in found.flows]


def test_secrets_are_followed_to_a_log_a_message_a_program_and_a_response(simulated: Simulated) -> None:
    app = recorded("parcel-tracker")
    found = confirm(simulated(app.template), app.flows, read_requests(app.path, app.template))
    assert {flow.rule.name for flow in app.flows.flows} == {
        "HttpResponse",
        "LogMessage",
        "ProcessArgument",
        "SentMessage",
    }
    assert all(one.confirmed for one in found.flows), [one.why for one in found.flows]
    assert any("the secret 'carrierkey' is in what is printed of Track" in one.why for one in found.flows)


@pytest.mark.parametrize(
    ("properties", "held"),
    [
        ({"SecretString": "x"}, "x"),
        ({}, "{}"),
        ({"GenerateSecretString": {}}, "generated-4b1d"),
        (
            {"GenerateSecretString": {"SecretStringTemplate": '{"user": "a"}', "GenerateStringKey": "password"}},
            '{"user": "a", "password": "generated-4b1d"}',
        ),
        ({"GenerateSecretString": {"SecretStringTemplate": "[", "GenerateStringKey": "p"}}, "generated-4b1d"),
    ],
)
def test_what_a_declared_secret_holds(properties: dict[str, Any], held: str) -> None:
    assert secret_string(properties) == held


CALLING = """
    import http.client
    import urllib.request
    import requests

    def handler(event, context):
        connection = http.client.HTTPSConnection("a.example")
        connection.request("GET", "/")
        found = [connection.getresponse().status, requests.get("https://a.example", timeout=1).status_code]
        try:
            found.append(urllib.request.urlopen("https://a.example").status)
        except urllib.error.HTTPError as error:
            found.append(error.code)
        return found
"""


@pytest.mark.parametrize("status", [200, 404, 503])
def test_a_request_says_how_other_hosts_answer(written: Written, simulated: Simulated, status: int) -> None:
    template = written({"a.py": CALLING}, {"a": "handler: a.handler"})
    [hop] = simulated(template).replay(Request("a", {}, network=status)).hops
    assert hop.result == [status] * 3
