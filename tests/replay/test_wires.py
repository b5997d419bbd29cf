"""Who is woken, with which event object, and what happens after a failure."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sls_lab.replay import Hop, Replay, Request, Simulation
from sls_lab.template import read_template

pytestmark = pytest.mark.posix

ROOT = Path(__file__).resolve().parents[2]
APPS = ROOT / "code-examples" / "apps"
Simulated = Callable[[Any], Simulation]
Written = Callable[..., Any]

SENDER = """
    import json
    import boto3

    def handler(event, context):
        client = boto3.client(event["service"], **event.get("options", {}))
        answer = getattr(client, event["api"])(**event["arguments"])
        answer.pop("ResponseMetadata")
        if "Payload" in answer:
            answer["Payload"] = answer["Payload"].read().decode()
        return json.loads(json.dumps(answer, default=str))
"""
ECHO = """
    def handler(event, context):
        return event
"""
FAIL = """
    def handler(event, context):
        raise ValueError("no")
"""


def send(at: str, service: str, api: str, **arguments: Any) -> Request:
    """A request to the function that makes any call."""
    return Request(at, {"service": service, "api": api, "arguments": arguments})


def received(replay: Replay, handler: str) -> list[Any]:
    """The event objects that a handler got."""
    return [hop.event for hop in replay.hops if hop.handler == handler]


def only(replay: Replay, handler: str) -> Hop:
    """The one hop of a handler."""
    [hop] = [hop for hop in replay.hops if hop.handler == handler]
    return hop


def test_a_chain_of_four_handlers_is_walked_and_each_place_is_told(simulated: Simulated) -> None:
    simulation = simulated(read_template(APPS / "upload-chain"))
    body = json.dumps({"title": "a b'c", "audio": ""})
    replay = simulation.replay(Request("submit", {"body": body}))
    assert [hop.handler for hop in replay.hops] == ["submit", "store", "register", "convert"], replay.notes
    assert [hop.woken_by for hop in replay.hops] == [None, 1, 2, 3]
    key = replay.hops[2].event["Records"][0]["s3"]["object"]["key"]
    assert key == "incoming/a+b'c.wav"
    record = replay.hops[3].event["Records"][0]
    assert record["dynamodb"]["NewImage"]["size"] == {"N": "0"}
    assert set(record["dynamodb"]) >= {"Keys", "NewImage", "StreamViewType", "SequenceNumber"}
    assert "OldImage" not in record["dynamodb"]
    edges = [(edge.source, edge.target, edge.span.line if edge.span else 0) for edge in replay.observed]
    assert edges == [("submit", "store", 15), ("store", "register", 15), ("register", "convert", 15)]
    again = simulation.replay(Request("submit", {"body": body}))
    assert again.hops[:2] == replay.hops[:2]
    assert again.observed == replay.observed


def test_a_filter_stops_an_event_and_says_why(simulated: Simulated) -> None:
    simulation = simulated(read_template(APPS / "safe-wrong-prefix"))
    replay = simulation.replay(Request("submit", {"body": '{"household": "x", "kilowatt_hours": "1"}'}))
    assert [hop.handler for hop in replay.hops] == ["submit"]
    [delivery] = replay.hops[0].deliveries
    assert delivery.arrival == "filtered"
    assert "does not have the prefix `reports/`" in delivery.why


def test_a_permission_that_is_missing_is_answered_in_the_words_of_aws(simulated: Simulated) -> None:
    simulation = simulated(read_template(APPS / "safe-missing-permission"))
    replay = simulation.replay(Request("collect", {"body": '{"surname": "x", "complaint": "y"}'}))
    [hop] = replay.hops
    assert hop.calls[0].outcome == "refused"
    assert "is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::" in hop.calls[0].error
    assert hop.error.startswith("ClientError: An error occurred (AccessDenied) when calling the PutObject operation")


def test_a_loop_is_ended_and_told(simulated: Simulated) -> None:
    simulation = simulated(read_template(APPS / "postcard-loop"))
    picture = "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAADElEQVR4nGNgIB0AAAA0AAF2Xq7DAAAAAElFTkSuQmCC"
    replay = simulation.replay(Request("send", {"body": json.dumps({"to": "x.png", "picture": picture})}))
    assert [note.code for note in replay.notes] == ["too-many-hops"]
    assert len(replay.hops) == 50
    assert replay.hops[-1].deliveries[-1].arrival == "bound"


def test_a_missing_module_is_told_and_nothing_is_said_of_the_rest(simulated: Simulated) -> None:
    simulation = simulated(read_template(APPS / "radio-playlist"))
    replay = simulation.replay(Request("suggest", {"body": "songs: []"}))
    assert not replay.replayed
    assert replay.missing == "radio_formats"


def test_a_state_machine_hands_on_what_its_tasks_return(simulated: Simulated) -> None:
    simulation = simulated(read_template(APPS / "step-approval"))
    wish = {"name": "a", "days": "3", "wording": "Dear {{ name }}"}
    replay = simulation.replay(Request("request", {"body": json.dumps(wish)}))
    assert [hop.handler for hop in replay.hops] == ["request", "check", "confirm"]
    assert only(replay, "confirm").result == {"letter": "Dear a"}
    edges = {(edge.source, edge.target, edge.api) for edge in replay.observed}
    assert edges == {("request", "check", "start_execution"), ("check", "confirm", "next")}


def test_what_an_invoked_function_returns_comes_back(simulated: Simulated) -> None:
    simulation = simulated(read_template(APPS / "payment-return"))
    replay = simulation.replay(Request("pay", {"body": '{"name": "a", "age": "9"}'}))
    assert [hop.handler for hop in replay.hops] == ["pay", "quote", "archive"]
    assert replay.hops[0].result == {"statusCode": 200, "body": "6.00"}
    [command] = [danger.value for danger in replay.hops[0].dangers if danger.kind == "shell"]
    assert command.endswith("-a'")


def test_messages_of_a_topic_arrive_in_a_queues_envelope(simulated: Simulated) -> None:
    simulation = simulated(read_template(APPS / "fan-out"))
    attempt = {"team": "a", "question": "life", "answer": "(3 + 4) * 6", "round": 2}
    replay = simulation.replay(Request("attempt", {"body": json.dumps(attempt)}))
    assert {hop.handler for hop in replay.hops} == {"attempt", "mark", "award"}
    assert only(replay, "mark").output == "a right\n"
    body = json.loads(only(replay, "mark").event["Records"][0]["body"])
    assert body["Type"] == "Notification"


def test_tables_and_streams_wake_with_their_batches(simulated: Simulated) -> None:
    simulation = simulated(read_template(APPS / "batch-import"))
    body = "code,plant,grams\nx,bean,3\ny,pea,4\n"
    replay = simulation.replay(Request("take-in", {"body": body}))
    assert len(only(replay, "label").event["Records"]) == 2
    assert [danger.value for danger in only(replay, "weigh").dangers] == ["scales-display --grams 7"]


@pytest.mark.parametrize(
    ("pattern", "woken"),
    [
        ("{source: [shop], detail: {price: [{numeric: ['>', 3]}]}}", True),
        ("{source: [shop], detail: {price: [{numeric: ['>', 5]}]}}", False),
        ("{source: [{prefix: sh}], detail-type: [{anything-but: [Sold]}]}", False),
        ("{detail: {tags: [b]}}", True),
        ("{detail: {missing: [{exists: false}]}}", True),
    ],
)
def test_event_patterns_decide(written: Written, simulated: Simulated, pattern: str, woken: bool) -> None:
    functions = {
        "send": "handler: send.handler",
        "echo": f"handler: echo.handler\nevents: [{{eventBridge: {{pattern: {pattern}}}}}]",
    }
    simulation = simulated(written({"send.py": SENDER, "echo.py": ECHO}, functions))
    detail = json.dumps({"price": 4, "tags": ["a", "b"]})
    entry = {"Source": "shop", "DetailType": "Sold", "Detail": detail}
    replay = simulation.replay(send("send", "events", "put_events", Entries=[entry]))
    assert (len(received(replay, "echo")) == 1) is woken
    assert replay.hops[0].deliveries[0].arrival == ("delivered" if woken else "filtered")


TOPIC = """
    resources:
      Resources:
        News:
          Type: AWS::SNS::Topic
          Properties: {TopicName: news}
