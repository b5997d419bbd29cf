"""SAM: globals, events, policies, connectors, layers and state machines."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from sls_lab.aws.arn import resource_arn
from sls_lab.facts import Pattern, Verdict
from sls_lab.template.iam.decision import decide
from sls_lab.template.model import Function, Options, Trigger
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.template_part import TemplatePart

Read = Callable[..., TemplatePart]


def _shown(value: Node) -> object:
    if value.pattern is not None:
        return str(value.pattern)
    if value.mapping:
        return {key: _shown(node) for key, node in value.mapping.items()}
    return [_shown(item) for item in value.items]


def _settings(trigger: Trigger) -> Mapping[str, object]:
    return {name: _shown(node) for name, node in trigger.settings.items()}


def _may(function: Function, action: str, service: str, name: Pattern | str) -> Verdict:
    named = name if isinstance(name, Pattern) else Pattern.of(name)
    return decide(function.role, action, resource_arn(service, named)).verdict


def _with_event(event: str) -> str:
    return f"""
        Transform: AWS::Serverless-2016-10-31
        Globals: {{Function: {{Runtime: python3.12}}, HttpApi: {{Auth: {{DefaultAuthorizer: Pool}}}}}}
        Parameters: {{Elsewhere: {{Type: String}}}}
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties:
              Handler: a.handler
              Events:
                E: {event}
          Api: {{Type: AWS::Serverless::Api, Properties: {{StageName: p, Auth: {{DefaultAuthorizer: Key}}}}}}
          Bucket: {{Type: AWS::S3::Bucket, Properties: {{BucketName: photos}}}}
          Queue: {{Type: AWS::SQS::Queue, Properties: {{QueueName: orders}}}}
          Topic: {{Type: AWS::SNS::Topic, Properties: {{TopicName: alarms}}}}
          Bus: {{Type: AWS::Events::EventBus, Properties: {{Name: shop}}}}
          Stream: {{Type: AWS::Kinesis::Stream, Properties: {{Name: clicks}}}}
          Table:
            Type: AWS::DynamoDB::Table
            Properties: {{TableName: notes, StreamSpecification: {{StreamViewType: KEYS_ONLY}}}}
    """


@pytest.mark.parametrize(
    ("event", "kind", "resource", "settings"),
    [
        ("{Type: Api, Properties: {Path: /a, Method: GET}}", "http", None, {"method": "get", "path": "/a"}),
        (
            "{Type: Api, Properties: {Path: /a, Method: any, RestApiId: !Ref Api}}",
            "http",
            None,
            {"method": "any", "path": "/a", "authorizer": "Key"},
        ),
        (
            "{Type: Api, Properties: {Path: /a, Method: get, RestApiId: !Ref Api, Auth: {Authorizer: NONE}}}",
            "http",
            None,
            {"method": "get", "path": "/a"},
        ),
        ("{Type: HttpApi}", "httpApi", None, {"method": "*", "path": "*", "authorizer": "Pool"}),
        (
            "{Type: S3, Properties: {Bucket: !Ref Bucket, Events: 's3:ObjectCreated:Put',"
            " Filter: {S3Key: {Rules: [{Name: suffix, Value: .png}]}}}}",
            "s3",
            "s3:photos",
            {"event": "s3:ObjectCreated:Put", "rules": [{"suffix": ".png"}]},
        ),
        (
            "{Type: SNS, Properties: {Topic: !Ref Topic, FilterPolicy: {kind: [a]}, FilterPolicyScope: MessageBody}}",
            "sns",
            "sns:alarms",
            {"filterPolicy": {"kind": ["a"]}, "filterPolicyScope": "MessageBody"},
        ),
        (
            "{Type: SQS, Properties: {Queue: !GetAtt Queue.Arn, BatchSize: 3,"
            ' FilterCriteria: {Filters: [{Pattern: \'{"body": ["a"]}\'}]}}}',
            "sqs",
            "sqs:orders",
            {"batchSize": "3", "filterPatterns": [{"body": ["a"]}]},
        ),
        ("{Type: SQS, Properties: {Queue: !Ref Elsewhere}}", "sqs", "sqs:{Elsewhere}", {}),
        (
            "{Type: DynamoDB, Properties: {Stream: !GetAtt Table.StreamArn, StartingPosition: LATEST}}",
            "stream",
            "dynamodb:notes",
            {"type": "dynamodb", "viewType": "KEYS_ONLY"},
        ),
        (
            "{Type: DynamoDB, Properties: {Stream: !Ref Elsewhere}}",
            "stream",
            "dynamodb:{Elsewhere}",
            {"type": "dynamodb"},
        ),
        (
            "{Type: Kinesis, Properties: {Stream: !GetAtt Stream.Arn, StartingPosition: LATEST}}",
            "stream",
            "kinesis:clicks",
            {"type": "kinesis"},
        ),
        (
            "{Type: Schedule, Properties: {Schedule: rate(1 day), Input: x}}",
            "schedule",
            None,
            {"rate": "rate(1 day)", "input": "x"},
        ),
        (
            "{Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day)}}",
            "schedule",
            None,
            {"rate": "rate(1 day)"},
        ),
        (
            "{Type: EventBridgeRule, Properties: {EventBusName: !Ref Bus, Pattern: {source: [shop]}}}",
            "eventBridge",
            "events:shop",
            {"pattern": {"source": ["shop"]}},
        ),
        (
            "{Type: CloudWatchEvent, Properties: {Pattern: {source: [aws.s3]}}}",
            "eventBridge",
            "events:default",
            {"pattern": {"source": ["aws.s3"]}},
        ),
        ("{Type: CloudWatchLogs, Properties: {LogGroupName: g}}", "cloudwatchLog", None, {"logGroup": "g"}),
        (
            "{Type: IoTRule, Properties: {Sql: 'SELECT * FROM t'}}",
            "iot",
            "iot-data:message broker",
            {"sql": "SELECT * FROM t"},
        ),
        ("{Type: Cognito, Properties: {Trigger: PreSignUp}}", "cognitoUserPool", None, {"trigger": "PreSignUp"}),
        ("{Type: AlexaSkill}", "alexaSkill", None, {}),
        (
            "{Type: MSK, Properties: {Stream: 'arn:aws:kafka:x:1:cluster/c', Topics: [t]}}",
            "msk",
            None,
            {"topic": ["t"]},
        ),
        (
            "{Type: MQ, Properties: {Broker: 'arn:aws:mq:x:1:broker:b', Queues: [q]}}",
            "activemq",
            None,
            {"queue": ["q"]},
        ),
    ],
)
def test_events(read: Read, event: str, kind: str, resource: str | None, settings: Mapping[str, object]) -> None:
    part = read(_with_event(event))
    [trigger] = part.functions[0].triggers
    named = f"{trigger.service}:{trigger.resource}" if trigger.service else None
    assert (trigger.type, named) == (kind, resource)
    assert _settings(trigger) == settings
    assert trigger.span.line == 11
    assert not part.diagnostics


def test_a_queue_between_a_topic_and_the_function(read: Read) -> None:
    part = read(
        _with_event("{Type: SNS, Properties: {Topic: !Ref Topic, SqsSubscription: true, FilterPolicy: {k: [a]}}}")
    )
    [trigger], [relay] = part.functions[0].triggers, part.relays
    assert (trigger.type, trigger.resource) == ("sqs", Pattern.generated("FEQueue"))
    assert (relay.source_service, str(relay.source), relay.target) == ("sns", "alarms", trigger.resource)
    assert "filterPolicy" in relay.settings
    given = "{Type: SNS, Properties: {Topic: !Ref Topic, SqsSubscription: {QueueArn: !GetAtt Queue.Arn, BatchSize: 2}}}"
    [trigger] = read(_with_event(given)).functions[0].triggers
    assert str(trigger.resource) == "orders"


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ("{Type: Schedule, Properties: {Schedule: rate(1 day), Enabled: false}}", "event-disabled"),
        ("{Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day), State: DISABLED}}", "event-disabled"),
        ("{Properties: {}}", "event-without-type"),
    ],
)
def test_an_event_that_wakes_nothing(read: Read, event: str, code: str) -> None:
    part = read(_with_event(event))
    assert part.functions[0].triggers == ()
    assert [diagnostic.code for diagnostic in part.diagnostics] == [code]


def test_an_unknown_event_counts_as_from_outside(read: Read) -> None:
    part = read(_with_event("{Type: Telepathy}"))
    assert [(trigger.type, trigger.service) for trigger in part.functions[0].triggers] == [("Telepathy", None)]
    assert [diagnostic.code for diagnostic in part.diagnostics] == ["event-unfamiliar"]


def test_globals_are_merged(read: Read) -> None:
    part = read(
        """
        Transform: AWS::Serverless-2016-10-31
        Globals:
          Function:
            Runtime: python3.12
            CodeUri: src/
            Environment: {Variables: {STAGE: dev, TABLE: !Ref Table}}
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties: {Handler: f.handler, Environment: {Variables: {STAGE: live, OWN: "1"}}}
          Table: {Type: AWS::Serverless::SimpleTable}
    """,
        {"src/f.py": "def handler(event, context): ...\n"},
    )
    [function] = part.functions
    assert {name: str(variable.value) for name, variable in function.environment.items()} == {
        "STAGE": "live",
        "TABLE": "{Table}",
        "OWN": "1",
    }
    assert (function.file, function.attribute, function.code_root) == ("src/f.py", "handler", "src")
    assert function.environment["STAGE"].span.line == 11
    assert function.environment["STAGE"].because


POLICIES = """
    Transform: AWS::Serverless-2016-10-31
    Resources:
      F:
        Type: AWS::Serverless::Function
        Connectors: {ToTopic: {Properties: {Destination: {Id: Topic}, Permissions: [Write]}}}
        Properties:
          Runtime: python3.12
          Handler: a.handler
          Policies:
            - AWSXrayWriteOnlyAccess
            - Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: !Sub "${Bucket.Arn}/*"}]
            - DynamoDBWritePolicy: {TableName: !Ref Table}
            - SQSSendMessagePolicy: {QueueName: !GetAtt Queue.QueueName}
            - LambdaInvokePolicy: {FunctionName: !Ref G}
            - EventBridgePutEventsPolicy: {EventBusName: default}
            - StepFunctionsExecutionPolicy: {StateMachineName: !GetAtt Machine.Name}
            - SSMParameterReadPolicy: {ParameterName: app/key}
            - AWSSecretsManagerGetSecretValuePolicy: {SecretArn: !Ref Secret}
          DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Dead.Arn}
      G:
        Type: AWS::Serverless::Function
        Properties: {Runtime: python3.12, Handler: b.handler, Policies: [S3CrudPolicy: {BucketName: !Ref Bucket}]}
      Bucket: {Type: AWS::S3::Bucket}
      Table: {Type: AWS::DynamoDB::Table}
      Queue: {Type: AWS::SQS::Queue}
      Dead: {Type: AWS::SQS::Queue}
      Topic: {Type: AWS::SNS::Topic}
      Secret: {Type: AWS::SecretsManager::Secret}
      Machine:
        Type: AWS::Serverless::StateMachine
        Properties: {Definition: {StartAt: A, States: {A: {Type: Succeed}}}}
      Link:
        Type: AWS::Serverless::Connector
        Properties: {Source: {Id: G}, Destination: [{Id: Table}], Permissions: [Read]}
