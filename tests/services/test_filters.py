"""Content filters, three-valued: what passes, what does not, and what cannot be told."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sls_lab.facts import Verdict
from sls_lab.services import passage, payload_of, raises
from sls_lab.services.call_values import View
from sls_lab.services.filters import match_rule, rule_of_json
from tests.services.conftest import Calls
from tests.services.nodes import node

YES, NO, MAYBE = Verdict.YES, Verdict.NO, Verdict.MAYBE


def verdict(rule: Any, event: str) -> Verdict:
    """Whether the event written as an expression passes a rule."""
    return match_rule(rule_of_json(rule), ast.parse(event, mode="eval").body, View(), "rule", None)[0]


@pytest.mark.parametrize(
    ("rule", "event", "expected"),
    [
        ({"a": ["x"]}, "{'a': 'x'}", YES),
        ({"a": ["x"]}, "{'a': 'y'}", NO),
        ({"a": ["x"]}, "{'b': 'x'}", NO),
        ({"a": ["x"]}, "{'a': unknown}", MAYBE),
        ({"a": ["x"]}, "unknown", MAYBE),
        ({"a": ["x", "y"]}, "{'a': 'y'}", YES),
        ({"a": ["x"]}, "{'a': ['w', 'x']}", YES),
        ({"a": ["x"]}, "{'a': ['w', unknown]}", MAYBE),
        ({"a": ["x"], "b": ["y"]}, "{'a': 'x', 'b': 'y'}", YES),
        ({"a": ["x"], "b": ["y"]}, "{'a': 'x', 'b': 'z'}", NO),
        ({"a": ["x"], "b": ["y"]}, "{'a': unknown, 'b': 'z'}", NO),
        ({"a": {"b": ["x"]}}, "{'a': {'b': 'x'}}", YES),
        ({"a": {"b": ["x"]}}, "{'a': 'x'}", NO),
        ({"a": {"b": ["x"]}}, "{'a': unknown}", MAYBE),
        ({"a": [{"prefix": "in/"}]}, "{'a': 'in/x'}", YES),
        ({"a": [{"prefix": "in/"}]}, "{'a': 'out/x'}", NO),
        ({"a": [{"prefix": "in/"}]}, "{'a': 'in/' + unknown}", YES),
        ({"a": [{"prefix": "in/"}]}, "{'a': 'out/' + unknown}", NO),
        ({"a": [{"prefix": "in/"}]}, "{'a': unknown + '.jpg'}", MAYBE),
        ({"a": [{"prefix": {"equals-ignore-case": "IN/"}}]}, "{'a': 'in/x'}", YES),
        ({"a": [{"suffix": ".jpg"}]}, "{'a': unknown + '.jpg'}", YES),
        ({"a": [{"suffix": ".jpg"}]}, "{'a': unknown + '.png'}", NO),
        ({"a": [{"suffix": ".jpg"}]}, "{'a': 'x.jpg.tmp'}", NO),
        ({"a": [{"prefix": "in/"}]}, "{'a': 'out/in/x'}", NO),
        ({"a": [{"anything-but": "x"}]}, "{'a': 'y'}", YES),
        ({"a": [{"anything-but": ["x", "y"]}]}, "{'a': 'y'}", NO),
        ({"a": [{"anything-but": "x"}]}, "{'a': unknown}", MAYBE),
        ({"a": [{"anything-but": "x"}]}, "{'a': 'y' + unknown}", YES),
        ({"a": [{"anything-but": "x"}]}, "{}", NO),
        ({"a": [{"anything-but": {"prefix": "x"}}]}, "{'a': 'xy'}", NO),
        ({"a": [{"anything-but": 5}]}, "{'a': 6}", YES),
        ({"a": [{"numeric": [">", 5]}]}, "{'a': 6}", YES),
        ({"a": [{"numeric": [">", 5]}]}, "{'a': 5}", NO),
        ({"a": [{"numeric": [">", 0, "<=", 5]}]}, "{'a': 5}", YES),
        ({"a": [{"numeric": [">", 0, "<=", 5]}]}, "{'a': 5.5}", NO),
        ({"a": [{"numeric": ["=", -1]}]}, "{'a': -1}", YES),
        ({"a": [{"numeric": [">", 5]}]}, "{'a': unknown}", MAYBE),
        ({"a": [{"numeric": [">", 5]}]}, "{'a': '6'}", NO),
        ({"a": [{"numeric": [">", 5]}]}, "{}", NO),
        ({"a": [5]}, "{'a': 5}", YES),
        ({"a": [5]}, "{'a': '5'}", NO),
        ({"a": ["5"]}, "{'a': 5}", NO),
        ({"a": [True]}, "{'a': True}", YES),
        ({"a": [True]}, "{'a': False}", NO),
        ({"a": [None]}, "{'a': None}", YES),
        ({"a": [None]}, "{'a': 'x'}", NO),
        ({"a": [{"exists": True}]}, "{'a': unknown}", YES),
        ({"a": [{"exists": True}]}, "{'b': 1}", NO),
        ({"a": [{"exists": False}]}, "{'b': 1}", YES),
        ({"a": [{"exists": False}]}, "{'a': 1}", NO),
        ({"a": [{"exists": True}]}, "unknown", MAYBE),
        ({"a": {"b": [{"exists": False}]}}, "{}", YES),
        ({"a": [{"equals-ignore-case": "Abc"}]}, "{'a': 'aBC'}", YES),
        ({"a": [{"equals-ignore-case": "Abc"}]}, "{'a': 'abd'}", NO),
        ({"a": [{"wildcard": "in/*.jpg"}]}, "{'a': 'in/x.jpg'}", YES),
        ({"a": [{"wildcard": "in/*.jpg"}]}, "{'a': 'in/' + unknown + '.jpg'}", YES),
        ({"a": [{"wildcard": "in/*.jpg"}]}, "{'a': 'out/x.jpg'}", NO),
        ({"$or": [{"a": ["x"]}, {"b": ["y"]}]}, "{'a': 'w', 'b': 'y'}", YES),
        ({"$or": [{"a": ["x"]}, {"b": ["y"]}]}, "{'a': 'w', 'b': 'z'}", NO),
        ({"c": ["z"], "$or": [{"a": ["x"]}, {"b": ["y"]}]}, "{'a': 'x', 'c': 'w'}", NO),
        ({"a": [{"cidr": "10.0.0.0/24"}]}, "{'a': '10.0.0.1'}", MAYBE),
        ({}, "{'a': 1}", YES),
        ({"a": []}, "{'a': 1}", NO),
    ],
)  # fmt: skip
def test_operators(rule: Any, event: str, expected: Verdict) -> None:
    assert verdict(rule, event) is expected


# A plain reading of the language for events of which all is known.
texts = st.sampled_from(["", "a", "ab", "b", "ba", "B", "1"])
numbers = st.integers(-2, 2)
leaves = st.one_of(texts, numbers, st.booleans(), st.none())
comparisons = st.sampled_from(["<", "<=", ">", ">=", "="])
simple = st.one_of(
    leaves,
    st.fixed_dictionaries({"prefix": texts}),
    st.fixed_dictionaries({"suffix": texts}),
    st.fixed_dictionaries({"anything-but": st.lists(st.one_of(texts, numbers), min_size=1, max_size=2)}),
    st.fixed_dictionaries({"exists": st.booleans()}),
    st.fixed_dictionaries({"numeric": st.tuples(comparisons, numbers).map(list)}),
    st.fixed_dictionaries({"equals-ignore-case": texts}),
)
keys = st.sampled_from(["k", "l"])
rules = st.recursive(
    st.dictionaries(keys, st.lists(simple, min_size=1, max_size=2), max_size=2),
    lambda inner: st.dictionaries(keys, inner, min_size=1, max_size=2),
    max_leaves=3,
)
events = st.recursive(
    st.dictionaries(keys, leaves, max_size=2), lambda inner: st.dictionaries(keys, st.one_of(leaves, inner), max_size=2)
)


def passes(rule: dict[str, Any], event: Any) -> bool:
    for key, wanted in rule.items():
        there = isinstance(event, dict) and key in event
        value = event[key] if there else None
        if isinstance(wanted, dict):
            if not passes(wanted, value if there else None):
                return False
        elif not any(option_passes(option, value, there) for option in wanted):
            return False
    return True


def option_passes(option: Any, value: Any, there: bool) -> bool:
    if isinstance(option, dict):
        [(word, operand)] = option.items()
        if word == "exists":
            return there is operand
        if not there or isinstance(value, dict):
            return False
        match word:
            case "prefix":
                return isinstance(value, str) and value.startswith(operand)
            case "suffix":
                return isinstance(value, str) and value.endswith(operand)
            case "anything-but":
                return not any(same(value, one) for one in operand)
            case "equals-ignore-case":
                return isinstance(value, str) and value.lower() == operand.lower()
        [sign, bound] = operand
        number = isinstance(value, int) and not isinstance(value, bool)
        return number and eval(f"{value} {'==' if sign == '=' else sign} {bound}")
    return there and same(value, option)


def same(value: Any, option: Any) -> bool:
    return type(value) is type(option) and value == option


@given(rules, events)
def test_what_is_known_is_decided_as_the_language_says(rule: dict[str, Any], event: dict[str, Any]) -> None:
    assert verdict(rule, repr(event)) is (YES if passes(rule, event) else NO)


def hidden(value: Any, data: st.DataObject) -> str:
    """The event as an expression, with some of its parts unknown."""
    if data.draw(st.booleans()):
        return "unknown"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {hidden(inner, data)}" for key, inner in value.items()) + "}"
    return repr(value)


@given(rules, events, st.data())
def test_what_is_not_known_never_decides_otherwise(rule: dict[str, Any], event: dict[str, Any], data: Any) -> None:
    known = verdict(rule, repr(event))
    assert verdict(rule, hidden(event, data)) in (known, MAYBE)


def passed(calls: Calls, body: str, **settings: Any) -> Verdict:
    [(call, view)] = calls(body)
    [raised] = raises(call, view)
    given_settings = {name: node(value) for name, value in settings.items()}
    return passage(payload_of(raised, call, view), given_settings, view).verdict


PUT = "boto3.client('s3').put_object(Bucket='b', Key={})"


@pytest.mark.parametrize(
    ("key", "rules", "expected"),
    [
        ("'in/x.jpg'", [{"prefix": "in/"}, {"suffix": ".jpg"}], YES),
        ("'in/x.png'", [{"prefix": "in/"}, {"suffix": ".jpg"}], NO),
        ("'in/x.jpg.tmp'", [{"suffix": ".jpg"}], NO),
        ("'in/' + event['k'] + '.jpg/x'", [{"suffix": ".jpg"}], NO),
        ("'out/in/x.jpg'", [{"prefix": "in/"}], NO),
        ("'in/' + event['k']", [{"prefix": "in/"}], YES),
        ("'in/' + event['k']", [{"suffix": ".jpg"}], MAYBE),
        ("event['k']", [{"prefix": "in/"}], MAYBE),
        ("f'out/{event}'", [{"prefix": "in/"}], NO),
        ("event['k']", [{"prefix": ""}], YES),
    ],
)
def test_prefix_and_suffix_of_a_bucket(calls: Calls, key: str, rules: list[dict[str, str]], expected: Verdict) -> None:
    assert passed(calls, PUT.format(key), event="s3:ObjectCreated:*", rules=rules) is expected
    named = [{"Name": name, "Value": value} for rule in rules for name, value in rule.items()]
    assert passed(calls, PUT.format(key), Filter={"S3Key": {"Rules": named}}) is expected


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("s3:ObjectCreated:*", YES),
        ("s3:ObjectCreated:Put", YES),
        ("s3:ObjectCreated:Copy", NO),
        ("s3:ObjectRemoved:*", NO),
        (["s3:ObjectRemoved:*", "s3:ObjectCreated:Put"], YES),
    ],
)
def test_event_types_of_a_bucket(calls: Calls, event: Any, expected: Verdict) -> None:
    assert passed(calls, PUT.format("'k'"), event=event) is expected


def test_an_upload_may_raise_either_event(calls: Calls) -> None:
    body = "boto3.client('s3').upload_file('/tmp/f', 'b', 'k')"
    assert passed(calls, body, event="s3:ObjectCreated:*") is YES
    assert passed(calls, body, event="s3:ObjectCreated:Put") is MAYBE


PUBLISH = "boto3.client('sns').publish(TopicArn='arn:aws:sns:eu-west-1:1:t', Message={}, MessageAttributes={})"


@pytest.mark.parametrize(
    ("message", "attributes", "policy", "scope", "expected"),
    [
        ("'x'", "{'k': {'DataType': 'String', 'StringValue': 'a'}}", {"k": ["a"]}, None, YES),
        ("'x'", "{'k': {'DataType': 'String', 'StringValue': 'b'}}", {"k": ["a"]}, None, NO),
        ("'x'", "{'k': {'DataType': 'String', 'StringValue': event['k']}}", {"k": ["a"]}, None, MAYBE),
        ("'x'", "{}", {"k": ["a"]}, None, NO),
        ("'x'", "event['attributes']", {"k": ["a"]}, None, MAYBE),
        ("'x'", "{'n': {'DataType': 'Number', 'StringValue': '7'}}", {"n": [{"numeric": [">", 5]}]}, None, YES),
        ("'x'", "{'n': {'DataType': 'Number', 'StringValue': '3'}}", {"n": [{"numeric": [">", 5]}]}, None, NO),
        ("'x'", "{'n': {'DataType': 'String', 'StringValue': '7'}}", {"n": [{"numeric": [">", 5]}]}, None, NO),
        (
            "'x'",
            "{'n': {'DataType': 'Number', 'StringValue': str(event)}}",
            {"n": [{"numeric": [">", 5]}]},
            None,
            MAYBE,
        ),
        ("'x'", "{'k': {'DataType': 'String.Array', 'StringValue': '[\"a\", \"b\"]'}}", {"k": ["b"]}, None, YES),
        ("json.dumps({'k': 'a'})", "{}", {"k": ["a"]}, "MessageBody", YES),
        ("json.dumps({'k': 'b'})", "{}", {"k": ["a"]}, "MessageBody", NO),
        ("event['m']", "{}", {"k": ["a"]}, "MessageBody", MAYBE),
        ("'x'", "{}", {"k": [{"exists": False}]}, None, YES),
    ],
)
def test_filter_policies_of_a_subscription(
    calls: Calls, message: str, attributes: str, policy: Any, scope: str | None, expected: Verdict
) -> None:
    settings = {"filterPolicy": policy} | ({"filterPolicyScope": scope} if scope else {})
    assert passed(calls, PUBLISH.format(message, attributes), **settings) is expected
    assert (
        passed(calls, PUBLISH.format(message, attributes), **(settings | {"filterPolicy": json.dumps(policy)}))
        is expected
    )


SOURCES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "dynamodb": (
        "boto3.client('dynamodb').put_item(TableName='t', Item={{'k': {{'S': {}}}}})",
        lambda option: {"dynamodb": {"NewImage": {"k": {"S": [option]}}}},
    ),
    "sqs": (
        "boto3.client('sqs').send_message(QueueUrl='https://sqs.eu-west-1.amazonaws.com/1/q', "
        "MessageBody=json.dumps({{'k': {}}}))",
        lambda option: {"body": {"k": [option]}},
    ),
    "kinesis": (
        "boto3.client('kinesis').put_record(StreamName='s', PartitionKey='1', Data=json.dumps({{'k': {}}}))",
        lambda option: {"data": {"k": [option]}},
    ),
}


@pytest.mark.parametrize("service", SOURCES)
@pytest.mark.parametrize(
    ("value", "option", "expected"),
    [
        ("'a'", "a", YES),
        ("'b'", "a", NO),
        ("event['k']", "a", MAYBE),
        ("'in/' + str(event['k'])", {"prefix": "in/"}, YES),
        ("str(event['k']) + '.jpg'", {"suffix": ".png"}, NO),
        ("'a'", {"anything-but": ["a"]}, NO),
        ("'a'", {"exists": True}, YES),
        ("'a'", {"exists": False}, NO),
    ],
)
def test_filter_patterns_of_what_is_polled(
    calls: Calls, service: str, value: str, option: Any, expected: Verdict
) -> None:
    body, pattern = SOURCES[service]
    written = pattern(option)
    assert passed(calls, body.format(value), filterPatterns=[written]) is expected
    assert passed(calls, body.format(value), FilterCriteria={"Filters": [{"Pattern": json.dumps(written)}]}) is expected


@pytest.mark.parametrize(("names", "expected"), [(["INSERT"], MAYBE), (["INSERT", "MODIFY"], YES), (["REMOVE"], NO)])
def test_a_write_may_insert_or_modify(calls: Calls, names: list[str], expected: Verdict) -> None:
    body = "boto3.client('dynamodb').put_item(TableName='t', Item={})"
    assert passed(calls, body, filterPatterns=[{"eventName": names}]) is expected


def test_one_of_several_patterns_is_enough(calls: Calls) -> None:
    body = (
        "boto3.client('sqs').send_message(QueueUrl='https://sqs.eu-west-1.amazonaws.com/1/q', MessageBody='{\"k\": 1}')"
    )
    assert passed(calls, body, filterPatterns=[{"body": {"k": [2]}}, {"body": {"k": [1]}}]) is YES
    assert passed(calls, body, filterPatterns=[{"body": {"k": [2]}}, {"body": {"k": [3]}}]) is NO
    assert passed(calls, body) is YES


ENTRY = (
    "boto3.client('events').put_events(Entries=[{{'Source': {}, 'DetailType': 'made', "
    "'Detail': json.dumps({{'total': {}}})}}])"
)


@pytest.mark.parametrize(
    ("source", "total", "pattern", "expected"),
    [
        ("'shop'", "5", {"source": ["shop"]}, YES),
        ("'shop'", "5", {"source": ["stock"]}, NO),
        ("event['s']", "5", {"source": ["shop"]}, MAYBE),
        ("'shop'", "5", {"source": ["shop"], "detail": {"total": [{"numeric": [">", 100]}]}}, NO),
        ("'shop'", "event['t']", {"detail": {"total": [{"numeric": [">", 100]}]}}, MAYBE),
        ("'shop'", "5", {"detail-type": [{"prefix": "ma"}]}, YES),
        ("'shop'", "5", {"detail": {"none": [{"exists": True}]}}, NO),
        # What the platform writes is there, and not known here: an edge must not be lost by it.
        ("'shop'", "5", {"source": ["shop"], "account": ["123456789012"]}, MAYBE),
        ("'shop'", "5", {"source": ["shop"], "region": ["eu-west-1"], "resources": [{"prefix": "arn:"}]}, MAYBE),
        ("'shop'", "5", {"time": [{"exists": True}], "id": [{"exists": True}], "version": ["0"]}, YES),
        ("'shop'", "5", {"source": ["stock"], "account": ["123456789012"]}, NO),
        ("'shop'", "5", {"colour": ["red"]}, NO),
    ],
)
def test_patterns_of_a_rule(calls: Calls, source: str, total: str, pattern: Any, expected: Verdict) -> None:
    assert passed(calls, ENTRY.format(source, total), pattern=pattern) is expected


@pytest.mark.parametrize(
    ("body", "pattern", "expected"),
    [
        ("client('sqs').send_message(QueueUrl='q', MessageBody='{}')", {"awsRegion": ["eu-west-1"]}, MAYBE),
        ("client('sqs').send_message(QueueUrl='q', MessageBody='{}')", {"messageId": [{"exists": True}]}, YES),
        ("client('sqs').send_message(QueueUrl='q', MessageBody='{}')", {"colour": ["red"]}, NO),
        ("client('kinesis').put_record(StreamName='s', Data='{}', PartitionKey='1')", {"eventID": ["a"]}, MAYBE),
        ("client('kinesis').put_record(StreamName='s', Data='{}', PartitionKey='1')", {"partitionKey": ["2"]}, NO),
        ("client('dynamodb').delete_item(TableName='t', Key={})", {"eventVersion": ["1.1"]}, MAYBE),
        ("client('dynamodb').delete_item(TableName='t', Key={})", {"eventName": ["INSERT"]}, NO),
        # Only what its time to live removes has an identity.
        ("client('dynamodb').delete_item(TableName='t', Key={})", {"userIdentity": {"type": ["Service"]}}, NO),
    ],
)
def test_what_the_platform_writes_into_a_record_is_there(
    calls: Calls, body: str, pattern: Any, expected: Verdict
) -> None:
    assert passed(calls, f"boto3.{body}", filterPatterns=[pattern]) is expected
