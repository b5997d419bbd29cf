"""Who can send to a resource without a function in between makes whoever listens to it public."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab import load_app
from tests.events.conftest import Write

NOTHING = "- {Effect: Allow, Action: 'logs:*', Resource: '*'}"
QUEUE = "Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}\n"
ON_QUEUE = "[{sqs: {arn: {Fn::GetAtt: [Jobs, Arn]}}}]"
BUCKET = "Inbox: {Type: AWS::S3::Bucket, Properties: {BucketName: inbox}}\n"
ON_BUCKET = "[{s3: {bucket: inbox, existing: true}}]"
ON_BUS = "[{eventBridge: {pattern: {source: [shop]}}}]"
REST = """Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}
Post:
  Type: AWS::ApiGateway::Method
  Properties:
    RestApiId: {Ref: Api}
    HttpMethod: POST
    AuthorizationType: NONE
    Integration: {Type: AWS, IntegrationHttpMethod: POST, Uri: 'arn:aws:apigateway:eu-west-1:%s'%s}
"""
HTTP = """Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}
Into:
  Type: AWS::ApiGatewayV2::Integration
  Properties: {ApiId: {Ref: Api}, IntegrationType: AWS_PROXY, IntegrationSubtype: %s, RequestParameters: %s}
"""
ROUTE = """Route:
  Type: AWS::ApiGatewayV2::Route
  Properties: {ApiId: {Ref: Api}, RouteKey: POST /x, Target: {Fn::Sub: 'integrations/${Into}'}}
"""
SEND = ", RequestTemplates: {application/json: 'Action=SendMessage&MessageBody=$input.body'}"
RECEIVE = ", RequestTemplates: {application/json: 'Action=ReceiveMessage'}"
OPENAPI = """Api:
  Type: AWS::ApiGateway::RestApi
  Properties:
    Body:
      openapi: 3.0.1
      paths:
        /jobs:
          post:
            x-amazon-apigateway-integration:
              type: aws
              httpMethod: POST
              uri: arn:aws:apigateway:eu-west-1:sqs:path/1/jobs
              requestTemplates: {application/json: 'Action=SendMessage&MessageBody=$input.body'}
"""
TEMPLATED = ", RequestTemplates: {application/json: '%s'}"
TABLE = "Notes: {Type: AWS::DynamoDB::Table, Properties: {TableName: notes}}\n"
OTHER_TABLE = "Old: {Type: AWS::DynamoDB::Table, Properties: {TableName: notes-archive}}\n"
ON_TABLE = "[{stream: {type: dynamodb, arn: {Fn::GetAtt: [Notes, StreamArn]}}}]"
PUT_ITEM = '{"TableName": "notes", "Item": {"id": {"S": "$context.requestId"}}}'
PUT_OTHER = PUT_ITEM.replace("notes", "notes-archive")
PUT_EVENT = '{"Entries": [{"Source": "%s", "DetailType": "order", "Detail": "$input.body"}]}'
TOPIC = "News: {Type: AWS::SNS::Topic, Properties: {TopicName: news}}\n"
ON_TOPIC = "[{sns: {arn: {Ref: News}, topicName: news}}]"
TO_TOPIC = ", RequestParameters: {integration.request.querystring.TopicArn: {Fn::Sub: \"'${News}'\"}}"
INTO_QUEUE = "{QueueUrl: {Ref: Jobs}, MessageBody: $request.body}"
PUT_BUS = "{Source: %s, DetailType: d, Detail: $request.body}"
MAIL = """Mail:
  Type: AWS::SES::ReceiptRule
  Properties: {RuleSetName: r, Rule: {Actions: [{S3Action: {BucketName: inbox}}]}}
"""
OPEN_BUCKET = "Inbox: {Type: AWS::S3::Bucket, Properties: {BucketName: inbox, AccessControl: PublicReadWrite%s}}"
BLOCK = ", PublicAccessBlockConfiguration: {IgnorePublicAcls: true}"


def policy(kind: str, principal: str, action: str, condition: str = "") -> str:
    """The policy of the queue, bucket or topic."""
    key = {"SQS::Queue": "Queues: [{Ref: Jobs}]", "S3::Bucket": "Bucket: inbox", "SNS::Topic": "Topics: [{Ref: News}]"}
    statement = f"{{Effect: Allow, Principal: {principal}, Action: '{action}', Resource: '*'{condition}}}"
    return f"""Policy:
  Type: AWS::{kind}Policy
  Properties: {{{key[kind]}, PolicyDocument: {{Statement: [{statement}]}}}}
