"""Each intrinsic function, and what odd arguments give."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sls_lab.facts import Hole, HoleKind, Pattern, Span
from sls_lab.template.cloudformation.intrinsics import Scope, resolve_intrinsics
from sls_lab.template.model import Options
from sls_lab.template.shared.node import Node

Resolve = Callable[..., tuple[Node, Scope]]

TEMPLATE = """
    Parameters:
      Stage: {Type: String, Default: dev}
      Secret: {Type: String}
      Names: {Type: CommaDelimitedList, Default: "a, b"}
      Path: {Type: "AWS::SSM::Parameter::Value<String>", Default: /app/table}
    Mappings:
      Sizes: {dev: {memory: 128, kind: x}, live: {memory: 512, kind: x}}
    Conditions:
      IsDev: !Equals [!Ref Stage, dev]
      IsLive: !Not [{Condition: IsDev}]
      HasSecret: !Not [!Equals [!Ref Secret, ""]]
      Both: !And [{Condition: IsDev}, {Condition: IsLive}]
      Either: !Or [{Condition: IsDev}, {Condition: HasSecret}]
      Round: !Not [{Condition: Round}]
    Resources:
      Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub "${Stage}-photos"}}
      Queue: {Type: AWS::SQS::Queue}
      Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: alarms}}
      Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: notes}}
      Stream: {Type: AWS::Kinesis::Stream, Properties: {Name: clicks}}
      Bus: {Type: AWS::Events::EventBus, Properties: {Name: shop}}
      Machine: {Type: AWS::StepFunctions::StateMachine, Properties: {StateMachineName: review}}
      Function: {Type: AWS::Lambda::Function, Properties: {FunctionName: resize}}
      Alias: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Function, Name: live}}
      Other: {Type: AWS::EC2::VPC}
      Left: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub "${Right}-x"}}
      Right: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub "${Left}-y"}}