"""


@pytest.mark.parametrize(
    ("attributes", "woken"),
    [
        ({"kind": {"DataType": "String", "StringValue": "a"}}, True),
        ({"kind": {"DataType": "String", "StringValue": "b"}}, False),
        ({"kind": {"DataType": "String.Array", "StringValue": '["b", "a"]'}}, True),
        ({}, False),
    ],
)
def test_filter_policies_decide(written: Written, simulated: Simulated, attributes: Any, woken: bool) -> None:
    functions = {
        "send": "handler: send.handler",
        "echo": "handler: echo.handler\nevents: [{sns: {arn: !Ref News, topicName: news, filterPolicy: {kind: [a]}}}]",
    }
    simulation = simulated(written({"send.py": SENDER, "echo.py": ECHO}, functions, TOPIC))
    topic = "arn:aws:sns:eu-west-1:123456789012:news"
    request = send("send", "sns", "publish", TopicArn=topic, Message="x", MessageAttributes=attributes)
    replay = simulation.replay(request)
    assert replay.hops[0].ending == "returned", replay.hops[0].error
    assert (len(received(replay, "echo")) == 1) is woken


QUEUE = """
    resources:
      Resources:
        Work:
          Type: AWS::SQS::Queue
          Properties:
            QueueName: work
            RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}
        Dead:
          Type: AWS::SQS::Queue
          Properties: {QueueName: dead}
