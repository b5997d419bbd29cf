"""Which call wakes which handler, and why, or why not: one case a service, and each way in which an edge fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sls_lab import App, load_app
from sls_lab.events import Edge

Write = Callable[..., App]

ANYTHING = "- {Effect: Allow, Action: '*', Resource: '*'}"
HTTP = "{httpApi: POST /x}"

CASES = {
    "s3": (
        "boto3.client('s3').put_object(Bucket='photos', Key='in/' + event['k'] + '.jpg')",
        "s3: {bucket: photos, event: 's3:ObjectCreated:*', rules: [{prefix: in/}, {suffix: .jpg}]}",
        "",
        (),
    ),
    "sqs": (
        "boto3.client('sqs').send_message(QueueUrl='https://sqs.eu-west-1.amazonaws.com/1/q', MessageBody=event['k'])",
        "sqs: arn:aws:sqs:eu-west-1:1:q",
        "",
        (),
    ),
    "sns": (
        "boto3.client('sns').publish(TopicArn='arn:aws:sns:eu-west-1:1:news', Message=event['k'])",
        "sns: arn:aws:sns:eu-west-1:1:news",
        "",
        (),
    ),
    "dynamodb": (
        "boto3.resource('dynamodb').Table('notes').put_item(Item={'id': event['k']})",
        "stream: {type: dynamodb, arn: {Fn::GetAtt: [Notes, StreamArn]}}",
        "Notes: {Type: AWS::DynamoDB::Table, Properties: {TableName: notes}}",
        (),
    ),
    "kinesis": (
        "boto3.client('kinesis').put_record(StreamName='clicks', Data=event['k'], PartitionKey='1')",
        "stream: {type: kinesis, arn: 'arn:aws:kinesis:eu-west-1:1:stream/clicks'}",
        "",
        (),
    ),
    "events": (
        "boto3.client('events').put_events(Entries=[{'Source': 'a', 'DetailType': 'b', 'Detail': json.dumps(event)}])",
        "eventBridge: {pattern: {source: [a], detail-type: [b]}}",
        "",
        (),
    ),
    "queue behind a topic": (
        "boto3.client('sns').publish(TopicArn='arn:aws:sns:eu-west-1:1:news', Message=event['k'])",
        "sqs: {arn: {Fn::GetAtt: [Inbox, Arn]}}",
        """Inbox: {Type: AWS::SQS::Queue, Properties: {QueueName: inbox}}
Link:
  Type: AWS::SNS::Subscription
  Properties: {TopicArn: 'arn:aws:sns:eu-west-1:1:news', Protocol: sqs, Endpoint: {Fn::GetAtt: [Inbox, Arn]}}""",
        ("sqs:inbox",),
    ),
}


def edges_of(app: App) -> list[Edge]:
    return list(app.events.edges)


def linked_pair(application: Write, call: str, trigger: str, resources: str = "", statements: str = ANYTHING) -> App:
    functions = f"""send:
  handler: send.handler
  events: [{HTTP}]
