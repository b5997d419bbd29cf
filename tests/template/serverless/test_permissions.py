"""Roles and statements of a Serverless Framework template."""

from __future__ import annotations

import pytest

from sls_lab.aws.arn import resource_arn
from sls_lab.facts import Pattern, Verdict
from sls_lab.template.iam.decision import decide
from sls_lab.template.model import Role, Template
from tests.template.serverless.applications import Read, said

STATEMENT = "{Effect: Allow, Action: %s, Resource: '%s'}"


def allowed(role: Role, action: str, service: str = "s3", name: str = "bucket/key") -> Verdict:
    return decide(role, action, resource_arn(service, Pattern.of(name))).verdict


def role_of(template: Template, name: str = "f") -> Role:
    return template.function(name).role


@pytest.mark.parametrize(
    "written",
    [
        "iamRoleStatements: [{statement}]",
        "iam: {{role: {{statements: [{statement}]}}}}",
        "iamRoleStatements: ['${{file(iam.yml):statements.0}}']",
        "iamRoleStatements: ${{file(iam.yml):statements}}",
        "iamRoleStatements: [['${{file(iam.yml):statements.0}}']]",
        "iam: {{role: {{managedPolicies: ['arn:aws:iam::aws:policy/AmazonS3FullAccess']}}}}",
        "iamManagedPolicies: ['arn:aws:iam::aws:policy/AmazonS3FullAccess']",
    ],
)
def test_the_providers_statements_in_every_form(read: Read, written: str) -> None:
    statement = STATEMENT % ("s3:PutObject", "arn:aws:s3:::bucket/*")
    template = read(
        f"  {written.format(statement=statement)}\nfunctions: {{f: {{handler: app.main}}}}\n",
        {"iam.yml": f"statements:\n  - {statement}\n"},
    )
    role = role_of(template)
    assert role.complete
    assert allowed(role, "s3:PutObject") is Verdict.YES
    assert allowed(role, "sqs:SendMessage", "sqs", "orders") is Verdict.NO
    assert said(template) == []


def test_arns_built_in_every_way_and_wildcards(read: Read) -> None:
    template = read(
        """\
          iamRoleStatements:
            - Effect: Allow
              Action: ['dynamodb:*']
              Resource: !GetAtt Table.Arn
            - Effect: Allow
              Action: sqs:Send*
              Resource: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${self:service}-*'
            - Effect: Allow
              Action: [sns:Publish]
              Resource: {Fn::Join: [':', ['arn:aws:sns', !Ref AWS::Region, !Ref AWS::AccountId, news]]}
            - Effect: Allow
              Action: 's3:*'
              Resource: 'arn:aws:s3:::${self:custom.bucket}/*'
            - Effect: Deny
              Action: s3:DeleteObject
              Resource: '*'
        custom: {bucket: photos}
        functions: {f: {handler: app.main}}
        resources:
          Resources:
            Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: things}}
        """
    )
    role = role_of(template)
    assert allowed(role, "dynamodb:PutItem", "dynamodb", "things") is Verdict.YES
    assert allowed(role, "dynamodb:PutItem", "dynamodb", "others") is Verdict.NO
    assert allowed(role, "sqs:SendMessage", "sqs", "shop-orders") is Verdict.YES
    assert allowed(role, "sqs:ReceiveMessage", "sqs", "shop-orders") is Verdict.NO
    assert allowed(role, "sns:Publish", "sns", "news") is Verdict.YES
    assert allowed(role, "s3:PutObject", name="photos/a") is Verdict.YES
    assert allowed(role, "s3:DeleteObject", name="photos/a") is Verdict.NO
    assert [statement.span.line for statement in role.statements] == [6, 9, 12, 15, 18]


def test_without_statements_nothing_is_allowed(read: Read) -> None:
    role = role_of(read("functions: {f: {handler: app.main}}\n"))
    assert role.complete
    assert role.statements == ()
    assert allowed(role, "s3:PutObject") is Verdict.NO


@pytest.mark.parametrize(
    "written",
    [
        "role: arn:aws:iam::111122223333:role/given",
        "iam: {role: 'arn:aws:iam::111122223333:role/given'}",
        "iam: {role: !ImportValue role}",
        "role: ${ssm:/role}",
        "role: NowhereDeclared",
    ],
)
def test_a_role_from_elsewhere_is_not_known(read: Read, written: str) -> None:
    role = role_of(read(f"  {written}\nfunctions: {{f: {{handler: app.main}}}}\n"))
    assert not role.complete
    assert allowed(role, "s3:PutObject") is Verdict.MAYBE
    assert any("declared elsewhere" in reason.text for reason in role.because)


@pytest.mark.parametrize(
    "written",
    [
        "  role: OwnRole\nfunctions: {f: {handler: app.main}}",
        "  iam: {role: OwnRole}\nfunctions: {f: {handler: app.main}}",
        "  iam: {role: !GetAtt OwnRole.Arn}\nfunctions: {f: {handler: app.main}}",
        "functions: {f: {handler: app.main, role: OwnRole}}",
        "functions: {f: {handler: app.main, role: !GetAtt OwnRole.Arn}}",
        "functions: {f: {handler: app.main, role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/own-${self:service}'}}",
    ],
)
def test_a_role_of_the_template_is_read(read: Read, written: str) -> None:
    template = read(
        written
        + """
resources:
  Resources:
    OwnRole:
      Type: AWS::IAM::Role
      Properties:
        RoleName: own-${self:service}
        Policies:
          - PolicyName: own
            PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:PutObject', Resource: '*'}]}
"""
    )
    role = role_of(template)
    assert role.complete
    assert allowed(role, "s3:PutObject") is Verdict.YES


