"""`Fn::ForEach`: loops over resources and properties are written out before anything is resolved."""

from __future__ import annotations

import pytest

from sls_lab.template.model import Options
from tests.template.cloudformation.conftest import Read

HEAD = """
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Parameters:
  Rooms: {Type: CommaDelimitedList, Default: "Red,Blue"}
Mappings: {Floors: {all: {Names: [North, South]}}}
Globals: {Function: {Runtime: python3.12, Handler: a.handler}}
Resources:
"""


@pytest.mark.parametrize(
    ("loop", "made"),
    [
        ("Fn::ForEach::Q: [Room, [Red, Blue], {'${Room}Queue': {Type: AWS::SQS::Queue}}]", ["RedQueue", "BlueQueue"]),
        ("Fn::ForEach::Q: [Room, !Ref Rooms, {'Q${Room}': {Type: AWS::SQS::Queue}}]", ["QRed", "QBlue"]),
        (
            "Fn::ForEach::Q: [Floor, !FindInMap [Floors, all, Names], {'Q${Floor}': {Type: AWS::SQS::Queue}}]",
            ["QNorth", "QSouth"],
        ),
        ("Fn::ForEach::Q: [Ip, [10.0.0.1], {'Q&{Ip}': {Type: AWS::SQS::Queue}}]", ["Q10001"]),
        (
            "Fn::ForEach::Q: [R, [Red, Blue], {'Fn::ForEach::F': [F, [1, 2], {'Q${R}${F}': {Type: AWS::SQS::Queue}}]}]",
            ["QRed1", "QRed2", "QBlue1", "QBlue2"],
        ),
    ],
)
def test_a_loop_makes_one_resource_for_each_item(read: Read, loop: str, made: list[str]) -> None:
    part = read(HEAD + "  " + loop)
    assert not part.diagnostics
    assert [resource.logical_id for resource in part.resources] == made


def test_the_item_is_written_into_values_references_and_globals_reach_what_is_made(read: Read) -> None:
    part = read(
        HEAD
        + """
  Fn::ForEach::Desks:
    - Desk
    - [Coffee, Tea]
    - ${Desk}Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub "${Desk}-orders"}}
      ${Desk}Worker:
        Type: AWS::Serverless::Function
        Properties:
          Environment: {Variables: {DESK: !Ref Desk}}
          Events: {E: {Type: SQS, Properties: {Queue: !GetAtt [!Sub "${Desk}Queue", Arn]}}}
"""
    )
    assert not part.diagnostics
    coffee, tea = part.functions
    assert (coffee.name, coffee.file, tea.name) == ("CoffeeWorker", "a.py", "TeaWorker")
    assert [str(one.environment["DESK"].value) for one in part.functions] == ["Coffee", "Tea"]
    assert [str(trigger.resource) for one in part.functions for trigger in one.triggers] == [
        "Coffee-orders",
        "Tea-orders",
    ]


def test_properties_may_be_made_by_a_loop(read: Read) -> None:
    environment = "{Variables: {'Fn::ForEach::V': [Name, [A, B], {'${Name}_TABLE': !Sub 'table-${Name}'}]}}"
    part = read(HEAD + f"  F: {{Type: AWS::Serverless::Function, Properties: {{Environment: {environment}}}}}")
    assert {name: str(one.value) for name, one in part.functions[0].environment.items()} == {
        "A_TABLE": "table-A",
        "B_TABLE": "table-B",
    }


def test_a_given_parameter_decides_the_list(read: Read) -> None:
    loop = "  Fn::ForEach::Q: [Room, !Ref Rooms, {'Q${Room}': {Type: AWS::SQS::Queue}}]"
    part = read(HEAD + loop, options=Options(param={"Rooms": "Attic"}))
    assert [resource.logical_id for resource in part.resources] == ["QAttic"]


def test_what_a_loop_makes_is_bounded(read: Read) -> None:
    inner = "{'Q${A}x${B}x${C}': {Type: AWS::SQS::Queue}}"
    items = "[" + ", ".join(map(str, range(40))) + "]"
    for name in "CBA":
        inner = f"{{'Fn::ForEach::{name}': [{name}, {items}, {inner}]}}"
    part = read(f"Resources: {inner}")
    assert [diagnostic.code for diagnostic in part.diagnostics] == ["loop-too-long"]
    assert len(part.resources) <= 20_000