take:
  handler: take.handler
  events:
    - {trigger}"""
    return application(
        statements,
        functions,
        resources,
        send=f"def handler(event, context):\n    {call}\n",
        take="def handler(event, context):\n    return event\n",
    )


@pytest.mark.parametrize("name", CASES)
def test_a_call_wakes_the_handler_that_listens(application: Write, name: str) -> None:
    call, trigger, resources, via = CASES[name]
    app = linked_pair(application, call, trigger, resources)
    (edge,) = edges_of(app)
    assert (edge.source, edge.target, edge.status, edge.certain) == ("send", "take", "linked", True)
    assert edge.via == via
    assert edge.because[0].text.startswith("`send` calls")
    assert {name: entry.kind for name, entry in app.events.entries.items()} == {"send": "public", "take": "internal"}


@pytest.mark.parametrize("name", CASES)
def test_without_a_permission_the_edge_is_denied(application: Write, name: str) -> None:
    call, trigger, resources, _ = CASES[name]
    statements = "- {Effect: Allow, Action: 'logs:*', Resource: '*'}"
    app = linked_pair(application, call, trigger, resources, statements)
    assert [(edge.target, edge.status) for edge in edges_of(app)] == [("take", "denied")]
    assert app.events.entries["take"].kind == "external"
    freed = load_app(app.path, ignore=("permissions",))
    assert [edge.status for edge in freed.events.edges] == ["linked"]


@pytest.mark.parametrize(
    ("key", "status", "certain"),
    [
        ("'in/a.jpg'", "linked", True),
        ("'in/' + event['k'] + '.jpg'", "linked", True),
        ("'out/' + event['k'] + '.jpg'", "filtered", False),
        ("'in/' + event['k'] + '.txt'", "filtered", False),
        ("event['k']", "linked", False),
    ],
)
def test_a_prefix_and_a_suffix_filter_the_key(application: Write, key: str, status: str, certain: bool) -> None:
    call = f"boto3.client('s3').put_object(Bucket='photos', Key={key})"
    (edge,) = edges_of(linked_pair(application, call, CASES["s3"][1]))
    assert (edge.status, edge.certain) == (status, certain)


def test_another_name_gives_no_edge(application: Write) -> None:
    call = "boto3.client('s3').put_object(Bucket='other', Key='in/a.jpg')"
    assert edges_of(linked_pair(application, call, CASES["s3"][1])) == []


def test_an_unknown_name_may_be_every_resource_the_role_reaches(application: Write) -> None:
    call = "boto3.client('s3').put_object(Bucket=event['b'], Key='in/a.jpg')"
    (edge,) = edges_of(linked_pair(application, call, CASES["s3"][1]))
    assert (edge.target, edge.status, edge.certain) == ("take", "linked", False)
    elsewhere = "- {Effect: Allow, Action: 's3:*', Resource: 'arn:aws:s3:::other/*'}"
    (edge,) = edges_of(linked_pair(application, call, CASES["s3"][1], statements=elsewhere))
    assert (edge.target, edge.status) == (None, "unresolved")


def test_an_explicit_deny_wins(application: Write) -> None:
    statements = ANYTHING + "\n- {Effect: Deny, Action: 's3:Put*', Resource: 'arn:aws:s3:::photos/*'}"
    call, trigger, _, _ = CASES["s3"]
    assert [edge.status for edge in edges_of(linked_pair(application, call, trigger, statements=statements))] == [
        "denied"
    ]


def test_an_invocation_wakes_a_function_by_its_deployed_name(application: Write) -> None:
    functions = f"send:\n  handler: send.handler\n  events: [{HTTP}]\ntake:\n  handler: take.handler"
    app = application(
        ANYTHING,
        functions,
        send="def handler(event, context):\n"
        "    boto3.client('lambda').invoke(FunctionName='demo-dev-take', Payload=json.dumps(event))\n",
        take="def handler(event, context):\n    return event\n",
    )
    (edge,) = edges_of(app)
    assert (edge.target, edge.api, edge.status) == ("take", "invoke", "linked")
    assert app.events.entries["take"].kind == "internal"


def test_a_circle_of_events_is_advised_against(application: Write) -> None:
    functions = "take:\n  handler: take.handler\n  events:\n    - s3: {bucket: photos, event: 's3:ObjectCreated:*'}"
    code = "def handler(event, context):\n    boto3.client('s3').put_object(Bucket='photos', Key='x')\n"
    app = application(ANYTHING, functions, take=code)
    assert [(edge.source, edge.target) for edge in edges_of(app)] == [("take", "take")]
    assert "event-loop" in {advice.code for advice in app.advice}


@pytest.mark.parametrize("queue", ["jobs", "environment-jobs", "os.environ-jobs"])
def test_a_name_that_is_written_out_is_not_taken_from_the_environment(application: Write, queue: str) -> None:
    call = (
        f"boto3.client('sqs').send_message(QueueUrl='https://sqs.eu-west-1.amazonaws.com/1/{queue}', MessageBody='x')"
    )
    app = linked_pair(application, call, f"sqs: arn:aws:sqs:eu-west-1:1:{queue}")
    (edge,) = load_app(app.path, ignore=("environment",)).events.edges
    assert (edge.status, edge.certain) == ("linked", True)


@pytest.mark.parametrize(
    "queue", ["os.environ['QUEUE']", "os.environ.get('QUEUE', 'x')", "os.getenv('QUEUE')", "url('QUEUE')"]
)
def test_a_name_from_the_environment_is_left_out_of_account_when_asked(application: Write, queue: str) -> None:
    call = f"import os; url = os.environ.get; boto3.client('sqs').send_message(QueueUrl={queue}, MessageBody='x')"
    functions = f"""send:
  handler: send.handler
  environment: {{QUEUE: 'https://sqs.eu-west-1.amazonaws.com/1/jobs'}}
  events: [{HTTP}]
