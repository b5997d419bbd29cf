"""Handlers that frameworks make run as they are; a framework that is missing is named, and nothing is replayed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sls_lab.replay import Replay, Simulation
from sls_lab.replay.attacks import MARKER
from sls_lab.replay.requests_file import scenario_of
from sls_lab.report.replay_text import as_replay_text

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
CHALICE = """
    import os

    from chalice import Chalice, Response

    app = Chalice(app_name="notes")

    @app.route("/notes/{name}", methods=["POST"])
    def note(name):
        os.system(f"note {name} '{app.current_request.json_body['text']}'")
        return Response({"noted": name}, status_code=201)
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


def test_an_application_of_chalice_is_replayed(written: Written, simulated: Simulated) -> None:
    # As `chalice package` writes it: a REST API, and the application itself as the handler.
    functions = {"note": "handler: app.app\nevents:\n  - http: {path: 'notes/{name}', method: post}"}
    template = written({"app.py": CHALICE}, functions)
    simulation = simulated(template)
    [hop] = replayed(template, simulation, "It is late").hops
    assert (hop.ending, hop.result["statusCode"]) == ("returned", 201), hop.error
    assert [danger.value for danger in hop.dangers if danger.kind == "shell"] == ["note ada 'It is late'"]
    [hop] = replayed(template, simulation, f"'; {MARKER}; '", MARKER).hops
    assert [danger.live for danger in hop.dangers if danger.kind == "shell"] == [True]


QUEUE = """
    import json
    import os

    import boto3
    from chalice import Chalice

    app = Chalice(app_name="notes")

    @app.route("/notes/{name}", methods=["POST"])
    def note(name):
        text = app.current_request.json_body["text"]
        boto3.client("sqs").send_message(QueueUrl=os.environ["NOTES"], MessageBody=text)
        return {"noted": name}

    @app.on_sqs_message(queue="notes", batch_size=1)
    def keep(event):
        for record in event:
            os.system(f"keep {record.body}")
"""
NOTES = """
    resources:
      Resources:
        Notes: {Type: "AWS::SQS::Queue", Properties: {QueueName: notes}}
"""


def test_what_chalice_makes_of_events_is_replayed(written: Written, simulated: Simulated) -> None:
    functions = {
        "note": """
            handler: app.app
            environment: {NOTES: !Ref Notes}
            events: [{http: {path: "notes/{name}", method: post}}]
        """,
        "keep": "handler: app.keep\nevents: [{sqs: {arn: !GetAtt Notes.Arn}}]",
    }
    template = written({"app.py": QUEUE}, functions, NOTES)
    note, keep = replayed(template, simulated(template), "It is late").hops
    assert (note.result["statusCode"], keep.ending) == (200, "returned"), keep.error
    assert [danger.value for danger in keep.dangers if danger.kind == "shell"] == ["keep It is late"]


@pytest.mark.parametrize(
    "source", [FLASK, FASTAPI, POWERTOOLS, CHALICE], ids=["flask", "fastapi", "powertools", "chalice"]
)
def test_a_framework_that_is_missing_is_named(written: Written, simulated: Simulated, source: str) -> None:
    """The module of each is called by a name that nothing has."""
    first = next(name for name in ("serverless_wsgi", "fastapi", "aws_lambda_powertools", "chalice") if name in source)
    absent = f"{first}_that_is_not_here"
    template = written(
        {"app.py": source.replace(first, absent)}, {"note": "handler: app.app\nevents: [{httpApi: 'POST /n'}]"}
    )
    replay = replayed(template, simulated(template), "It is late")
    assert (replay.replayed, replay.missing) == (False, absent)
    told = as_replay_text([replay], columns=200)
    assert f"Not replayed: the module {absent}, which the application imports, is not installed here." in told