"""


def test_after_three_tries_a_message_goes_to_the_dead_letter_queue(written: Written, simulated: Simulated) -> None:
    functions = {
        "send": "handler: send.handler",
        "work": "handler: fail.handler\nevents: [{sqs: {arn: !GetAtt Work.Arn}}]",
        "dead": "handler: echo.handler\nevents: [{sqs: {arn: !GetAtt Dead.Arn}}]",
    }
    files = {"send.py": SENDER, "fail.py": FAIL, "echo.py": ECHO}
    simulation = simulated(written(files, functions, QUEUE))
    url = "https://sqs.eu-west-1.amazonaws.com/123456789012/work"
    replay = simulation.replay(send("send", "sqs", "send_message", QueueUrl=url, MessageBody="hello"))
    assert [(hop.handler, hop.attempt) for hop in replay.hops] == [
        ("send", 1), ("work", 1), ("work", 2), ("work", 3), ("dead", 1)
    ]  # fmt: skip
    counts = [event["Records"][0]["attributes"]["ApproximateReceiveCount"] for event in received(replay, "work")]
    assert counts == ["1", "2", "3"]
    assert only(replay, "dead").event["Records"][0]["body"] == "hello"


@pytest.mark.parametrize(("file", "destination"), [("fail.handler", "onFailure"), ("echo.handler", "onSuccess")])
def test_the_outcome_of_an_asynchronous_call_goes_to_its_destination(
    written: Written, simulated: Simulated, file: str, destination: str
) -> None:
    functions = {
        "send": "handler: send.handler",
        "work": f"handler: {file}\ndestinations: {{{destination}: after}}",
        "after": "handler: echo.handler",
    }
    files = {"send.py": SENDER, "fail.py": FAIL, "echo.py": ECHO}
    simulation = simulated(written(files, functions))
    name = "trial-dev-work"
    request = send("send", "lambda", "invoke", FunctionName=name, InvocationType="Event", Payload='{"a": 1}')
    replay = simulation.replay(request)
    [record] = received(replay, "after")
    assert record["requestPayload"] == {"a": 1}
    if destination == "onFailure":
        assert record["requestContext"]["condition"] == "RetriesExhausted"
        assert record["responsePayload"]["errorMessage"] == "ValueError: no"
        assert len(received(replay, "work")) == 3
    else:
        assert record["responsePayload"] == {"a": 1}


def test_an_error_of_an_invoked_function_comes_back_as_lambda_words_it(written: Written, simulated: Simulated) -> None:
    functions = {"send": "handler: send.handler", "work": "handler: fail.handler"}
    simulation = simulated(written({"send.py": SENDER, "fail.py": FAIL}, functions))
    replay = simulation.replay(send("send", "lambda", "invoke", FunctionName="trial-dev-work", Payload="{}"))
    assert replay.hops[0].result["FunctionError"] == "Unhandled"
    assert json.loads(replay.hops[0].result["Payload"])["errorType"] == "ValueError"


def test_a_call_that_moto_lacks_is_told_and_answered(simulated: Simulated) -> None:
    simulation = simulated(read_template(APPS / "phrase-book"))
    replay = simulation.replay(Request("translate", {"body": '{"phrase": "hello"}'}))
    [hop] = replay.hops
    assert hop.ending == "returned", hop.error
    assert [note.code for note in hop.notes] == ["api-not-simulated"]
    assert hop.notes[0].span is not None


def test_a_mistake_of_moto_is_told_and_is_not_the_handlers(simulated: Simulated) -> None:
    simulation = simulated(read_template(APPS / "museum-guide"))
    [hop] = simulation.replay(Request("exhibit", {"queryStringParameters": {"word": "bees"}})).hops
    assert (hop.ending, hop.result["body"]) == ("returned", "[]"), hop.error
    assert [note.code for note in hop.notes] == ["api-not-simulated"]
    assert "moto does not simulate dynamodb.execute_statement (it ends with " in hop.notes[0].message


LOGGER = """
    import logging

    logging.basicConfig(format="%(message)s", level=logging.INFO)
    logger = logging.getLogger("notes")

    def handler(event, context):
        logger.info("noted %s", event["name"])
        logging.error("lost")
