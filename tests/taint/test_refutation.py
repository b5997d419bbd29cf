"""What the role of a handler says against a flow."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab import load_app
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
    (tmp_path / "serverless.yml").write_text(TEMPLATE, encoding="utf-8")
    code = f"import boto3\n\n\ndef handler(event, context):\n    x = event['body']\n    boto3.{call}\n"
    (tmp_path / "take.py").write_text(code, encoding="utf-8")
    subject = load_app(tmp_path).subject
    (found,) = subject.code.calls
    sink = Step("sink", "take", found.span, "", "")
    assert (
        judge(subject, Meanings(subject.code.modules), RULE[rule], Trace((sink,), ("take",), None)).aside is not None
    ) == refuted
