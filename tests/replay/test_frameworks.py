"""Handlers that frameworks make run as they are; a framework that is missing is named, and nothing is replayed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sls_lab.replay import Replay, Simulation
from sls_lab.replay.attacks import MARKER
from sls_lab.replay.requests_file import scenario_of

pytestmark = pytest.mark.posix

Written = Callable[..., Any]
Simulated = Callable[[Any], Simulation]

FLASK = """
    import os

    import serverless_wsgi
    from flask import Flask, request

    app = Flask(__name__)

    @app.route("/notes/<name>", methods=["POST"])
    def note(name):
        os.system(f"note {name} '{request.json['text']}'")
        return {"noted": request.args.get("as", name)}, 201

    def handler(event, context):
        return serverless_wsgi.handle_request(app, event, context)
"""
FASTAPI = """
    import os

    from fastapi import FastAPI
    from mangum import Mangum
    from pydantic import BaseModel

    app = FastAPI()

    class Note(BaseModel):
        text: str

    @app.post("/notes/{name}", status_code=201)
    async def note(name: str, note: Note):
        os.system(f"note {name} '{note.text}'")
        return {"noted": name}

    handler = Mangum(app)
"""
POWERTOOLS = """
    import os

    from aws_lambda_powertools import Logger
    from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

    app, logger = APIGatewayHttpResolver(), Logger(service="notes")

    @app.post("/notes/<name>")
    def note(name):
        logger.info("noted")
        os.system(f"note {name} '{app.current_event.json_body['text']}'")
        return {"noted": name}, 201

    @logger.inject_lambda_context
    def handler(event, context):
        return app.resolve(event, context)
"""
NOTE = {"at": "note", "path": {"name": "ada"}, "body": {"text": "It's late"}}


def replayed(template: Any, simulation: Simulation, text: str, marker: str = "") -> Replay:
    request = scenario_of({**NOTE, "body": {"text": text}}, "the request")
    return simulation.replay(request.request(simulation.deployment, marker))


@pytest.mark.parametrize("source", [FLASK, FASTAPI, POWERTOOLS], ids=["flask", "fastapi", "powertools"])
@pytest.mark.parametrize("trigger", ["httpApi: POST /notes/{name}", "http: {path: 'notes/{name}', method: post}"])
def test_a_handler_of_a_framework_is_replayed(
    written: Written, simulated: Simulated, source: str, trigger: str
) -> None:
    if "httpApi" not in trigger:
        source = source.replace("APIGatewayHttpResolver", "APIGatewayRestResolver")
    template = written({"app.py": source}, {"note": f"handler: app.handler\nevents:\n  - {trigger}"})
    simulation = simulated(template)
    [hop] = replayed(template, simulation, "It is late").hops
    assert hop.ending == "returned", hop.error
    assert hop.result["statusCode"] == 201
    assert [danger.value for danger in hop.dangers if danger.kind == "shell"] == ["note ada 'It is late'"]
    [hop] = replayed(template, simulation, f"'; {MARKER}; '", MARKER).hops
    assert [danger.live for danger in hop.dangers if danger.kind == "shell"] == [True]


def test_a_framework_that_is_missing_is_named_and_nothing_is_replayed(written: Written, simulated: Simulated) -> None:
    source = "from framework_of_the_choir import app\n\nhandler = app.handler\n"
    template = written({"app.py": source}, {"note": "handler: app.handler\nevents: [{httpApi: 'POST /notes/{name}'}]"})
    replay = replayed(template, simulated(template), "It is late")
    assert (replay.replayed, replay.missing) == (False, "framework_of_the_choir")