"""


@pytest.mark.parametrize(
    ("action", "service", "name"),
    [
        ("dynamodb:PutItem", "dynamodb", "Table"),
        ("sqs:SendMessage", "sqs", "Queue"),
        ("sqs:SendMessage", "sqs", "Dead"),
        ("lambda:InvokeFunction", "lambda", "G"),
        ("states:StartExecution", "stepfunctions", "Machine"),
        ("sns:Publish", "sns", "Topic"),
        ("secretsmanager:GetSecretValue", "secretsmanager", "Secret"),
        ("xray:PutTraceSegments", "sqs", "Queue"),
    ],
)
def test_policies_allow_what_they_name(read: Read, action: str, service: str, name: str) -> None:
    function = read(POLICIES).functions[0]
    assert function.role.complete
    assert _may(function, action, service, Pattern.generated(name)) is Verdict.YES


@pytest.mark.parametrize(
    ("action", "service", "name"),
    [
        ("dynamodb:Scan", "dynamodb", "Table"),
        ("dynamodb:PutItem", "dynamodb", "Other"),
        ("s3:PutObject", "s3", "Bucket/key"),
        ("sqs:ReceiveMessage", "sqs", "Queue"),
        ("lambda:InvokeFunction", "lambda", "F"),
    ],
)
def test_policies_allow_nothing_else(read: Read, action: str, service: str, name: str) -> None:
    function = read(POLICIES).functions[0]
    logical_id, slash, key = name.partition("/")
    assert _may(function, action, service, Pattern.of(Pattern.generated(logical_id), slash, key)) is Verdict.NO


def test_policy_templates_and_connectors_of_the_other(read: Read) -> None:
    function = read(POLICIES).functions[1]
    assert _may(function, "s3:PutObject", "s3", Pattern.of(Pattern.generated("Bucket"), "/a")) is Verdict.YES
    assert _may(function, "dynamodb:GetItem", "dynamodb", Pattern.generated("Table")) is Verdict.YES
    assert _may(function, "dynamodb:PutItem", "dynamodb", Pattern.generated("Table")) is Verdict.NO


def test_an_unknown_policy_leaves_the_role_open(read: Read) -> None:
    part = read("""
        Transform: AWS::Serverless-2016-10-31
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties: {Runtime: python3.12, Handler: a.handler, Policies: [NoSuchPolicy: {A: b}]}
    """)
    assert not part.functions[0].role.complete
    assert [(one.code, one.span.line if one.span else 0) for one in part.diagnostics] == [("policy-unknown", 6)]


def test_layers_image_url_and_inline_code(read: Read) -> None:
    part = read(
        """
        Transform: AWS::Serverless-2016-10-31
        Globals: {Function: {Runtime: python3.12, Handler: a.handler}}
        Resources:
          Shared: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: shared/}}
          Plain: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: plain}}
          F:
            Type: AWS::Serverless::Function
            Properties:
              Layers: [!Ref Shared, !Ref Plain, "arn:aws:lambda:eu-west-1:1:layer:x:1"]
              FunctionUrlConfig: {AuthType: AWS_IAM}
          G: {Type: AWS::Serverless::Function, Properties: {PackageType: Image}}
          H:
            Type: AWS::Serverless::Function
            Properties:
              Handler: index.main
              InlineCode: |
                def main(event, context):
                    return event
    """,
        {"shared/python/x.py": "", "plain/y.py": ""},
    )
    f, g, h = part.functions
    assert f.layers == ("shared/python", "plain")
    assert [(trigger.type, _settings(trigger)) for trigger in f.triggers] == [("url", {"authType": "AWS_IAM"})]
    assert (g.language, g.file) == ("other", None)
    assert h.inline_code == "def main(event, context):\n    return event\n"
    assert (h.language, h.file, h.attribute) == ("python", None, "main")
    assert [diagnostic.code for diagnostic in part.diagnostics] == ["container-image"]


def test_a_state_machine_in_a_file(read: Read) -> None:
    definition = '{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${Arn}", "End": true}}}'
    part = read(
        """
        Transform: AWS::Serverless-2016-10-31
        Resources:
          F: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.12, Handler: a.handler}}
          Machine:
            Type: AWS::Serverless::StateMachine
            Properties:
              DefinitionUri: flows/review.asl.json
              DefinitionSubstitutions: {Arn: !GetAtt F.Arn}
              Events: {Start: {Type: Api, Properties: {Path: /start, Method: post}}}
          Lost: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: "s3://bucket/key"}}
          Outside: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: ../x.json}}
    """,
        {"flows/review.asl.json": definition},
    )
    [machine] = part.state_machines
    assert machine.states["A"].function == "F"
    assert machine.states["A"].span.file == "flows/review.asl.json"
    assert [trigger.type for trigger in machine.triggers] == ["http"]
    assert "flows/review.asl.json" in part.texts
    assert {diagnostic.code for diagnostic in part.diagnostics} == {"definition-elsewhere", "path-outside"}


def test_resources_that_sam_makes_may_be_referred_to(read: Read) -> None:
    part = read("""
        Transform: AWS::Serverless-2016-10-31
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties:
              Runtime: python3.12
              Handler: a.handler
              AutoPublishAlias: live
              Environment:
                Variables:
                  API: !Ref ServerlessRestApi
                  ROLE: !GetAtt FRole.Arn
                  ALIAS: !Ref G.Alias
                  STAGE: !Ref ServerlessRestApiProdStage
          G: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.12, Handler: b.handler}}
    """)
    assert not part.diagnostics
    assert str(part.functions[0].environment["ALIAS"].value).endswith(":function:{G}:{G.Alias}")


def test_samconfig_gives_parameters(read: Read) -> None:
    template = """
        Transform: AWS::Serverless-2016-10-31
        Parameters: {Stage: {Type: String, Default: dev}, Table: {Type: String}}
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties:
              Runtime: python3.12
              Handler: a.handler
              Environment:
                Variables: {A: !Sub "${Stage}/${Table}/${AWS::StackName}/${AWS::Region}"}
    """
    config = (
        '[default.deploy.parameters]\nstack_name = "shop"\nregion = "eu-west-1"\n'
        "parameter_overrides = 'Stage=\"live\" ParameterKey=Table,ParameterValue=notes'\n"
    )
    [function] = read(template, {"samconfig.toml": config}).functions
    assert str(function.environment["A"].value) == "live/notes/shop/eu-west-1"
    given = read(template, {"samconfig.toml": config}, Options(param={"Stage": "test"}))
    assert str(given.functions[0].environment["A"].value).startswith("test/")
    broken = read(template, {"samconfig.toml": "[default\n"})
    assert [diagnostic.code for diagnostic in broken.diagnostics] == ["samconfig-broken"]


def test_code_that_is_one_file_is_packaged_at_the_root(read: Read) -> None:
    part = read(
        """
        Transform: AWS::Serverless-2016-10-31
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties: {CodeUri: src/h.py, Handler: h.run, Runtime: python3.12}
        """,
        {"src/h.py": "def run(event, context): ...\n"},
    )
    assert not part.diagnostics
    assert [(one.file, one.code_root) for one in part.functions] == [("src/h.py", "src")]


@pytest.mark.parametrize("name", ["ApiProdStage", "ApiStage", "Api.Stage", "Api.Deployment", "ApiDeployment"])
def test_what_sam_makes_for_an_api_can_be_referred_to(read: Read, name: str) -> None:
    part = read(
        f"""
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Api: {{Type: AWS::Serverless::Api, Properties: {{StageName: Prod}}}}
          Plan: {{Type: AWS::ApiGateway::UsagePlan, Properties: {{ApiStages: [{{Stage: !Ref {name}}}]}}}}
        """
    )
    assert not part.diagnostics


def test_a_stage_that_nobody_makes_is_missing(read: Read) -> None:
    part = read(
        """
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Api: {Type: AWS::Serverless::Api, Properties: {StageName: Prod}}
          Plan: {Type: AWS::ApiGateway::UsagePlan, Properties: {ApiStages: [{Stage: !Ref ApiTestStage}]}}
        """
    )
    assert [diagnostic.code for diagnostic in part.diagnostics] == ["reference-missing"]
