"""Requests are read from a file, or made from what the code takes out of the event."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sls_lab.app import load_app
from sls_lab.code import read_code
from sls_lab.replay.deployment import deploy
from sls_lab.replay.own_examples import NotAllowed, check_allowed
from sls_lab.replay.request_shapes import shaped_requests
from sls_lab.replay.requests_file import UnreadableRequests, read_request, read_requests
from sls_lab.template import read_template

APPS = Path(__file__).resolve().parents[2] / "code-examples" / "apps"
Written = Callable[..., Any]


@pytest.mark.parametrize("app", sorted(path.name for path in APPS.iterdir()))
def test_every_application_has_honest_requests_that_can_be_sent(app: str) -> None:
    template = read_template(APPS / app)
    scenarios = read_requests(APPS / app, template)
    assert any(not scenario.attack for scenario in scenarios)
    assert all("{marker}" in repr(scenario) for scenario in scenarios if scenario.attack)
    deployment = deploy(template)
    assert all(scenario.request(deployment).event is not None for scenario in scenarios)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("requests: [", "requests.yml cannot be read (line 1)"),
        ("other: []", "requests.yml has no list `requests`"),
        ("requests: [text]", "request 1: a request is a mapping"),
        ("requests: [{at: a}, {ad: a}]", "request 2: ad is nothing that a request has"),
        ("requests: [{given: [{service: s3}]}]", "a call in `given` has service, api and arguments"),
        ("a: &a [x]\nb: &b [*a, *a, *a]\nrequests: [{at: *b}]", ""),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(tmp_path: Path, text: str, words: str) -> None:
    template = read_template(APPS / "upload-chain")
    (tmp_path / "requests.yml").write_text(text)
    if words:
        with pytest.raises(UnreadableRequests) as caught:
            read_requests(tmp_path, template)
        assert words in str(caught.value)
    else:
        assert read_requests(tmp_path, template)


def test_one_request_may_be_json() -> None:
    scenario = read_request('{"at": "submit", "body": {"title": "x", "audio": ""}}', "r.json")
    assert json.loads(scenario.request(deploy(read_template(APPS / "upload-chain"))).event["body"]) == {
        "title": "x",
        "audio": "",
    }


@pytest.mark.parametrize(
    ("trigger", "places"),
    [
        ("httpApi: 'POST /a/{b}'", {"version": "2.0", "rawPath": "/a/c%2Fd", "body": '{"x": "y"}'}),
        ("http: {method: post, path: 'a/{b}'}", {"httpMethod": "POST", "path": "/a/c%2Fd", "resource": "/a/{b}"}),
        (
            "alb: {listenerArn: 'arn:aws:elasticloadbalancing:us-east-1:1:listener/app/a/b/c', priority: 1, "
            "conditions: {path: /a, method: POST}}",
            {"httpMethod": "POST", "path": "/a", "body": '{"x": "y"}'},
        ),
        ("websocket: {route: talk}", {"body": '{"x": "y"}'}),
    ],
)
def test_a_request_has_the_shape_of_its_trigger(written: Written, trigger: str, places: dict[str, Any]) -> None:
    template = written({"a.py": "def handler(event, context): pass"}, {"a": f"handler: a.handler\nevents: [{trigger}]"})
    scenario = read_request("{at: a, body: {x: y}, path: {b: c/d}, query: {q: '1 2'}}", "r.yml")
    event = scenario.request(deploy(template)).event
    assert {name: event.get(name) for name in places} == places


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ('json.loads(event["body"])["a"]["b"]', {"body": {"a": {"b": "x"}}}),
        ('json.loads(event.get("body") or "{}").get("a")', {"body": {"a": "x"}}),
        ('[int(one["n"]) for one in json.loads(event["body"])["list"]]', {"body": {"list": [{"n": "1"}]}}),
        ('event["queryStringParameters"]["q"]', {"query": {"q": "x"}}),
        ('help_out(json.loads(event["body"]))', {"body": {"deep": "x"}}),
        ('yaml.safe_load(event["body"])["a"]', {"body": '{"a": "x"}'}),
    ],
)
def test_the_shape_of_a_request_is_read_from_the_code(written: Written, code: str, parts: dict[str, Any]) -> None:
    helper = 'import json\ndef help_out(given):\n    return given["deep"]\n'
    text = f"{helper}def handler(event, context):\n    return {code}\n"
    template = written({"a.py": text}, {"a": "handler: a.handler\nevents: [{httpApi: POST /a}]"})
    assert dict(shaped_requests(template, read_code(template))[0].parts) == parts


def test_shapes_are_found_for_the_first_example() -> None:
    app = load_app(APPS / "upload-chain")
    [submit] = [one for one in shaped_requests(app.template, app.code) if one.at == "submit"]
    assert dict(submit.parts) == {"body": {"audio": "eA==", "title": "x"}}


def test_only_the_kits_own_applications_are_run_without_asking(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in (APPS / "night-bus").rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts:
            (copy / file.relative_to(APPS / "night-bus")).parent.mkdir(exist_ok=True, parents=True)
            (copy / file.relative_to(APPS / "night-bus")).write_bytes(file.read_bytes())
    check_allowed(copy, APPS.iterdir(), False)
    (copy / "api" / "extra.py").write_text("")
    with pytest.raises(NotAllowed, match=r"container"):
        check_allowed(copy, APPS.iterdir(), False)
    check_allowed(copy, APPS.iterdir(), True)
