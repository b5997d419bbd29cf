"""Statements, roles, managed policies and resources' own policies."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sls_lab.aws.arn import resource_arn
from sls_lab.facts import Pattern, Verdict
from sls_lab.template.iam.decision import decide
from sls_lab.template.iam.managed_policies import connector_policy, managed_statements, sam_policy
from sls_lab.template.iam.statements import read_statements
from sls_lab.template.model import Function
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.template_part import Log, TemplatePart

Read = Callable[..., TemplatePart]
Parse = Callable[[str], Node]


def _may(function: Function, action: str, service: str, name: str) -> Verdict:
    return decide(function.role, action, resource_arn(service, Pattern.of(name))).verdict


def test_statements_in_every_form(parse: Parse) -> None:
    document = parse("""
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::a/*"}
          - {Effect: Deny, NotAction: ["s3:*", "sqs:*"], NotResource: ["x", "y"]}
          - {Effect: Allow, Action: "s3:*", Resource: "*", Condition: {StringEquals: {"aws:PrincipalTag/x": y}}}
          - {Effect: Allow, Action: "kms:*"}
    """)
    log = Log()
    allow, deny, conditional, everywhere = read_statements(document, log)
    assert [str(resource) for resource in allow.resources] == ["arn:aws:s3:::a/*"]
    assert (deny.effect, len(deny.not_actions), len(deny.not_resources)) == ("Deny", 2, 2)
    assert conditional.conditional and not allow.conditional
    assert [resource.text for resource in everywhere.resources] == ["*"]
    assert allow.span.line == 4
    assert not log.diagnostics


def test_a_statement_alone_and_a_list_of_documents(parse: Parse) -> None:
    one = "{Effect: Allow, Action: 's3:*', Resource: '*'}"
    assert len(read_statements(parse(one), Log())) == 1
    assert len(read_statements(parse(f"[{one}, {{Statement: {one}}}]"), Log())) == 2


def test_a_statement_without_effect_or_action_is_a_diagnostic(parse: Parse) -> None:
    log = Log()
    assert read_statements(parse("[{Action: 's3:*'}, {Effect: Permit, Action: x}, {Effect: Allow}]"), log) == ()
    codes = [diagnostic.code for diagnostic in log.diagnostics]
    assert codes == ["statement-without-effect", "statement-without-effect", "statement-without-action"]


def test_denying_plain_http_denies_no_call_of_boto3(parse: Parse) -> None:
    written = "{Effect: Deny, Action: '*', Resource: '*', Condition: {Bool: {'aws:SecureTransport': 'false'}}}"
    assert read_statements(parse(written), Log()) == ()


@pytest.mark.parametrize(
    ("name", "allowed", "not_allowed"),
    [
        ("AmazonS3FullAccess", "s3:PutObject", "sqs:SendMessage"),
        ("AmazonS3ReadOnlyAccess", "s3:GetObject", "s3:PutObject"),
        ("AmazonSQSFullAccess", "sqs:SendMessage", "sns:Publish"),
        ("AmazonSNSFullAccess", "sns:Publish", "sqs:SendMessage"),
        ("AmazonDynamoDBFullAccess", "dynamodb:PutItem", "s3:PutObject"),
        ("AWSLambda_FullAccess", "lambda:InvokeFunction", "sqs:SendMessage"),
        ("AWSLambdaBasicExecutionRole", "logs:PutLogEvents", "s3:GetObject"),
        ("PowerUserAccess", "s3:PutObject", "iam:CreateRole"),
        ("ReadOnlyAccess", "s3:GetObject", "s3:PutObject"),
        ("AdministratorAccess", "iam:CreateRole", ""),
    ],
)
def test_managed_policies(read: Read, name: str, allowed: str, not_allowed: str) -> None:
    [function] = read(f"""
        Resources:
          F:
            Type: AWS::Lambda::Function
            Properties: {{Runtime: python3.12, Handler: a.handler, Role: !GetAtt R.Arn}}
          R:
            Type: AWS::IAM::Role
            Properties: {{ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/{name}"]}}
    """).functions
    assert function.role.complete
    assert decide(function.role, allowed, Pattern.any("arn")).verdict is Verdict.YES
    if not_allowed:
        assert decide(function.role, not_allowed, Pattern.any("arn")).verdict is Verdict.NO


def test_tables_say_nothing_of_unknown_names(parse: Parse) -> None:
    assert managed_statements("AmazonNothingAccess", parse("x").span) is None
    assert sam_policy("NothingPolicy") is None
    assert connector_policy("AWS::S3::Bucket", "Fly") is None


ROLES = """
    Resources:
      F: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.12, Handler: a.handler, Role: !GetAtt R.Arn}}
      G: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.12, Handler: b.handler, Role: !Ref RoleArn}}
      H: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.12, Handler: c.handler, Role: !GetAtt S.Arn}}
      R:
        Type: AWS::IAM::Role
        Properties:
          RoleName: !Sub "${AWS::StackName}-r"
          Policies:
            - PolicyName: a
              PolicyDocument: {Statement: [{Effect: Allow, Action: "sqs:*", Resource: !GetAtt Q.Arn}]}
      S:
        Type: AWS::IAM::Role
        Properties: {Path: /app/, ManagedPolicyArns: [!Ref M, "arn:aws:iam::123456789012:policy/Other"]}
      P:
        Type: AWS::IAM::Policy
        Properties:
          PolicyName: p
          Roles: [!Ref R]
          PolicyDocument: {Statement: [{Effect: Deny, Action: "sqs:DeleteQueue", Resource: "*"}]}
      M:
        Type: AWS::IAM::ManagedPolicy
        Properties: {PolicyDocument: {Statement: [{Effect: Allow, Action: "sns:Publish", Resource: !Ref T}]}}
      Q: {Type: AWS::SQS::Queue, Properties: {QueueName: orders}}
      T: {Type: AWS::SNS::Topic, Properties: {TopicName: alarms}}
    Parameters: {RoleArn: {Type: String}}
"""


def test_a_role_of_the_template_is_read_with_all_that_is_attached(read: Read) -> None:
    f, g, h = read(ROLES).functions
    assert f.role.complete
    assert _may(f, "sqs:SendMessage", "sqs", "orders") is Verdict.YES
    assert _may(f, "sqs:SendMessage", "sqs", "other") is Verdict.NO
    assert _may(f, "sqs:DeleteQueue", "sqs", "orders") is Verdict.NO
    assert not g.role.complete
    assert _may(g, "sqs:SendMessage", "sqs", "orders") is Verdict.MAYBE
    assert _may(h, "sns:Publish", "sns", "alarms") is Verdict.YES
    assert _may(h, "sqs:SendMessage", "sqs", "orders") is Verdict.MAYBE


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        ("{Effect: Allow, Principal: '*', Action: 'sqs:*', Resource: '*'}", Verdict.YES),
        ("{Effect: Allow, Principal: {AWS: '*'}, Action: 'sqs:SendMessage'}", Verdict.YES),
        ("{Effect: Allow, Principal: {AWS: !GetAtt R.Arn}, Action: 'sqs:*', Resource: '*'}", Verdict.YES),
        ("{Effect: Allow, Principal: {AWS: !GetAtt S.Arn}, Action: 'sqs:*', Resource: '*'}", Verdict.NO),
        ("{Effect: Allow, Principal: {AWS: !Ref Who}, Action: 'sqs:*', Resource: '*'}", Verdict.MAYBE),
        ("{Effect: Allow, Principal: {AWS: !Ref 'AWS::AccountId'}, Action: 'sqs:*', Resource: '*'}", Verdict.NO),
        ("{Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: 'sqs:*', Resource: '*'}", Verdict.NO),
        (
            "{Effect: Allow, Principal: '*', Action: 'sqs:*', Resource: '*',"
            " Condition: {ArnEquals: {'aws:SourceArn': x}}}",
            Verdict.NO,
        ),
        (
            "{Effect: Allow, Principal: '*', Action: 'sqs:*', Resource: '*',"
            " Condition: {IpAddress: {'aws:SourceIp': x}}}",
            Verdict.MAYBE,
        ),
    ],
)
def test_a_queues_own_policy_may_allow_it(read: Read, statement: str, verdict: Verdict) -> None:
    [function] = read(f"""
        Parameters: {{Who: {{Type: String}}}}
        Resources:
          F:
            Type: AWS::Lambda::Function
            Properties: {{Runtime: python3.12, Handler: a.handler, Role: !GetAtt R.Arn}}
          R: {{Type: AWS::IAM::Role, Properties: {{}}}}
          S: {{Type: AWS::IAM::Role, Properties: {{}}}}
          Q: {{Type: AWS::SQS::Queue, Properties: {{QueueName: orders}}}}
          P:
            Type: AWS::SQS::QueuePolicy
            Properties: {{Queues: [!Ref Q], PolicyDocument: {{Statement: [{statement}]}}}}
    """).functions
    assert _may(function, "sqs:SendMessage", "sqs", "orders") is verdict
    assert _may(function, "sqs:SendMessage", "sqs", "other") is Verdict.NO


def test_a_buckets_own_policy_may_deny_it(read: Read) -> None:
    [function] = read("""
        Resources:
          F: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.12, Handler: a.handler, Role: !GetAtt R.Arn}}
          R: {Type: AWS::IAM::Role, Properties: {ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]}}
          B: {Type: AWS::S3::Bucket, Properties: {BucketName: photos}}
          P:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref B
              PolicyDocument:
                Statement:
                  - {Effect: Deny, Principal: "*", Action: "s3:PutObject", Resource: !Sub "${B.Arn}/in/*"}
                  - Effect: Deny
                    Principal: "*"
                    Action: "s3:*"
                    Resource: "*"
                    Condition: {Bool: {"aws:SecureTransport": "false"}}
    """).functions
    put = "s3:PutObject"
    assert decide(function.role, put, Pattern.of("arn:aws:s3:::photos/in/a")).verdict is Verdict.NO
    assert decide(function.role, put, Pattern.of("arn:aws:s3:::photos/out/a")).verdict is Verdict.YES


@pytest.mark.parametrize(
    ("boundary", "verdict"),
    [
        ("!Ref Limit", Verdict.NO),
        ("arn:aws:iam::aws:policy/AmazonS3FullAccess", Verdict.YES),
        ("arn:aws:iam::111122223333:policy/elsewhere", Verdict.MAYBE),
    ],
)
@pytest.mark.parametrize("of_role", [True, False])
def test_no_more_is_allowed_than_the_boundary_allows(
    read: Read, boundary: str, verdict: Verdict, of_role: bool
) -> None:
    policy = "{Statement: [{Effect: Allow, Action: 's3:*', Resource: '*'}]}"
    inline = f"Policies: [{{PolicyName: p, PolicyDocument: {policy}}}]"
    of_function = "Role: !GetAtt R.Arn" if of_role else f"Policies: [{policy}], PermissionsBoundary: {boundary}"
    part = read(
        f"""
        Transform: AWS::Serverless-2016-10-31
        Resources:
          F: {{Type: AWS::Serverless::Function, Properties: {{Handler: h.a, Runtime: python3.12, {of_function}}}}}
          R: {{Type: AWS::IAM::Role, Properties: {{{inline}, PermissionsBoundary: {boundary}}}}}
          Limit:
            Type: AWS::IAM::ManagedPolicy
            Properties: {{PolicyDocument: {{Statement: [{{Effect: Allow, Action: 'sqs:*', Resource: '*'}}]}}}}
        """
    )
    assert _may(part.functions[0], "s3:PutObject", "s3", "b") is verdict
