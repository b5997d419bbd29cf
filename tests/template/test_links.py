"""What the templates of one application give each other, and what stays unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab import App, load_app

SEND = """import os, boto3
def handler(event, context):
    boto3.client('sqs').send_message(QueueUrl=os.environ['QUEUE'], MessageBody='x')
"""
FUNCTION = """  {name}:
    Type: AWS::Lambda::Function
    Properties:
      Handler: {name}.handler
      Runtime: python3.12
      Role: !GetAtt Role.Arn
      Code: {root}
      Environment: {{Variables: {{QUEUE: {queue}}}}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies: [{{PolicyDocument: {{Statement: [{{Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'}}]}}}}]
"""
LISTENER = """  {name}:
    Type: AWS::Lambda::Function
    Properties: {{Handler: {name}.handler, Runtime: python3.12, Code: {root}}}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {{FunctionName: !Ref {name}, EventSourceArn: {arn}}}
"""
QUEUE = "  Queue: {Type: AWS::SQS::Queue}\n"


def application(root: Path, **files: str) -> App:
    for name, text in {"send_py": SEND, "take_py": "def handler(event, context): pass\n", **files}.items():
        path = root / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_app(root)


def edges(app: App) -> list[tuple[str, str | None, str, bool]]:
    return [(edge.source, edge.target, edge.status, edge.certain) for edge in app.events.edges]


LINKED = [("send", "take", "linked", True)]


def test_an_export_is_what_another_template_imports(tmp_path: Path) -> None:
    sending = FUNCTION.format(name="send", root=".", queue="!Ref Queue")
    app = application(
        tmp_path,
        a_yaml=f"Resources:\n{QUEUE}{sending}Outputs:\n  Arn: {{Value: !GetAtt Queue.Arn, Export: {{Name: jobs}}}}\n",
        b_yaml=f"Resources:\n{LISTENER.format(name='take', root='.', arn='!ImportValue jobs')}",
    )
    assert edges(app) == LINKED
    [trigger] = app.template.function("take").triggers
    assert any("exports jobs" in reason.text for reason in trigger.because)


def test_an_import_that_nobody_exports_is_a_named_unknown(tmp_path: Path) -> None:
    app = application(
        tmp_path,
        a_yaml=f"Resources:\n{QUEUE}{FUNCTION.format(name='send', root='.', queue='!Ref Queue')}",
        b_yaml=f"Resources:\n{LISTENER.format(name='take', root='.', arn='!ImportValue jobs')}",
    )
    assert not any(edge.linked and edge.certain for edge in app.events.edges)
    assert "ImportValue jobs" in {found.value and str(found.value).strip("{}") for found in app.template.resolutions}


def test_an_export_that_holds_the_name_of_its_stack_is_not_guessed(tmp_path: Path) -> None:
    export = '{Value: !GetAtt Queue.Arn, Export: {Name: !Sub "${AWS::StackName}-jobs"}}'
    arn = '{Fn::ImportValue: !Sub "${AWS::StackName}-jobs"}'
    sending = FUNCTION.format(name="send", root=".", queue="!Ref Queue")
    app = application(
        tmp_path,
        a_yaml=f"Resources:\n{QUEUE}{sending}Outputs:\n  Arn: {export}\n",
        b_yaml=f"Resources:\n{LISTENER.format(name='take', root='.', arn=arn)}",
    )
    assert not any(edge.linked and edge.certain for edge in app.events.edges)


PARENT = """Resources:
  Queue: {{Type: AWS::SQS::Queue}}
  Sender:
    Type: AWS::CloudFormation::Stack
    Properties: {{TemplateURL: ./nested/send.yaml, Parameters: {{QueueUrl: {url}}}}}
  Taker:
    Type: AWS::Serverless::Application
    Properties: {{Location: nested/take.yaml, Parameters: {{QueueArn: {arn}}}}}
"""
PARAMETER = "Parameters: {{{name}: {{Type: String}}}}\n"


def nested(root: Path, parent: str, more: str = "") -> App:
    sending = FUNCTION.format(name="send", root="..", queue="!Ref QueueUrl")
    taking = LISTENER.format(name="take", root="..", arn="!Ref QueueArn")
    return application(
        root,
        main_yaml=parent,
        nested__send_yaml=f"{PARAMETER.format(name='QueueUrl')}Resources:\n{sending}{more}",
        nested__take_yaml=f"{PARAMETER.format(name='QueueArn')}Resources:\n{taking}",
    )


def test_parameters_are_passed_down_to_nested_stacks(tmp_path: Path) -> None:
    app = nested(tmp_path, PARENT.format(url="!Ref Queue", arn="!GetAtt Queue.Arn"))
    assert edges(app) == LINKED
    assert app.template.files == ("main.yaml", "nested/send.yaml", "nested/take.yaml")


def test_an_output_of_one_nested_stack_is_the_parameter_of_another(tmp_path: Path) -> None:
    parent = PARENT.format(url="nothing", arn="!GetAtt Sender.Outputs.Arn").replace(
        ", Parameters: {QueueUrl: nothing}", ""
    )
    own = QUEUE + "Outputs:\n  Arn: {Value: !GetAtt Queue.Arn}\n"
    sending = FUNCTION.format(name="send", root="..", queue="!Ref Queue")
    taking = LISTENER.format(name="take", root="..", arn="!Ref QueueArn")
    app = application(
        tmp_path,
        main_yaml=parent,
        nested__send_yaml=f"Resources:\n{sending}{own}",
        nested__take_yaml=f"{PARAMETER.format(name='QueueArn')}Resources:\n{taking}",
    )
    assert edges(app) == LINKED


def test_the_queue_of_the_parent_is_not_that_of_the_child(tmp_path: Path) -> None:
    """Both call it `Queue`, and each deployment makes up a name of its own."""
    parent = PARENT.format(url="!Ref Queue", arn="!GetAtt Queue.Arn")
    app = nested(tmp_path, parent, QUEUE)
    assert edges(app) == LINKED
    sending = FUNCTION.format(name="send", root="..", queue="!Ref Queue")
    (tmp_path / "nested/send.yaml").write_text(f"Resources:\n{sending}{QUEUE}", encoding="utf-8")
    assert not any(edge.linked for edge in load_app(tmp_path).events.edges)


def test_a_stack_that_is_nested_twice_gets_only_what_both_are_given(tmp_path: Path) -> None:
    again = """  Other: {Type: AWS::SQS::Queue}
  Second:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: nested/take.yaml, Parameters: {QueueArn: !GetAtt Other.Arn}}
"""
    app = nested(tmp_path, PARENT.format(url="!Ref Queue", arn="!GetAtt Queue.Arn") + again)
    assert not any(edge.linked and edge.certain for edge in app.events.edges)


@pytest.mark.parametrize(
    "location",
    ["https://s3.amazonaws.com/templates/take.yaml", "nested/missing.yaml", "../outside.yaml", "/etc/passwd"],
)
def test_a_nested_template_elsewhere_is_named(tmp_path: Path, location: str) -> None:
    app = application(
        tmp_path,
        main_yaml=f"Resources:\n  S: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: '{location}'}}}}\n",
    )
    [said] = [one for one in app.template.diagnostics if one.code == "nested-template-elsewhere"]
    assert location in said.message
    # What it declares was not seen, so no answer speaks of the whole application.
    assert said.level == "error"
    assert said.span is not None and said.span.line == 2


def test_templates_that_nest_each_other_come_to_an_end(tmp_path: Path) -> None:
    nest = """Parameters: {{P: {{Type: String, Default: x}}}}
Resources:
  S: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {other}, Parameters: {{P: !Sub "${{P}}x"}}}}}}
Outputs: {{O: {{Value: !Sub "${{S.Outputs.O}}y"}}}}
"""
    app = application(tmp_path, a_yaml=nest.format(other="b.yaml"), b_yaml=nest.format(other="a.yaml"))
    assert app.template.files == ("a.yaml", "b.yaml")


SLS = """service: {service}
provider:
  name: aws
  runtime: python3.12
  stage: dev
  iam: {{role: {{statements: [{{Effect: Allow, Action: 'sqs:*', Resource: '*'}}]}}}}
"""
OUTPUT = """resources:
  Resources: {Queue: {Type: AWS::SQS::Queue}}
  Outputs: {Arn: {Value: {Fn::GetAtt: [Queue, Arn]}}}
"""


@pytest.mark.parametrize(
    "written", ["${cf:jobs-dev.Arn}", "${cf(eu-west-1):jobs-dev.Arn}", "${cf.eu-west-1:jobs-dev.Arn}"]
)
def test_an_output_of_a_service_is_what_cf_gives_in_another(tmp_path: Path, written: str) -> None:
    send = "functions: {send: {handler: send.handler, environment: {QUEUE: {Ref: Queue}}}}\n"
    take = f"functions: {{take: {{handler: take.handler, events: [{{sqs: '{written}'}}]}}}}\n"
    app = application(
        tmp_path,
        jobs__serverless_yml=SLS.format(service="jobs") + send + OUTPUT,
        work__serverless_yml=SLS.format(service="work") + take,
        jobs__send_py=SEND,
        work__take_py="def handler(event, context): pass\n",
    )
    assert edges(app) == LINKED


def test_an_output_of_a_stack_elsewhere_stays_unknown(tmp_path: Path) -> None:
    take = "functions: {take: {handler: take.handler, events: [{sqs: '${cf:other-dev.Arn}'}]}}\n"
    app = application(tmp_path, serverless_yml=SLS.format(service="work") + take)
    [trigger] = app.template.functions[0].triggers
    assert str(trigger.resource) == "{cf:other-dev.Arn}"