"""


# name: (events of the function, resources, whether anyone can wake it)
CASES: dict[str, tuple[str, str, bool]] = {
    "queue by path": (ON_QUEUE, QUEUE + REST % ("sqs:path/1/jobs", SEND), True),
    "another queue by path": (ON_QUEUE, QUEUE + REST % ("sqs:path/1/others", SEND), False),
    "a queue that is read": (ON_QUEUE, QUEUE + REST % ("sqs:path/1/jobs", RECEIVE), False),
    "queue by OpenAPI": (ON_QUEUE, QUEUE + OPENAPI, True),
    "topic by parameter": (ON_TOPIC, TOPIC + REST % ("sns:action/Publish", TO_TOPIC), True),
    "table by template": (ON_TABLE, TABLE + REST % ("dynamodb:action/PutItem", TEMPLATED % PUT_ITEM), True),
    "another table": (
        ON_TABLE,
        TABLE + OTHER_TABLE + REST % ("dynamodb:action/PutItem", TEMPLATED % PUT_OTHER),
        False,
    ),
    "a table that is read": (ON_TABLE, TABLE + REST % ("dynamodb:action/GetItem", TEMPLATED % PUT_ITEM), False),
    "bus": (ON_BUS, REST % ("events:action/PutEvents", TEMPLATED % PUT_EVENT % "shop"), True),
    "bus, another source": (ON_BUS, REST % ("events:action/PutEvents", TEMPLATED % PUT_EVENT % "bank"), False),
    "bucket by path": (ON_BUCKET, BUCKET + REST % ("s3:path/inbox/{key}", ""), True),
    "bucket by a request's word": (ON_BUCKET, BUCKET + REST % ("s3:path/{bucket}/{key}", ""), True),
    "queue by subtype": (ON_QUEUE, QUEUE + HTTP % ("SQS-SendMessage", INTO_QUEUE) + ROUTE, True),
    "queue by a request's word": (
        ON_QUEUE,
        QUEUE + HTTP % ("SQS-SendMessage", "{QueueUrl: $request.header.q}") + ROUTE,
        True,
    ),
    "a subtype that reads": (ON_QUEUE, QUEUE + HTTP % ("SQS-ReceiveMessage", INTO_QUEUE) + ROUTE, False),
    "without a route": (ON_QUEUE, QUEUE + HTTP % ("SQS-SendMessage", INTO_QUEUE), False),
    "bus by subtype": (ON_BUS, HTTP % ("EventBridge-PutEvents", PUT_BUS % "shop") + ROUTE, True),
    "bus by subtype, another source": (ON_BUS, HTTP % ("EventBridge-PutEvents", PUT_BUS % "bank") + ROUTE, False),
    "bucket by policy": (ON_BUCKET, BUCKET + policy("S3::Bucket", "'*'", "s3:PutObject"), True),
    "bucket by policy, AWS": (ON_BUCKET, BUCKET + policy("S3::Bucket", "{AWS: '*'}", "s3:Put*"), True),
    "bucket to be read": (ON_BUCKET, BUCKET + policy("S3::Bucket", "'*'", "s3:GetObject"), False),
    "bucket of one account": (ON_BUCKET, BUCKET + policy("S3::Bucket", "{AWS: '1'}", "s3:PutObject"), False),
    "queue by policy": (ON_QUEUE, QUEUE + policy("SQS::Queue", "'*'", "sqs:SendMessage"), True),
    "queue under a condition": (
        ON_QUEUE,
        QUEUE + policy("SQS::Queue", "'*'", "sqs:SendMessage", ", Condition: {ArnEquals: {aws:SourceArn: x}}"),
        False,
    ),
    "bucket by access list": (ON_BUCKET, OPEN_BUCKET % "", True),
    "bucket behind a block": (ON_BUCKET, OPEN_BUCKET % BLOCK, False),
    "bucket for mail": (ON_BUCKET, BUCKET + MAIL, True),
}


@pytest.mark.parametrize("name", CASES)
def test_an_open_resource_makes_its_listener_public(application: Write, name: str) -> None:
    events, resources, public = CASES[name]
    app = application(
        NOTHING,
        f"take:\n  handler: take.handler\n  events: {events}",
        resources,
        take="def handler(event, context):\n    return event\n",
    )
    assert [one for one in app.template.diagnostics if one.level == "error"] == []
    assert app.events.entries["take"].kind == ("public" if public else "external")


def test_a_relay_leads_on_from_an_open_resource(application: Write) -> None:
    subscription = """Sub:
  Type: AWS::SNS::Subscription
  Properties: {TopicArn: {Ref: News}, Protocol: sqs, Endpoint: {Fn::GetAtt: [Jobs, Arn]}}
"""
    app = application(
        NOTHING,
        f"take:\n  handler: take.handler\n  events: {ON_QUEUE}",
        QUEUE + TOPIC + policy("SNS::Topic", "'*'", "sns:Publish") + subscription,
        take="def handler(event, context):\n    return event\n",
    )
    entry = app.events.entries["take"]
    assert entry.kind == "public"
    assert entry.because[0].text == "anyone can send to sns:news, which wakes it"


PROXIES = """service: demo
plugins: [serverless-apigateway-service-proxy]
provider: {name: aws, runtime: python3.12, region: eu-west-1}
custom:
  apiGatewayServiceProxies:
    - %s
functions:
  take: {handler: take.handler, events: %s}
resources:
  Resources:
    Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}
    Notes: {Type: AWS::DynamoDB::Table, Properties: {TableName: notes}}
"""


@pytest.mark.parametrize(
    ("proxy", "events", "public"),
    [
        ("sqs: {path: /jobs, method: post, queueName: {Fn::GetAtt: [Jobs, QueueName]}}", ON_QUEUE, True),
        ("sqs: {path: /jobs, method: post, queueName: others}", ON_QUEUE, False),
        ("dynamodb: {path: /notes, method: post, action: PutItem, tableName: {Ref: Notes}}", ON_TABLE, True),
        ("dynamodb: {path: /notes, method: get, action: GetItem, tableName: {Ref: Notes}}", ON_TABLE, False),
        ("eventbridge: {path: /e, method: post, source: shop, detailType: d, detail: x}", ON_BUS, True),
        ("eventbridge: {path: /e, method: post, source: bank, detailType: d, detail: x}", ON_BUS, False),
    ],
)
def test_routes_of_the_plugin(tmp_path: Path, proxy: str, events: str, public: bool) -> None:
    (tmp_path / "serverless.yml").write_text(PROXIES % (proxy, events), encoding="utf-8")
    (tmp_path / "take.py").write_text("def handler(event, context):\n    return event\n", encoding="utf-8")
    assert load_app(tmp_path).events.entries["take"].kind == ("public" if public else "external")