PLUGIN = "plugins: [serverless-iam-roles-per-function]\n"
OWN = """\
  iamRoleStatements: [{Effect: Allow, Action: 's3:PutObject', Resource: '*'}]
functions:
  f:
    handler: app.main
    iamRoleStatements: [{Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'}]
"""


@pytest.mark.parametrize(
    ("more", "inherited"),
    [
        (PLUGIN, False),
        ("    iamRoleStatementsInherit: true\n" + PLUGIN, True),
        (PLUGIN + "custom: {serverless-iam-roles-per-function: {defaultInherit: true}}\n", True),
        (
            "    iamRoleStatementsInherit: false\n"
            + PLUGIN
            + "custom: {serverless-iam-roles-per-function: {defaultInherit: true}}\n",
            False,
        ),
        ("plugins: {modules: [serverless-iam-roles-per-function]}\n", False),
        ("plugins: ${file(plugins.js)}\n", False),
    ],
)
def test_a_role_for_each_function(read: Read, more: str, inherited: bool) -> None:
    role = role_of(read(OWN + more))
    assert role.complete
    assert allowed(role, "sqs:SendMessage", "sqs", "q") is Verdict.YES
    assert allowed(role, "s3:PutObject") is (Verdict.YES if inherited else Verdict.NO)


def test_functions_without_statements_of_their_own_share_the_providers_role(read: Read) -> None:
    template = read(OWN + "  g: {handler: app.main}\n  h: {handler: app.main, iamRoleStatements: []}\n" + PLUGIN)
    assert allowed(role_of(template, "g"), "s3:PutObject") is Verdict.YES
    assert allowed(role_of(template, "h"), "s3:PutObject") is Verdict.NO


def test_statements_of_a_function_need_the_plugin(read: Read) -> None:
    template = read(OWN)
    assert said(template) == [("statements-ignored", 9)]
    assert allowed(role_of(template), "sqs:SendMessage", "sqs", "q") is Verdict.NO
    assert allowed(role_of(template), "s3:PutObject") is Verdict.YES


@pytest.mark.parametrize(("inherit", "verdict"), [("true", Verdict.YES), ("false", Verdict.NO)])
def test_a_functions_role_in_the_words_of_version_four(read: Read, inherit: str, verdict: Verdict) -> None:
    template = read(
        f"""\
          iam: {{role: {{statements: [{STATEMENT % ("'s3:PutObject'", "*")}]}}}}
        functions:
          f:
            handler: app.main
            iam:
              inheritStatements: {inherit}
              role: {{statements: [{STATEMENT % ("'sqs:SendMessage'", "*")}]}}
        """
    )
    assert allowed(role_of(template), "s3:PutObject") is verdict
    assert allowed(role_of(template), "sqs:SendMessage", "sqs", "q") is Verdict.YES


@pytest.mark.parametrize(
    "written", ["${file(iam.js)}", "['${file(iam.js)}']", "[{Effect: Deny, Action: x}, '${ssm:/x}']"]
)
def test_statements_that_are_not_known_leave_the_role_incomplete(read: Read, written: str) -> None:
    template = read(f"  iamRoleStatements: {written}\nfunctions: {{f: {{handler: app.main}}}}\n")
    assert not role_of(template).complete
    assert ("statements-unknown", 5) in said(template)


@pytest.mark.parametrize(
    ("policy", "verdict"),
    [
        ("arn:aws:iam::aws:policy/AmazonS3FullAccess", Verdict.YES),
        ("arn:aws:iam::aws:policy/AmazonSQSFullAccess", Verdict.NO),
        ("arn:aws:iam::111122223333:policy/b", Verdict.MAYBE),
    ],
)
@pytest.mark.parametrize("word", ["permissionsBoundary", "permissionBoundary"])
def test_a_permissions_boundary_takes_what_it_does_not_allow(
    read: Read, word: str, policy: str, verdict: Verdict
) -> None:
    statement = "{Effect: Allow, Action: 's3:*', Resource: '*'}"
    template = read(
        f"  iam: {{role: {{{word}: {policy}, statements: [{statement}]}}}}\nfunctions: {{f: {{handler: app.main}}}}\n"
    )
    assert said(template) == []
    assert allowed(role_of(template), "s3:PutObject") is verdict
    assert allowed(role_of(template), "sqs:SendMessage", "sqs", "q") is Verdict.NO


def test_policies_attached_to_the_frameworks_role(read: Read) -> None:
    template = read(
        """\
        functions: {f: {handler: app.main}}
        resources:
          Resources:
            Attached:
              Type: AWS::IAM::Policy
              Properties:
                Roles: [!Ref IamRoleLambdaExecution]
                PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:PutObject', Resource: '*'}]}
        """
    )
    assert allowed(role_of(template), "s3:PutObject") is Verdict.YES
    made = [resource.logical_id for resource in template.resources]
    assert made == ["Attached", "IamRoleLambdaExecution"]
