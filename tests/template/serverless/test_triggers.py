"""Events of every kind, in every form."""

from __future__ import annotations

import pytest

from sls_lab.facts import Pattern
from sls_lab.template.model import Template, Trigger
from sls_lab.template.shared.node import Node
from tests.template.serverless.applications import Read

RESOURCES = """\
resources:
  Resources:
    Photos: {Type: AWS::S3::Bucket, Properties: {BucketName: 'photos-${sls:stage}'}}
    Orders: {Type: AWS::SQS::Queue, Properties: {QueueName: orders}}
    Nameless: {Type: AWS::SQS::Queue}
    News: {Type: AWS::SNS::Topic, Properties: {TopicName: news}}
    Table:
      Type: AWS::DynamoDB::Table
      Properties: {TableName: things, StreamSpecification: {StreamViewType: NEW_IMAGE}}
    Clicks: {Type: AWS::Kinesis::Stream, Properties: {Name: clicks}}
    Bus: {Type: AWS::Events::EventBus, Properties: {Name: bus}}
"""


def plain(node: Node) -> object:
    if node.mapping:
        return {key: plain(child) for key, child in node.mapping.items()}
    if isinstance(node.value, tuple):
        return [plain(child) for child in node.items]
    return str(node.pattern) if node.pattern is not None else None


def only(template: Template) -> Trigger:
    [trigger] = template.function("f").triggers
    return trigger


def read_event(read: Read, event: str) -> Template:
    template: Template = read(f"functions:\n  f:\n    handler: app.main\n    events:\n      - {event}\n{RESOURCES}")
    return template


@pytest.mark.parametrize(
    ("event", "kind", "service", "resource"),
    [
        ("s3: uploads", "s3", "s3", "uploads"),
        ("s3: {bucket: 'in-${sls:stage}', event: 's3:ObjectRemoved:*'}", "s3", "s3", "in-dev"),
        ("s3: {bucket: !Ref Photos, existing: true}", "s3", "s3", "photos-dev"),
        ("s3: {bucket: 'arn:aws:s3:::by-arn', existing: true}", "s3", "s3", "by-arn"),
        ("sqs: arn:aws:sqs:eu-west-1:111122223333:mail", "sqs", "sqs", "mail"),
        ("sqs: !GetAtt Orders.Arn", "sqs", "sqs", "orders"),
        ("sqs: {arn: {Fn::GetAtt: [Orders, Arn]}, batchSize: 1}", "sqs", "sqs", "orders"),
        ("sqs: {arn: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:q-${sls:stage}'}", "sqs", "sqs", "q-dev"),
        ("sqs: {arn: 'arn:aws:sqs:#{AWS::Region}:#{AWS::AccountId}:pseudo'}", "sqs", "sqs", "pseudo"),
        (
            "sqs: {arn: !Join [':', ['arn:aws:sqs', !Ref AWS::Region, !Ref AWS::AccountId, joined]]}",
            "sqs",
            "sqs",
            "joined",
        ),
        ("sns: news-made-here", "sns", "sns", "news-made-here"),
        ("sns: arn:aws:sns:eu-west-1:111122223333:by-arn", "sns", "sns", "by-arn"),
        ("sns: {topicName: named, displayName: Nice}", "sns", "sns", "named"),
        ("sns: {arn: !Ref News}", "sns", "sns", "news"),
        ("sns: {arn: !ImportValue other-topic, topicName: imported}", "sns", "sns", "imported"),
        ("stream: arn:aws:dynamodb:eu-west-1:111122223333:table/t/stream/2020", "stream", "dynamodb", "t"),
        ("stream: arn:aws:kinesis:eu-west-1:111122223333:stream/k", "stream", "kinesis", "k"),
        ("stream: {type: dynamodb, arn: !GetAtt Table.StreamArn}", "stream", "dynamodb", "things"),
        ("stream: !GetAtt Clicks.Arn", "stream", "kinesis", "clicks"),
        ("eventBridge: {pattern: {source: [shop]}}", "eventBridge", "events", "default"),
        ("eventBridge: {eventBus: mine, pattern: {source: [shop]}}", "eventBridge", "events", "mine"),
        ("eventBridge: {eventBus: !Ref Bus, pattern: {source: [shop]}}", "eventBridge", "events", "bus"),
        ("eventBridge: {eventBus: !GetAtt Bus.Arn, pattern: {source: [shop]}}", "eventBridge", "events", "bus"),
        ("cloudwatchEvent: {event: {source: [aws.ec2]}}", "cloudwatchEvent", "events", "default"),
        ("eventBridge: {schedule: rate(1 hour)}", "schedule", None, None),
        ("schedule: rate(1 hour)", "schedule", None, None),
        ("schedule: {rate: [cron(0 12 * * ? *), rate(1 day)]}", "schedule", None, None),
        ("http: GET users/{id}", "http", None, None),
        ("httpApi: 'POST /x'", "httpApi", None, None),
        ("websocket: $connect", "websocket", None, None),
        ("websocket: {route: hello}", "websocket", None, None),
        ("alb: {listenerArn: x, priority: 1, conditions: {path: /}}", "alb", None, None),
        ("alexaSkill: amzn1.ask.skill", "alexaSkill", None, None),
        ("alexaSkill", "alexaSkill", None, None),
        ("iot: {sql: \"SELECT * FROM 't'\"}", "iot", "iot-data", "message broker"),
        ("cognitoUserPool: {pool: users, trigger: PreSignUp}", "cognitoUserPool", None, None),
        ("cloudwatchLog: /aws/lambda/x", "cloudwatchLog", None, None),
        ("kafka: {topic: t, bootstrapServers: [x]}", "kafka", None, None),
        ("msk: {arn: x, topic: t}", "msk", None, None),
        ("activemq: {arn: x, queue: q}", "activemq", None, None),
        ("rabbitmq: {arn: x, queue: q}", "rabbitmq", None, None),
    ],
)
def test_events(read: Read, event: str, kind: str, service: str | None, resource: str | None) -> None:
    template = read_event(read, event)
    trigger = only(template)
    name = trigger.resource.text if trigger.resource is not None else None
    assert (trigger.type, trigger.service, name) == (kind, service, resource)
    assert trigger.span.line == 9
    assert trigger.because
    assert template.diagnostics == ()


