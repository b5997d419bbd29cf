"""Two templates that use the same logical ids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sls_lab.aws.arn import resource_arn
from sls_lab.facts import Verdict
from sls_lab.template.iam.decision import decide
from sls_lab.template.shared.template_part import TemplatePart
from sls_lab.template.shared.unique_names import separate

Read = Callable[..., TemplatePart]

TEMPLATE = """
    Transform: AWS::Serverless-2016-10-31
    Resources:
      F:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.12
          Handler: a.handler
          Environment: {Variables: {QUEUE: !Ref Queue, BUCKET: !Sub "${AWS::StackName}-in", WHERE: !Ref "AWS::Region"}}
          Policies: [SQSSendMessagePolicy: {QueueName: !GetAtt Queue.QueueName}]
          Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn}}}
      Queue: {Type: AWS::SQS::Queue}
"""


def test_names_made_up_in_two_stacks_are_two_names(read: Read) -> None:
    one, other = separate([read(TEMPLATE), read(TEMPLATE, name="other.yaml")])
    [left], [right] = one.functions, other.functions
    first, second = left.triggers[0].resource, right.triggers[0].resource
    assert first is not None and second is not None
    assert first.equals(second) is Verdict.NO
    assert str(second) == "{Queue of other.yaml}"
    assert left.environment["BUCKET"].value != right.environment["BUCKET"].value
    assert left.environment["WHERE"].value == right.environment["WHERE"].value
    for function, own, foreign in ((left, first, second), (right, second, first)):
        assert decide(function.role, "sqs:SendMessage", resource_arn("sqs", own)).verdict is Verdict.YES
        assert decide(function.role, "sqs:SendMessage", resource_arn("sqs", foreign)).verdict is Verdict.NO


def test_labels_of_one_template_alone_stay(read: Read) -> None:
    part = read(TEMPLATE)
    assert separate([part]) == [part]
    named = read(
        TEMPLATE.replace("Queue: {Type", "Other: {Type")
        .replace("!GetAtt Queue.", "!GetAtt Other.")
        .replace("!Ref Queue", "!Ref Other")
        .replace("F:\n", "G:\n"),
        name="other.yaml",
    )
    one, other = separate([part, replace(named, files=("other.yaml",))])
    assert str(one.functions[0].triggers[0].resource) == "{Queue}"
    assert str(other.functions[0].triggers[0].resource) == "{Other}"
