"""What the role of a handler says against a flow."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab import load_app
from sls_lab.facts import Reason, Span
from sls_lab.taint.judge.definitions import Meanings
from sls_lab.taint.judge.refutation import judge
from sls_lab.taint.model import Step
from sls_lab.taint.read.flow_trace import Trace
from sls_lab.taint.rules import RULES

TEMPLATE = """service: demo
provider:
  name: aws
  runtime: python3.12
  region: eu-west-1
  iamRoleStatements:
    - {Effect: Allow, Action: "sns:Publish", Resource: "arn:aws:sns:eu-west-1:1:mine"}
    - {Effect: Allow, Action: "dynamodb:Scan", Resource: "arn:aws:dynamodb:*:*:table/mine"}
    - {Effect: Allow, Action: "dynamodb:Query", Resource: "arn:aws:dynamodb:*:*:table/mine/index/*"}
    - {Effect: Allow, Action: "s3:DeleteObject", Resource: "arn:aws:s3:::mine/*"}
    - {Effect: Allow, Action: "ses:SendEmail", Resource: "arn:aws:ses:eu-west-1:1:identity/mine"}
functions:
  take: {handler: take.handler, events: [{httpApi: POST /x}]}
"""
RULE = {rule.name: rule for rule in RULES}


@pytest.mark.parametrize(
    ("rule", "call", "refuted"),
    [
        ("SnsMessage", "client('sns').publish(TopicArn='arn:aws:sns:eu-west-1:1:mine', Message=x)", False),
        ("SnsMessage", "client('sns').publish(TopicArn='arn:aws:sns:eu-west-1:1:theirs', Message=x)", True),
        ("SnsMessage", "client('sns').publish(TopicArn=event['topic'], Message=x)", False),
        ("DynamoDbExpression", "client('dynamodb').scan(TableName='mine', FilterExpression=x)", False),
        ("DynamoDbExpression", "client('dynamodb').scan(TableName='theirs', FilterExpression=x)", True),
        ("DynamoDbExpression", "resource('dynamodb').Table('theirs').scan(FilterExpression=x)", True),
        ("DynamoDbExpression", "client('dynamodb').query(TableName='mine', IndexName='i', FilterExpression=x)", False),
        ("ObjectDeletion", "client('s3').delete_object(Bucket='mine', Key=x)", False),
        ("ObjectDeletion", "client('s3').delete_object(Bucket='theirs', Key=x)", True),
        ("MailMessage", "client('ses').send_email(Source=x)", False),
        ("MailMessage", "client('ses').send_raw_email(RawMessage=x)", True),
    ],
)
def test_a_call_that_is_not_permitted_harms_nobody(tmp_path: Path, rule: str, call: str, refuted: bool) -> None:
    assert (why(tmp_path, TEMPLATE, rule, call) is not None) == refuted


def why(folder: Path, template: str, rule: str, call: str) -> str | None:
    """Why a flow to a call of the handler harms nobody."""
    (folder / "serverless.yml").write_text(template, encoding="utf-8")
    code = f"import boto3\n\n\ndef handler(event, context):\n    x = event['body']\n    boto3.{call}\n"
    (folder / "take.py").write_text(code, encoding="utf-8")
    subject = load_app(folder).subject
    (found,) = subject.code.calls
    sink = Step("sink", "take", found.span, "", "")
    aside = judge(subject, Meanings(subject.code.modules), RULE[rule], Trace((sink,), ("take",), None)).aside
    assert aside is None or aside.span == found.span
    return aside.text if aside is not None else None


def allowing(*statements: str) -> str:
    head, _, _ = TEMPLATE.partition("    - {")
    return head + "".join(f"    - {{{one}}}\n" for one in statements) + TEMPLATE[TEMPLATE.index("functions:") :]


@pytest.mark.parametrize(
    ("statement", "refuted"),
    [
        ("Effect: Allow, Action: 'ses:Send*', Resource: '*'", False),
        ("Effect: Allow, Action: 'SES:sendrawemail', Resource: '*'", False),
        ("Effect: Allow, Action: '*', Resource: '*'", False),
        ("Effect: Allow, NotAction: 'iam:*', Resource: '*'", False),
        ("Effect: Allow, Action: 'ses:SendEmail', Resource: '*'", True),
        ("Effect: Allow, Action: 's3:*', Resource: '*'", True),
        ("Effect: Deny, Action: 'ses:*', Resource: '*'", True),
    ],
)
def test_it_is_enough_that_an_action_is_allowed_on_something(tmp_path: Path, statement: str, refuted: bool) -> None:
    call = "client('ses').send_raw_email(RawMessage=x)"
    expected = "the role of `take` does not allow ses:SendRawEmail here" if refuted else None
    assert why(tmp_path, allowing(statement), "MailMessage", call) == expected


def test_a_call_by_credentials_of_its_own_may_be_allowed_anything(tmp_path: Path) -> None:
    call = "client('ses', aws_access_key_id='A', aws_secret_access_key='B').send_raw_email(RawMessage=x)"
    assert why(tmp_path, TEMPLATE, "MailMessage", call) is None


TOPIC = """resources:
  Resources:
    Mine: {Type: AWS::SNS::Topic, Properties: {TopicName: mine}}
"""
SUBSCRIBER = """    Reader:
      Type: AWS::SNS::Subscription
      Properties: {TopicArn: {Ref: %s}, Protocol: email, Endpoint: a@b.example}
    Other: {Type: AWS::SNS::Topic, Properties: {TopicName: other}}
"""
PUBLISH = "client('sns').publish(TopicArn='arn:aws:sns:eu-west-1:1:mine', Message=x)"
INSIDE = "every subscriber of the topic is a function or queue of the application"


@pytest.mark.parametrize(
    ("resources", "call", "reason"),
    [
        (TOPIC, PUBLISH, INSIDE),
        (TOPIC + SUBSCRIBER % "Other", PUBLISH, INSIDE),
        (TOPIC + SUBSCRIBER % "Mine", PUBLISH, None),
        ("", PUBLISH, None),
        (TOPIC, "client('sns').publish(TopicArn=event['topic'], Message=x)", None),
        (TOPIC, "client('sns').publish(PhoneNumber=event['to'], Message=x)", None),
    ],
)
def test_a_message_to_the_application_itself_tells_nobody(
    tmp_path: Path, resources: str, call: str, reason: str | None
) -> None:
    template = allowing("Effect: Allow, Action: 'sns:Publish', Resource: '*'") + resources
    assert why(tmp_path, template, "SnsMessage", call) == reason


def test_what_another_handler_would_have_to_raise_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "take.py").write_text("def handler(event, context):\n    pass\n", encoding="utf-8")
    subject = load_app(tmp_path).subject
    against = Reason("this call wakes another")
    trace = Trace((Step("sink", "take", Span("take.py", 1, 0, 1, 3), "", ""),), ("take",), None, against=against)
    assert judge(subject, Meanings(subject.code.modules), RULE["ShellCommand"], trace).aside == against