def test_names_that_the_deployment_makes_up_or_another_stack_knows(read: Read) -> None:
    assert only(read_event(read, "sqs: !GetAtt Nameless.Arn")).resource == Pattern.generated("Nameless")
    imported = only(read_event(read, "stream: {type: dynamodb, arn: !ImportValue table-stream}")).resource
    assert imported is not None
    assert not imported.known
    assert not imported.opaque


@pytest.mark.parametrize(
    ("event", "settings"),
    [
        ("httpApi: 'POST /x'", {"method": "post", "path": "/x"}),
        ("httpApi: '*'", {"method": "*", "path": "*"}),
        ("http: {path: p, method: GET, authorizer: aws_iam}", {"path": "p", "method": "GET", "authorizer": "aws_iam"}),
        ("websocket: $default", {"route": "$default"}),
        (
            "s3: {bucket: b, event: 's3:ObjectCreated:Put', rules: [{prefix: 'in-${sls:stage}/'}, {suffix: .jpg}]}",
            {"bucket": "b", "event": "s3:ObjectCreated:Put", "rules": [{"prefix": "in-dev/"}, {"suffix": ".jpg"}]},
        ),
        (
            "sns: {topicName: t, filterPolicyScope: MessageBody, filterPolicy: {kind: [a, {prefix: b}]}}",
            {"topicName": "t", "filterPolicyScope": "MessageBody", "filterPolicy": {"kind": ["a", {"prefix": "b"}]}},
        ),
        (
            "stream: {type: dynamodb, arn: !GetAtt Table.StreamArn, filterPatterns: [{eventName: [INSERT]}]}",
            {"type": "dynamodb", "viewType": "NEW_IMAGE", "filterPatterns": [{"eventName": ["INSERT"]}]},
        ),
        ("cloudwatchEvent: {event: {source: [x]}}", {"event": {"source": ["x"]}, "pattern": {"source": ["x"]}}),
        ("schedule: rate(1 day)", {"rate": "rate(1 day)"}),
    ],
)
def test_settings(read: Read, event: str, settings: dict[str, object]) -> None:
    found = {name: plain(node) for name, node in only(read_event(read, event)).settings.items() if name != "arn"}
    assert found == settings


@pytest.mark.parametrize(
    ("url", "authorisation"),
    [("true", "NONE"), ("{cors: true}", "NONE"), ("{authorizer: aws_iam}", "AWS_IAM"), ("false", None), ("null", None)],
)
def test_function_urls(read: Read, url: str, authorisation: str | None) -> None:
    template = read(f"functions: {{f: {{handler: app.main, url: {url}}}}}\n")
    triggers = template.function("f").triggers
    assert [trigger.settings["authType"].text for trigger in triggers] == ([authorisation] if authorisation else [])


@pytest.mark.parametrize(
    ("event", "code", "triggers"),
    [
        ("sqs: {arn: !GetAtt Orders.Arn, enabled: false}", "event-disabled", 0),
        ("schedule: {rate: rate(1 day), enabled: ${self:custom.on}}", "event-disabled", 0),
        ("sqs: {batchSize: 5}", "event-incomplete", 1),
        ("s3: [a]", "event-incomplete", 1),
        ("sns: {}", "event-incomplete", 1),
        ("stream: {arn: !ImportValue stream}", "stream-type-unknown", 1),
        ("carrierPigeon: {loft: 5}", "event-unfamiliar", 1),
        ("${file(event.js)}", "event-unknown", 0),
    ],
)
def test_what_is_odd_about_an_event_is_said(read: Read, event: str, code: str, triggers: int) -> None:
    template = read_event(read, event.replace("${self:custom.on}", "'false'"))
    assert code in [item.code for item in template.diagnostics if item.span and item.span.line == 9]
    assert len(template.function("f").triggers) == triggers