"""


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("!Ref Stage", "dev"),
        ("!Ref Bucket", "dev-photos"),
        ("!Ref Queue", "https://sqs.{AWS::Region}.amazonaws.com/{AWS::AccountId}/{Queue}"),
        ("!Ref Topic", "arn:aws:sns:{AWS::Region}:{AWS::AccountId}:alarms"),
        ("!Ref Table", "notes"),
        ("!Ref Stream", "clicks"),
        ("!Ref Bus", "shop"),
        ("!Ref Function", "resize"),
        ("!Ref Machine", "arn:aws:states:{AWS::Region}:{AWS::AccountId}:stateMachine:review"),
        ("!Ref Alias", "arn:aws:lambda:{AWS::Region}:{AWS::AccountId}:function:resize:live"),
        ("!Ref Other", "{Other}"),
        ("!Ref Path", "{Path}"),
        ("!GetAtt Bucket.Arn", "arn:aws:s3:::dev-photos"),
        ("!GetAtt Queue.Arn", "arn:aws:sqs:{AWS::Region}:{AWS::AccountId}:{Queue}"),
        ("!GetAtt Queue.QueueName", "{Queue}"),
        ("!GetAtt Topic.TopicName", "alarms"),
        (
            "!GetAtt Table.StreamArn",
            "arn:aws:dynamodb:{AWS::Region}:{AWS::AccountId}:table/notes/stream/{notes stream}",
        ),
        ("Fn::GetAtt: [Stream, Arn]", "arn:aws:kinesis:{AWS::Region}:{AWS::AccountId}:stream/clicks"),
        ("!GetAtt Machine.Name", "review"),
        ("!GetAtt Other.CidrBlock", "{Other.CidrBlock}"),
        ("!Sub '${Stage}/${!Stage}/${Queue.Arn}'", "dev/${Stage}/arn:aws:sqs:{AWS::Region}:{AWS::AccountId}:{Queue}"),
        ("!Sub ['${a}-${Stage}', {a: !Ref Bus}]", "shop-dev"),
        ("Fn::Sub: 'arn:${AWS::Partition}:s3:::x.${AWS::URLSuffix}'", "arn:aws:s3:::x.amazonaws.com"),
        ("!Join ['-', [a, !Ref Stage, 3]]", "a-dev-3"),
        ("!Join [',', !Ref Names]", "a,b"),
        ("!Select [1, !Ref Names]", "b"),
        ("!Select ['0', [x, y]]", "x"),
        ("!Select [5, !Split [':', !GetAtt Queue.Arn]]", "{Queue}"),
        ("!If [IsDev, yes-it-is, no]", "yes-it-is"),
        ("!If [IsLive, 1, !If [Either, 2, 3]]", "2"),
        ("!If [Both, 1, 2]", "2"),
        ("!If [HasSecret, same, same]", "same"),
        ("!FindInMap [Sizes, !Ref Stage, memory]", "128"),
        ("!FindInMap [Sizes, !Ref Secret, kind]", "x"),
        ("!FindInMap [Sizes, !Ref Secret, memory]", "{Sizes.{Secret}.memory}"),
        ("!FindInMap [Sizes, test, memory, {DefaultValue: 64}]", "64"),
        ("!ImportValue 'shared-bucket'", "{ImportValue shared-bucket}"),
        ("!Base64 abc", "YWJj"),
        ("Fn::Length: [a, b]", "2"),
        ("Fn::ToJsonString: {a: !Ref Stage, b: [1, true, null]}", '{"a": "dev", "b": [1, true, null]}'),
        ("'#{AWS::Region}/x'", "{AWS::Region}/x"),
    ],
)
def test_value(resolve: Resolve, expression: str, value: str) -> None:
    node, scope = resolve(expression, TEMPLATE)
    assert str(node.pattern) == value
    assert not scope.log.diagnostics


def test_the_region_and_parameters_are_those_given(resolve: Resolve) -> None:
    options = Options(opt={"region": "eu-west-1"}, param={"Stage": "live"})
    node, _ = resolve("!Sub '${Stage}.${AWS::Region}'", TEMPLATE, options)
    assert node.text == "live.eu-west-1"


def test_each_step_is_a_reason_at_its_place(resolve: Resolve) -> None:
    node, scope = resolve("!Ref Bucket", TEMPLATE)
    texts = [reason.text for reason in node.because]
    assert texts == [
        "!Ref Bucket is dev-photos",
        "Bucket (AWS::S3::Bucket) is called dev-photos",
        "substituted: dev-photos",
        "the parameter Stage is dev by default",
    ]
    assert node.because[-1].span == Span("template.yaml", 3, 33, 3, 36)
    assert scope.log.resolutions[-1].written == "!Ref Bucket"


def test_no_value_removes_its_entry(resolve: Resolve) -> None:
    node, _ = resolve("{a: 1, b: !Ref 'AWS::NoValue', c: [!If [IsLive, 1, !Ref 'AWS::NoValue'], 2]}", TEMPLATE)
    assert set(node.mapping) == {"a", "c"}
    assert [item.value for item in node.get("c").items] == [2]


def test_an_undecided_choice_between_texts_is_unknown_but_fixed(resolve: Resolve) -> None:
    node, _ = resolve("!If [HasSecret, a, b]", TEMPLATE)
    assert node.pattern is not None
    assert [hole.kind for hole in node.pattern.holes] == [HoleKind.FIXED]


def test_an_undecided_choice_between_structures_takes_what_is_written(resolve: Resolve) -> None:
    node, _ = resolve("!If [HasSecret, !Ref 'AWS::NoValue', {a: 1}]", TEMPLATE)
    assert node.get("a") is not None
    assert any("known only at deployment" in reason.text for reason in node.because)


def test_what_stands_behind_any_text_is_not_counted(resolve: Resolve) -> None:
    scope = Scope()
    argument = Node(
        (Node(2, _AT), Node(MappingProxyType({"Fn::Split": Node((_text(":"), Node(_user(), _AT)), _AT)}), _AT)), _AT
    )
    node = resolve_intrinsics(Node(MappingProxyType({"Fn::Select": argument}), _AT), scope)
    assert node.text is None
    assert not scope.log.diagnostics


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("!Ref Nowhere", "reference-missing"),
        ("!GetAtt Nowhere.Arn", "reference-missing"),
        ("!Sub '${Nowhere}'", "reference-missing"),
        ("!Sub '${Nowhere.Arn}'", "reference-missing"),
        ("!If [Nowhere, 1, 2]", "reference-missing"),
        ("!FindInMap [Nowhere, a, b]", "reference-missing"),
        ("!FindInMap [Sizes, nowhere, memory]", "reference-missing"),
        ("!Join [a]", "intrinsic-wrong"),
        ("!Select [7, [a, b]]", "intrinsic-wrong"),
        ("!Select [-1, [a, b]]", "intrinsic-wrong"),
        ("!Split ['', a]", "intrinsic-wrong"),
        ("!Sub {a: b}", "intrinsic-wrong"),
        ("!GetAtt Bucket", "intrinsic-wrong"),
        ("!If [IsDev]", "intrinsic-wrong"),
        ("Ref: [a]", "intrinsic-wrong"),
        ("!Ref Left", "reference-cycle"),
        ("!If [Round, 1, 2]", "reference-cycle"),
    ],
)
def test_a_mistake_is_one_diagnostic_with_its_line(resolve: Resolve, expression: str, code: str) -> None:
    node, scope = resolve(expression, TEMPLATE)
    assert [diagnostic.code for diagnostic in scope.log.diagnostics] == [code]
    assert scope.log.diagnostics[0].span is not None
    assert node.pattern is not None and node.text is None


@pytest.mark.parametrize(
    "name",
    [
        "!Sub '${B%d}${B%d}'",
        "!Join ['', [!Ref B%d, !Ref B%d]]",
        "!If [Open, !Ref B%d, !Sub '${B%d}']",
        "!Sub ['${a}${a}', {a: !ImportValue {'Fn::Sub': '${B%d}${B%d}'}}]",
    ],
)
def test_names_built_from_names_do_not_grow_without_end(resolve: Resolve, name: str) -> None:
    lines = ["Parameters: {P: {Type: String}}", "Conditions: {Open: !Equals [!Ref P, x]}", "Resources:"]
    lines.append("  B0: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref P}}")
    for index in range(1, 200):
        written = name % (index - 1, index - 1)
        lines.append(f"  B{index}: {{Type: AWS::S3::Bucket, Properties: {{BucketName: {written}}}}}")
    node, _ = resolve("!Ref B199", "\n".join(lines))
    assert len(str(node.pattern)) < 3_000_000
    assert len(node.because) < 1_000


def test_a_chain_of_conditions_does_not_exhaust_the_stack(resolve: Resolve) -> None:
    lines = ["Conditions:", "  C0: !Equals [a, a]"]
    lines += [f"  C{index}: !Not [!And [{{Condition: C{index - 1}}}, !Equals [a, a]]]" for index in range(1, 400)]
    node, scope = resolve("!If [C399, x, y]", "\n".join(lines))
    assert node.pattern is not None
    assert [diagnostic.code for diagnostic in scope.log.diagnostics] == ["reference-too-deep"]


def test_aliases_of_aliases_do_not_take_for_ever(resolve: Resolve) -> None:
    lines = ["Resources:", "  A0: {Type: AWS::Lambda::Function}"]
    for index in range(1, 200):
        name = f"!Sub '${{A{index - 1}}}${{A{index - 1}}}'"
        lines.append(f"  A{index}: {{Type: AWS::Lambda::Alias, Properties: {{Name: live, FunctionName: {name}}}}}")
    node, _ = resolve("!Ref A199", "\n".join(lines))
    assert node.pattern is not None


def test_a_tree_without_functions_is_returned_as_it_is(parse: Callable[[str], Node]) -> None:
    node = parse("{a: [1, b], c: {d: null}}")
    assert resolve_intrinsics(node, Scope()) is node


_AT = Span("template.yaml", 1, 0, 1, 1)


def _text(text: str) -> Node:
    return Node(Pattern.of(text), _AT)


def _user() -> Pattern:
    return Pattern.of("a", Hole("user"), ":b:c")


_SEPARATORS = st.sampled_from([":", "/", "--"])
_PARTS = st.one_of(
    st.text(alphabet="ab:/-", max_size=6).map(Pattern.of),
    st.sampled_from([Pattern.generated("Q"), Pattern.fixed("AWS::Region"), Pattern.any("x")]),
)


@given(_SEPARATORS, st.lists(_PARTS, max_size=5))
def test_join_of_split_gives_the_same(separator: str, parts: list[Pattern]) -> None:
    whole = Pattern.of(*parts)
    split = Node(MappingProxyType({"Fn::Split": Node((_text(separator), Node(whole, _AT)), _AT)}), _AT)
    joined = Node(MappingProxyType({"Fn::Join": Node((_text(separator), split), _AT)}), _AT)
    assert resolve_intrinsics(joined, Scope()).pattern == whole


@given(st.lists(_PARTS, min_size=1, max_size=5))
def test_sub_gives_a_text_without_places_unchanged(parts: list[Pattern]) -> None:
    whole = Pattern.of(*parts)
    assert resolve_intrinsics(Node(MappingProxyType({"Fn::Sub": Node(whole, _AT)}), _AT), Scope()).pattern == whole
