"""Triggers, relays and subscriptions that stand outside of the functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from textwrap import dedent, indent

import pytest

from sls_lab.template.model import Relay, Trigger
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.template_part import TemplatePart

Read = Callable[..., TemplatePart]

COMMON = """
Resources:
  F: {Type: AWS::Lambda::Function, Properties: {FunctionName: resize, Runtime: python3.12, Handler: a.handler}}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: orders}}
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: alarms}}
  Stream: {Type: AWS::Kinesis::Stream, Properties: {Name: clicks}}
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: shop}}
  Machine: {Type: AWS::StepFunctions::StateMachine, Properties: {StateMachineName: review, DefinitionString: "{}"}}
  Table:
    Type: AWS::DynamoDB::Table
    Properties: {TableName: notes, StreamSpecification: {StreamViewType: NEW_IMAGE}}
"""


def _part(read: Read, resources: str) -> TemplatePart:
    return read(COMMON + indent(dedent(resources).strip("\n"), "  "))


def _only(part: TemplatePart) -> Trigger:
    [function] = part.functions
    [trigger] = function.triggers
    assert trigger.because
    return trigger


def _shown(value: Node | None) -> object:
    if value is None or value.pattern is not None:
        return None if value is None else str(value.pattern)
    if value.mapping:
        return {key: _shown(node) for key, node in value.mapping.items()}
    return [_shown(item) for item in value.items]


def _settings(found: Trigger | Relay) -> Mapping[str, object]:
    return {name: _shown(node) for name, node in found.settings.items()}


@pytest.mark.parametrize(
    ("properties", "kind", "service", "name", "settings"),
    [
        ("EventSourceArn: !GetAtt Queue.Arn, BatchSize: 5", "sqs", "sqs", "orders", {"batchSize": "5"}),
        ("EventSourceArn: !GetAtt Stream.Arn", "stream", "kinesis", "clicks", {"type": "kinesis"}),
        (
            "EventSourceArn: !GetAtt Table.StreamArn, FilterCriteria:"
            ' {Filters: [{Pattern: \'{"eventName": ["INSERT"]}\'}]}',
            "stream",
            "dynamodb",
            "notes",
            {"type": "dynamodb", "viewType": "NEW_IMAGE", "filterPatterns": [{"eventName": ["INSERT"]}]},
        ),
        ("EventSourceArn: 'arn:aws:kafka:eu-west-1:1:cluster/c/1', Topics: [t]", "msk", None, None, {"topic": ["t"]}),
        ("EventSourceArn: 'arn:aws:mq:eu-west-1:1:broker:b:1', Queues: [q]", "activemq", None, None, {"queue": ["q"]}),
        ("SelfManagedEventSource: {Endpoints: {}}, Topics: [t]", "kafka", None, None, {"topic": ["t"]}),
    ],
)
def test_event_source_mappings(
    read: Read, properties: str, kind: str, service: str | None, name: str | None, settings: Mapping[str, object]
) -> None:
    part = _part(
        read,
        f"""
        Map:
          Type: AWS::Lambda::EventSourceMapping
          Properties: {{FunctionName: !Ref F, {properties}}}
    """,
    )
    trigger = _only(part)
    resource = str(trigger.resource) if trigger.resource else None
    assert (trigger.type, trigger.service, resource) == (kind, service, name)
    assert _settings(trigger) == settings


def test_a_mapping_that_is_off_or_of_an_unknown_source(read: Read) -> None:
    part = _part(
        read,
        """
        Off:
          Type: AWS::Lambda::EventSourceMapping
          Properties: {FunctionName: !Ref F, EventSourceArn: !GetAtt Queue.Arn, Enabled: false}
        Odd:
          Type: AWS::Lambda::EventSourceMapping
          Properties: {FunctionName: !Ref F, EventSourceArn: !ImportValue there}
        Elsewhere:
          Type: AWS::Lambda::EventSourceMapping
          Properties: {FunctionName: other, EventSourceArn: !GetAtt Queue.Arn}
    """,
    )
    assert part.functions[0].triggers == ()
    codes = {diagnostic.code for diagnostic in part.diagnostics}
    assert {"source-unknown", "target-unknown"} <= codes


def test_subscriptions(read: Read) -> None:
    part = _part(
        read,
        """
        ToFunction:
          Type: AWS::SNS::Subscription
          Properties:
            TopicArn: !Ref Topic
            Protocol: lambda
            Endpoint: !GetAtt F.Arn
            FilterPolicy: {kind: [a]}
            FilterPolicyScope: MessageBody
        ToQueue:
          Type: AWS::SNS::Subscription
          Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Queue.Arn, RawMessageDelivery: true}
        ToAnyone:
          Type: AWS::SNS::Subscription
          Properties: {TopicArn: !Ref Topic, Protocol: email, Endpoint: a@example.org}
        Own:
          Type: AWS::SNS::Topic
          Properties: {TopicName: own, Subscription: [{Protocol: https, Endpoint: "https://example.org"}]}
    """,
    )
    trigger = _only(part)
    assert (trigger.type, trigger.service, str(trigger.resource)) == ("sns", "sns", "alarms")
    assert _settings(trigger) == {"filterPolicy": {"kind": ["a"]}, "filterPolicyScope": "MessageBody"}
    [relay] = part.relays
    assert (relay.source_service, str(relay.source), relay.target_service, str(relay.target)) == (
        "sns",
        "alarms",
        "sqs",
        "orders",
    )
    assert _settings(relay) == {"rawMessageDelivery": "true"}
    assert {(str(one.topic), one.protocol, str(one.endpoint)) for one in part.subscriptions} == {
        ("alarms", "email", "a@example.org"),
        ("own", "https", "https://example.org"),
    }


def test_bucket_notifications(read: Read) -> None:
    part = _part(
        read,
        """
        Bucket:
          Type: AWS::S3::Bucket
          Properties:
            BucketName: photos
            NotificationConfiguration:
              LambdaConfigurations:
                - Event: "s3:ObjectCreated:*"
                  Function: !GetAtt F.Arn
                  Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}, {Name: Suffix, Value: .png}]}}
              QueueConfigurations: [{Event: "s3:ObjectRemoved:*", Queue: !GetAtt Queue.Arn}]
              TopicConfigurations: [{Event: "s3:ObjectCreated:Put", Topic: !Ref Topic}]
              EventBridgeConfiguration: {EventBridgeEnabled: true}
    """,
    )
    trigger = _only(part)
    assert (trigger.type, trigger.service, str(trigger.resource)) == ("s3", "s3", "photos")
    assert _settings(trigger) == {"event": "s3:ObjectCreated:*", "rules": [{"prefix": "in/"}, {"suffix": ".png"}]}
    relays = [(str(relay.source), relay.target_service, str(relay.target), _settings(relay)) for relay in part.relays]
    assert relays == [
        ("photos", "sqs", "orders", {"event": "s3:ObjectRemoved:*"}),
        ("photos", "sns", "alarms", {"event": "s3:ObjectCreated:Put"}),
        ("photos", "events", "default", {}),
    ]


def test_rules(read: Read) -> None:
    part = _part(
        read,
        """
        Matching:
          Type: AWS::Events::Rule
          Properties:
            EventBusName: !Ref Bus
            EventPattern: {source: [shop], detail: {kind: [a]}}
            Targets:
              - {Id: f, Arn: !GetAtt F.Arn, InputPath: $.detail}
              - {Id: q, Arn: !GetAtt Queue.Arn}
              - {Id: m, Arn: !Ref Machine}
              - {Id: other, Arn: "arn:aws:ecs:eu-west-1:1:cluster/c"}
        Nightly:
          Type: AWS::Events::Rule
          Properties: {ScheduleExpression: rate(1 day), Targets: [{Id: f, Arn: !GetAtt F.Arn, Input: '{"a": 1}'}]}
        Off:
          Type: AWS::Events::Rule
          Properties: {State: DISABLED, ScheduleExpression: rate(1 day), Targets: [{Id: f, Arn: !GetAtt F.Arn}]}
    """,
    )
    matching, nightly = part.functions[0].triggers
    assert (matching.type, matching.service, str(matching.resource)) == ("eventBridge", "events", "shop")
    assert _settings(matching) == {
        "pattern": {"source": ["shop"], "detail": {"kind": ["a"]}},
        "inputPath": "$.detail",
    }
    assert (nightly.type, nightly.service, _settings(nightly)) == (
        "schedule",
        None,
        {"rate": "rate(1 day)", "input": '{"a": 1}'},
    )
    targets = [(str(relay.source), relay.target_service, str(relay.target)) for relay in part.relays]
    assert targets == [("shop", "sqs", "orders"), ("shop", "stepfunctions", "review")]


@pytest.mark.parametrize(("written", "sends"), [("{EventBridgeEnabled: false}", False), ("{}", True)])
def test_a_bucket_sends_to_event_bridge_where_that_is_on(read: Read, written: str, sends: bool) -> None:
    configuration = f"{{NotificationConfiguration: {{EventBridgeConfiguration: {written}}}}}"
    relays = _part(read, f"Out: {{Type: AWS::S3::Bucket, Properties: {configuration}}}").relays
    assert [relay.target_service for relay in relays] == (["events"] if sends else [])


def test_a_table_sends_its_changes_to_a_stream(read: Read) -> None:
    arn = "arn:aws:kinesis:eu-west-1:1:stream/changes"
    properties = f"{{TableName: log, KinesisStreamSpecification: {{StreamArn: {arn}}}}}"
    [relay] = _part(read, f"Log: {{Type: AWS::DynamoDB::Table, Properties: {properties}}}").relays
    assert (relay.source_service, str(relay.source)) == ("dynamodb", "log")
    assert (relay.target_service, str(relay.target)) == ("kinesis", "changes")


def test_schedules_and_pipes(read: Read) -> None:
    part = _part(
        read,
        """
        Daily:
          Type: AWS::Scheduler::Schedule
          Properties: {ScheduleExpression: rate(1 day), Target: {Arn: !GetAtt F.Arn, Input: x}}
        Pipe:
          Type: AWS::Pipes::Pipe
          Properties:
            Source: !GetAtt Queue.Arn
            SourceParameters: {FilterCriteria: {Filters: [{Pattern: '{"body": {"kind": ["a"]}}'}]}}
            Target: !GetAtt F.Arn
        Onward:
          Type: AWS::Pipes::Pipe
          Properties: {Source: !GetAtt Table.StreamArn, Target: !Ref Topic}
    """,
    )
    pipe, daily = part.functions[0].triggers
    assert (daily.type, _settings(daily)) == ("schedule", {"rate": "rate(1 day)", "input": "x"})
    assert (pipe.type, pipe.service, str(pipe.resource), pipe.via) == ("pipe", "sqs", "orders", ("Pipe",))
    assert _settings(pipe) == {"filterPatterns": [{"body": {"kind": ["a"]}}]}
    [relay] = part.relays
    assert (relay.source_service, str(relay.source), relay.target_service) == ("dynamodb", "notes", "sns")


@pytest.mark.parametrize(("enrichment", "told"), [("Enrichment: !GetAtt F.Arn, ", True), ("", False)])
def test_a_pipe_whose_enrichment_is_not_followed_says_so(read: Read, enrichment: str, told: bool) -> None:
    part = _part(
        read,
        f"""
        Pipe:
          Type: AWS::Pipes::Pipe
          Properties: {{Source: !GetAtt Queue.Arn, {enrichment}Target: !GetAtt F.Arn}}
    """,
    )
    codes = [one.code for one in part.diagnostics if one.code == "enrichment-not-followed"]
    assert bool(codes) is told


def test_rest_http_and_websocket_apis(read: Read) -> None:
    uri = "!Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}/invocations'"
    part = _part(
        read,
        f"""
        Api: {{Type: AWS::ApiGateway::RestApi, Properties: {{}}}}
        Users:
          Type: AWS::ApiGateway::Resource
          Properties: {{PathPart: users, ParentId: !GetAtt Api.RootResourceId}}
        User: {{Type: AWS::ApiGateway::Resource, Properties: {{PathPart: "{{id}}", ParentId: !Ref Users}}}}
        Get:
          Type: AWS::ApiGateway::Method
          Properties:
            {{HttpMethod: GET, ResourceId: !Ref User, AuthorizationType: AWS_IAM, Integration: {{Uri: {uri}}}}}
        Http: {{Type: AWS::ApiGatewayV2::Api, Properties: {{ProtocolType: HTTP}}}}
        Inner: {{Type: AWS::ApiGatewayV2::Integration, Properties: {{ApiId: !Ref Http, IntegrationUri: !GetAtt F.Arn}}}}
        Route:
          Type: AWS::ApiGatewayV2::Route
          Properties: {{ApiId: !Ref Http, RouteKey: POST /x, Target: !Sub "integrations/${{Inner}}"}}
        Socket: {{Type: AWS::ApiGatewayV2::Api, Properties: {{ProtocolType: WEBSOCKET}}}}
        Talk: {{Type: AWS::ApiGatewayV2::Integration, Properties: {{ApiId: !Ref Socket, IntegrationUri: {uri}}}}}
        Connect:
          Type: AWS::ApiGatewayV2::Route
          Properties: {{ApiId: !Ref Socket, RouteKey: $connect, Target: !Join ["/", [integrations, !Ref Talk]]}}
    """,
    )
    found = [(trigger.type, _settings(trigger)) for trigger in part.functions[0].triggers]
    assert found == [
        ("http", {"method": "GET", "path": "/users/{id}", "authorizer": "AWS_IAM"}),
        ("httpApi", {"method": "post", "path": "/x"}),
        ("websocket", {"route": "$connect"}),
    ]
    assert all(trigger.service is None for trigger in part.functions[0].triggers)


def test_an_openapi_body(read: Read) -> None:
    part = _part(
        read,
        """
        Api:
          Type: AWS::ApiGateway::RestApi
          Properties:
            Body:
              security: [{key: []}]
              paths:
                /open:
                  get:
                    security: []
                    x-amazon-apigateway-integration:
                      uri: !Sub "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${F.Arn}/invocations"
                /any:
                  x-amazon-apigateway-any-method:
                    x-amazon-apigateway-integration: {uri: !GetAtt F.Arn}
                /other: {get: {x-amazon-apigateway-integration: {uri: "https://example.org"}}}
    """,
    )
    found = [_settings(trigger) for trigger in part.functions[0].triggers]
    assert found == [
        {"method": "get", "path": "/open"},
        {"method": "any", "path": "/any", "authorizer": [{"key": []}]},
    ]


def test_an_openapi_body_in_a_file_is_read_with_its_functions(read: Read) -> None:
    template = COMMON + (
        "  Api: {Type: AWS::ApiGateway::RestApi,"
        " Properties: {Body: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: api/open.yaml}}}}}\n"
    )
    document = "paths: {/x: {post: {x-amazon-apigateway-integration: {uri: !GetAtt F.Arn}}}}\n"
    trigger = _only(read(template, {"api/open.yaml": document}))
    assert _settings(trigger) == {"method": "post", "path": "/x"}
    assert trigger.span.file == "api/open.yaml"


@pytest.mark.parametrize(
    ("resource", "kind"),
    [
        ("{Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref F, AuthType: NONE}}", "url"),
        ("{Type: AWS::AppSync::DataSource, Properties: {LambdaConfig: {LambdaFunctionArn: !GetAtt F.Arn}}}", "appSync"),
        ("{Type: AWS::Cognito::UserPool, Properties: {LambdaConfig: {PreSignUp: !GetAtt F.Arn}}}", "cognitoUserPool"),
        ("{Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Targets: [{Id: !GetAtt F.Arn}]}}", "alb"),
        ("{Type: AWS::Logs::SubscriptionFilter, Properties: {DestinationArn: !GetAtt F.Arn}}", "cloudwatchLog"),
        ("{Type: AWS::ApiGateway::Authorizer, Properties: {AuthorizerUri: !GetAtt F.Arn}}", "authorizer"),
        (
            "{Type: AWS::IoT::TopicRule, Properties:"
            " {TopicRulePayload: {Sql: x, Actions: [{Lambda: {FunctionArn: !GetAtt F.Arn}}]}}}",
            "iot",
        ),
        (
            "{Type: AWS::SES::ReceiptRule, Properties:"
            " {Rule: {Actions: [{LambdaAction: {FunctionArn: !GetAtt F.Arn}}]}}}",
            "ses",
        ),
    ],
)
def test_other_doors(read: Read, resource: str, kind: str) -> None:
    trigger = _only(_part(read, f"Door: {resource}"))
    assert (trigger.type, trigger.service) == (kind, "iot-data" if kind == "iot" else None)


def test_a_permission_is_evidence_where_nothing_else_says_so(read: Read) -> None:
    permission = """
        Permission:
          Type: AWS::Lambda::Permission
          Properties: {FunctionName: !Ref F, Action: "lambda:InvokeFunction", Principal: PRINCIPAL, SourceArn: SOURCE}
    """
    api = permission.replace("PRINCIPAL", "apigateway.amazonaws.com").replace("SOURCE", "'arn:aws:execute-api:x'")
    assert _only(_part(read, api)).type == "http"
    bucket = permission.replace("PRINCIPAL", "s3.amazonaws.com").replace("SOURCE", "'arn:aws:s3:::elsewhere'")
    trigger = _only(_part(read, bucket))
    assert (trigger.type, str(trigger.resource)) == ("s3", "elsewhere")
    url = "    Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref F, AuthType: AWS_IAM}}\n"
    topic = permission.replace("PRINCIPAL", "sns.amazonaws.com").replace("SOURCE", "!Ref Topic")
    both = (
        dedent(topic)
        + dedent("""
        ToFunction:
          Type: AWS::SNS::Subscription
          Properties: {TopicArn: !Ref Topic, Protocol: lambda, Endpoint: !GetAtt F.Arn}
    """)
        + dedent(url)
    )
    kinds = [trigger.type for trigger in _part(read, both).functions[0].triggers]
    assert kinds == ["sns", "url"]


def test_destinations_of_asynchronous_calls(read: Read) -> None:
    part = _part(
        read,
        """
        Config:
          Type: AWS::Lambda::EventInvokeConfig
          Properties: {FunctionName: !Ref F, DestinationConfig: {OnSuccess: {Destination: !GetAtt Queue.Arn}}}
    """,
    )
    [relay] = part.relays
    assert (relay.source_service, str(relay.source), relay.target_service, str(relay.target)) == (
        "lambda",
        "resize",
        "sqs",
        "orders",
    )