def test_an_event_that_is_lost_is_an_error(read: Read) -> None:
    template = read_event(read, "${file(event.js)}")
    assert [item.level for item in template.diagnostics if item.code == "event-unknown"] == ["error"]


def test_an_event_without_a_name_may_be_any(read: Read) -> None:
    resource = only(read_event(read, "sqs: {batchSize: 5}")).resource
    assert resource is not None
    assert resource.opaque


def test_buckets_that_the_provider_names(read: Read) -> None:
    template = read(
        """\
          s3:
            uploads: {name: 'real-${sls:stage}'}
        functions:
          f:
            handler: app.main
            environment: {BUCKET: !Ref S3BucketUploads}
            events:
              - s3: {bucket: uploads}
              - s3: uploads
        """
    )
    function = template.function("f")
    assert [trigger.resource and trigger.resource.text for trigger in function.triggers] == ["real-dev", "real-dev"]
    assert function.environment["BUCKET"].value.text == "real-dev"
    buckets = [resource for resource in template.resources if resource.type == "AWS::S3::Bucket"]
    assert [(bucket.logical_id, bucket.name.text) for bucket in buckets] == [("S3BucketUploads", "real-dev")]


def test_topics_and_buckets_of_events_are_resources(read: Read) -> None:
    template = read(
        """\
        functions:
          f:
            handler: app.main
            environment: {TOPIC: !Ref SNSTopicOrderplaced}
            events:
              - sns: order-placed
              - sns: arn:aws:sns:eu-west-1:111122223333:elsewhere
              - s3: {bucket: existing-one, existing: true}
              - s3: new-one
        """
    )
    made = {resource.logical_id: resource.name.text for resource in template.resources if "Role" not in resource.type}
    assert made == {"SNSTopicOrderplaced": "order-placed", "S3BucketNewone": "new-one"}
    assert template.function("f").environment["TOPIC"].value.ends_with(":order-placed").value == "yes"


def test_events_from_files_and_variables(read: Read) -> None:
    template = read(
        """\
        custom: {arn: 'arn:aws:sqs:eu-west-1:111122223333:mail', shared: [{http: GET a}, {http: GET b}]}
        functions:
          f:
            handler: app.main
            events:
              - sqs: ${self:custom.arn}
              - ${file(event.yml)}
              - ${self:custom.shared}
          g:
            handler: app.main
            events: ${self:custom.shared}
        """,
        {"event.yml": "s3:\n  bucket: from-file\n"},
    )
    assert [trigger.type for trigger in template.function("f").triggers] == ["sqs", "s3", "http", "http"]
    assert [trigger.type for trigger in template.function("g").triggers] == ["http", "http"]
    assert template.function("f").triggers[1].span.place == "event.yml:1"


def test_a_trigger_tells_how_its_resource_was_named(read: Read) -> None:
    template = read(
        "custom: {bucket: 'photos-${sls:stage}'}\n"
        "functions: {f: {handler: app.main, events: [{s3: '${self:custom.bucket}'}]}}\n"
    )
    texts = [reason.text for reason in only(template).because]
    assert texts[:3] == [
        "f listens to photos-dev (s3)",
        '${self:custom.bucket} is "photos-dev"',
        '${sls:stage} is "dev"',
    ]


def test_triggers_declared_beside_the_functions(read: Read) -> None:
    template = read(
        """\
        functions:
          poll: {handler: app.main}
          heard: {handler: app.main}
          ruled: {handler: app.main}
          noticed: {handler: app.main}
        resources:
          - Resources:
              Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: work}}
              Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: news}}
              Mapping:
                Type: AWS::Lambda::EventSourceMapping
                Properties: {EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref PollLambdaFunction}
              Subscription:
                Type: AWS::SNS::Subscription
                Properties: {TopicArn: !Ref Topic, Protocol: lambda, Endpoint: !GetAtt HeardLambdaFunction.Arn}
              Mail:
                Type: AWS::SNS::Subscription
                Properties: {TopicArn: !Ref Topic, Protocol: email, Endpoint: a@example.com}
              Relay:
                Type: AWS::SNS::Subscription
                Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Queue.Arn}
          - Resources:
              Rule:
                Type: AWS::Events::Rule
                Properties:
                  EventPattern: {source: [shop]}
                  Targets: [{Id: a, Arn: !GetAtt RuledLambdaFunction.Arn}]
              Bucket:
                Type: AWS::S3::Bucket
                Properties:
                  BucketName: inbox
                  NotificationConfiguration:
                    LambdaConfigurations:
                      - {Event: 's3:ObjectCreated:*', Function: !GetAtt NoticedLambdaFunction.Arn}
        """
    )
    found = {
        function.name: [(trigger.type, trigger.resource and trigger.resource.text) for trigger in function.triggers]
        for function in template.functions
    }
    assert found == {
        "poll": [("sqs", "work")],
        "heard": [("sns", "news")],
        "ruled": [("eventBridge", "default")],
        "noticed": [("s3", "inbox")],
    }
    assert [(relay.source.text, relay.target.text) for relay in template.relays] == [("news", "work")]
    assert [(item.protocol, item.endpoint.text) for item in template.subscriptions] == [("email", "a@example.com")]