take: {{handler: take.handler, events: [{{sqs: 'arn:aws:sqs:eu-west-1:1:jobs'}}]}}"""
    send = f"def handler(event, context):\n    {call}\n"
    app = application(ANYTHING, functions, send=send, take="def handler(event, context):\n    return event\n")
    assert [edge.certain for edge in app.events.edges] == [True]
    assert [edge.certain for edge in load_app(app.path, ignore=("environment",)).events.edges] == [False]


@pytest.mark.parametrize(
    "joined", ["'-'.join([one, two])", "f'{one}-{two}'", "'{}-{}'.format(one, two)", "one + '-' + two"]
)
def test_a_name_of_several_parts_has_the_reasons_of_each(application: Write, joined: str) -> None:
    put = f"boto3.client('s3').put_object(Bucket={joined}, Key='k')"
    call = f"import os; one, two = os.environ['ONE'], os.environ['TWO']; {put}"
    functions = f"""send:
  handler: send.handler
  environment: {{ONE: photos, TWO: dev}}
  events: [{HTTP}]
take: {{handler: take.handler, events: [{{s3: photos-dev}}]}}"""
    send = f"def handler(event, context):\n    {call}\n"
    app = application(ANYTHING, functions, send=send, take="def handler(event, context):\n    return event\n")
    (edge,) = app.events.edges
    told = [reason.text for reason in edge.because if reason.kind == "environment"]
    assert [text for name in ("ONE", "TWO") for text in told if f"variable {name} of" in text] == told
    assert len(told) == 2


def test_a_deployment_is_an_entry_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\n"
        "Globals: {Function: {Runtime: python3.12, Handler: a.make}}\n"
        "Resources:\n"
        "  Make: {Type: AWS::Serverless::Function}\n"
        "  Both: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: HttpApi}}}}\n"
        "  Thing: {Type: Custom::Thing, Properties: {ServiceToken: !GetAtt Make.Arn}}\n"
        "  Other: {Type: Custom::Thing, Properties: {ServiceToken: !GetAtt Both.Arn}}\n"
    )
    (tmp_path / "a.py").write_text("def make(event, context): ...\n")
    entries = load_app(tmp_path).events.entries
    assert {name: entry.kind for name, entry in entries.items()} == {"Make": "deployment", "Both": "public"}


@pytest.mark.parametrize(("topic", "queue"), [("a", "b"), ("b", "a")], ids=["the topic lets it pass", "the queue does"])
def test_what_stops_an_event_is_told_last(application: Write, topic: str, queue: str) -> None:
    """Of two filters on the way, one lets the event pass: whichever it is, the reader ends at the other."""
    call = (
        "boto3.client('sns').publish(TopicArn='arn:aws:sns:eu-west-1:1:news', Message=json.dumps({'k': 'a'}), "
        "MessageAttributes={'k': {'DataType': 'String', 'StringValue': 'a'}})"
    )
    subscription = (
        "TopicArn: 'arn:aws:sns:eu-west-1:1:news', Protocol: sqs, Endpoint: {Fn::GetAtt: [Inbox, Arn]}, "
        f"RawMessageDelivery: true, FilterPolicy: {{k: [{topic}]}}"
    )
    resources = (
        "Inbox: {Type: AWS::SQS::Queue, Properties: {QueueName: inbox}}\n"
        f"Link: {{Type: AWS::SNS::Subscription, Properties: {{{subscription}}}}}"
    )
    trigger = f"sqs: {{arn: {{Fn::GetAtt: [Inbox, Arn]}}, filterPatterns: [{{body: {{k: [{queue}]}}}}]}}"
    app = linked_pair(application, call, trigger, resources)
    (edge,) = edges_of(app)
    assert edge.status == "filtered"
    lines = (app.path / "serverless.yml").read_text(encoding="utf-8").splitlines()
    last = edge.because[-1].span
    assert last is not None
    assert ("FilterPolicy" in lines[last.line - 1]) == (topic == "b")
    assert ("filterPatterns" in lines[last.line - 1]) == (queue == "b")


@pytest.mark.parametrize(
    ("triggers", "kind"),
    [
        ([HTTP, "sqs: arn:aws:sqs:eu-west-1:1:mine", "sqs: arn:aws:sqs:eu-west-1:1:other"], "public"),
        (["sqs: arn:aws:sqs:eu-west-1:1:mine", "sqs: arn:aws:sqs:eu-west-1:1:other"], "external"),
        (["sqs: arn:aws:sqs:eu-west-1:1:other", "sqs: arn:aws:sqs:eu-west-1:1:mine"], "external"),
        (["sqs: arn:aws:sqs:eu-west-1:1:mine", "schedule: rate(1 hour)"], "internal"),
        (["schedule: rate(1 hour)", "sqs: arn:aws:sqs:eu-west-1:1:other"], "external"),
        ([], "external"),
    ],
)
def test_the_most_exposed_trigger_decides(application: Write, triggers: list[str], kind: str) -> None:
    listed = ", ".join(f"{{{trigger.strip('{}')}}}" for trigger in triggers)
    functions = f"""send:
  handler: send.handler
  events: [{HTTP}]