"""


def test_what_is_logged_is_in_the_hop_that_logs_it(written: Written, simulated: Simulated) -> None:
    simulation = simulated(written({"log.py": LOGGER}, {"log": "handler: log.handler"}))
    second = Request("log", {"name": "b"})
    for _ in range(2):  # cold each time, so that each begins with no handlers of loggers but its own
        first, after = simulation.replay(Request("log", {"name": "a"}, then=second)).hops
        assert (first.output, after.output) == ("noted a\nlost\n", "noted b\nlost\n")


DATABASE = """
    import pymysql

    def handler(event, context):
        try:
            with pymysql.connect(host="db").cursor() as cursor:
                cursor.execute(query="SELECT %s", args=(event["name"],))
                return cursor.fetchall()
        except pymysql.MySQLError as error:
            return type(error).__name__
"""


def test_a_database_is_reached_unless_a_request_says_otherwise(written: Written, simulated: Simulated) -> None:
    simulation = simulated(written({"db.py": DATABASE}, {"ask": "handler: db.handler"}))
    again = Request("ask", {"name": "a"})
    down, up = simulation.replay(Request("ask", {"name": "a"}, network=503, then=again)).hops
    assert (down.result, up.result) == ("OperationalError", [])
    assert [danger.detail["parameters"] for danger in up.dangers] == [["a"]]


def test_a_handler_of_another_language_is_no_hop_but_an_edge_to_it_is_told(simulated: Simulated) -> None:
    simulation = simulated(read_template(APPS / "mixed-languages"))
    replay = simulation.replay(Request("announce", {"body": '{"address": "x"}'}))
    assert [hop.handler for hop in replay.hops] == ["announce", "label"]
    [other] = [delivery for delivery in replay.hops[0].deliveries if delivery.arrival == "not-run"]
    assert other.target == "notice"
    assert "no Python file" in other.why


def test_a_request_to_nobody_is_answered_by_the_names(simulated: Simulated) -> None:
    simulation = simulated(read_template(APPS / "upload-chain"))
    replay = simulation.replay(Request("nobody", {}))
    assert replay.hops == ()
    assert "submit, store, register, convert" in replay.notes[0].message


@pytest.mark.parametrize(
    ("event", "answer", "refused"),
    [
        ("http: {method: get, path: a}", "{'statusCode': 200, 'body': 'x'}", ""),
        ("http: {method: get, path: a}", "{'statusCode': '204'}", ""),
        ("http: {method: get, path: a}", "{'statusCode': 200, 'body': {}}", "its body is not a string"),
        ("http: {method: get, path: a}", "{'body': 'x'}", "it has no statusCode that is a number"),
        ("http: {method: get, path: a}", "'x'", "it is not a mapping"),
        ("httpApi: 'GET /a'", "'x'", ""),
    ],
)
def test_an_answer_that_aws_refuses_is_told(
    written: Written, simulated: Simulated, event: str, answer: str, refused: str
) -> None:
    code = f"def handler(event, context):\n    return {answer}\n"
    template = written({"a.py": code}, {"a": f"handler: a.handler\nevents: [{{{event}}}]"})
    [hop] = simulated(template).replay(Request("a", {})).hops
    assert [refused in note.message for note in hop.notes] == ([True] if refused else [])


def test_a_queue_that_keeps_its_order_gets_a_name_that_says_so(written: Written, simulated: Simulated) -> None:
    template = written(
        {"take.py": ECHO, "send.py": SENDER},
        {
            "send": "{handler: send.handler, events: [{httpApi: POST /}]}",
            "take": "{handler: take.handler, events: [{sqs: {arn: {'Fn::GetAtt': [Jobs, Arn]}}}]}",
        },
        """
resources:
  Resources:
    Jobs: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true, ContentBasedDeduplication: true}}
""",
    )
    simulation = simulated(template)
    (queue,) = (one for one in simulation.deployment.template.resources if one.logical_id == "Jobs")
    assert str(queue.name).endswith(".fifo")
    url = f"https://sqs.us-east-1.amazonaws.com/123456789012/{queue.name}"
    replay = simulation.replay(send("send", "sqs", "send_message", QueueUrl=url, MessageBody="one", MessageGroupId="a"))
    assert [record["body"] for event in received(replay, "take") for record in event["Records"]] == ["one"]


def test_an_applications_module_comes_before_an_installed_one_of_its_name(
    written: Written, simulated: Simulated
) -> None:
    own = """
        import json
        from responses import reply

        def handler(event, context):
            import requests
            return reply(requests.__name__)
    """
    template = written(
        {"app.py": own, "responses.py": "def reply(text):\n    return {'own': text}\n", "other.py": ECHO},
        {
            "app": "{handler: app.handler, events: [{httpApi: POST /}]}",
            "other": "{handler: other.handler, events: [{httpApi: POST /o}]}",
        },
    )
    simulation = simulated(template)
    for _ in range(2):
        hop = only(simulation.replay(Request("app", {})), "app")
        assert (hop.ending, hop.result) == ("returned", {"own": "requests"})
        assert only(simulation.replay(Request("other", {"a": 1})), "other").result == {"a": 1}