take: {{handler: take.handler, events: [{listed}]}}"""
    url = "https://sqs.eu-west-1.amazonaws.com/1/mine"
    app = application(
        ANYTHING,
        functions,
        send=f"def handler(event, context):\n    boto3.client('sqs').send_message(QueueUrl='{url}', MessageBody='x')\n",
        take="def handler(event, context):\n    return event\n",
    )
    assert app.events.entries["take"].kind == kind


ENTRY = """{"Source": self.source, "DetailType": kind, "Detail": json.dumps(detail)}"""


@pytest.mark.parametrize(
    ("body", "woken"),
    [
        (f"entry = {ENTRY}\n        self.client.put_events(Entries=[entry])", {"told"}),
        (
            f"entry = {ENTRY}\n        entry['DetailType'] = kind + '.late'\n"
            "        self.client.put_events(Entries=[entry])",
            {"late"},
        ),
        (
            f"entry = {ENTRY}\n        entry[self.source] = kind\n        self.client.put_events(Entries=[entry])",
            {"told"},
        ),
    ],
)
def test_a_value_has_a_name_on_its_way_to_the_call(application: Write, body: str, woken: set[str]) -> None:
    app = application(
        ANYTHING,
        """send: {handler: send.handler, events: [{httpApi: POST /x}]}
told: {handler: got.handler, events: [{eventBridge: {pattern: {source: [shop], detail-type: [told]}}}]}
late: {handler: got.handler, events: [{eventBridge: {pattern: {source: [shop], detail-type: [told.late]}}}]}
other: {handler: got.handler, events: [{eventBridge: {pattern: {source: [shop], detail-type: [other]}}}]}""",
        send=f"""
class Bus:
    def __init__(self, source):
        self.source = source
        self.client = boto3.client("events")

    def publish(self, kind, detail):
        {body}

def handler(event, context):
    Bus("shop").publish("told", event)
""",
        got="def handler(event, context):\n    pass\n",
    )
    linked = [edge for edge in app.events.edges if edge.status == "linked"]
    assert {edge.target for edge in linked} == woken
    assert all(edge.certain for edge in linked)
