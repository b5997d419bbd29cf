"""Parts of a request that the platform writes harm nobody, and every other part stays what it is."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

import pytest

from sls_lab.facts import Reason
from sls_lab.python.module import Module, NamespaceNode
from sls_lab.python.parsing import parse_text
from sls_lab.python.positions import span_of
from sls_lab.taint.judge import platform_values
from sls_lab.taint.judge.flow_source import FlowSource
from sls_lab.taint.judge.platform_values import own_object, platform_value
from sls_lab.taint.read.dataflow import Held, Station

Judge = Callable[[FlowSource], Reason | None]

HEAD = "import boto3\ns3 = boto3.client('s3')\ndef handler(event, context):\n"


def judged(body: str, judge: Judge = platform_value) -> str | None:
    """Why the last call of a handler with this body is harmless, None where it is not."""
    lines = "".join(f"    {line}\n" for line in body.strip().split("\n"))
    module = parse_text("h.py", HEAD + lines)
    assert isinstance(module, Module)
    function = module.tree.body[-1]
    assert isinstance(function, ast.FunctionDef)
    [call] = [one.value for one in function.body if isinstance(one, ast.Expr)]
    assert isinstance(call, ast.Call)
    station = Station(module, Held(function, frozenset({"event"})), (call,))
    reason = judge(FlowSource(span_of(module, function.args.args[0]), [station]))
    return reason.text if reason is not None else None


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ('s3.delete_object(Key=event["requestContext"]["connectionId"])', "requestContext.connectionId"),
        (
            'user = event["requestContext"]["authorizer"]["claims"]["sub"]\ns3.delete_object(Key=f"{user}/x")',
            "requestContext.authorizer.claims.sub",
        ),
        (
            'claims = event.get("requestContext", {}).get("authorizer")["jwt"]["claims"]\n'
            's3.delete_object(Key=claims["sub"])',
            "requestContext.authorizer.jwt.claims.sub",
        ),
        ('s3.delete_object(Key=event["requestContext"]["identity"]["sourceIp"])', "requestContext.identity.sourceIp"),
        (
            'who = event["requestContext"]["authorizer"]["principalId"]\nkey = "a/" + who\ns3.delete_object(Key=key)',
            "requestContext.authorizer.principalId",
        ),
    ],
)
def test_what_the_platform_writes_is_harmless(body: str, path: str) -> None:
    assert (judged(body) or "").startswith(f"{path} is written by the platform")


@pytest.mark.parametrize(
    "body",
    [
        's3.delete_object(Key=event["body"])',
        's3.delete_object(Key=event["requestContext"])',
        's3.delete_object(Key=event["requestContext"]["path"])',
        's3.delete_object(Key=event["requestContext"]["http"]["userAgent"])',
        's3.delete_object(Key=event["requestContext"]["authorizer"]["claims"]["email"])',
        's3.delete_object(Key=event["requestContext"]["authorizer"]["name"])',
        's3.delete_object(Key=event["requestContext"][event["body"]])',
        's3.delete_object(Key=event["requestContext"]["requestId"] + event["body"])',
        'user = event["requestContext"]["authorizer"]["claims"]["sub"]\n'
        'user = event["body"]\ns3.delete_object(Key=user)',
        "for part in event:\n    key = event[part]\ns3.delete_object(Key=key)",
        's3.delete_object(Key="fixed")',
    ],
)
def test_what_a_caller_writes_is_not(body: str) -> None:
    assert judged(body) is None


SUB = 'event["requestContext"]["authorizer"]["claims"]["sub"]'


@pytest.mark.parametrize(
    "key",
    [
        'f\'{user}/{event["pathParameters"]["name"]}\'',
        "f'users/{user}/{event[\"body\"]}'",
        "user + '/' + event['body']",
        "{'owner': user, 'id': event['pathParameters']['id']}",
        "[f'{user}/{part}' for part in event['body']][0]",
    ],
)
def test_a_key_with_the_callers_identity_names_what_is_the_callers(key: str) -> None:
    body = f"user = {SUB}\ns3.delete_object(Key={key})"
    assert "belongs to the caller" in (judged(body, own_object) or "")
    assert judged(body) is None


@pytest.mark.parametrize(
    "key",
    [
        "f'{event[\"body\"]}/{user}'",
        "event['body'] + user",
        "{'id': event['pathParameters']['id']}",
        "event['requestContext']['authorizer']['claims']['email'] + event['body']",
    ],
)
def test_any_other_key_may_name_what_is_anothers(key: str) -> None:
    assert judged(f"user = {SUB}\ns3.delete_object(Key={key})", own_object) is None


def test_names_written_in_each_other_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line has the one before it four times: what is looked into once too often doubles with every line."""
    count, resolved = 0, platform_values.resolve

    def counting(node: ast.expr, scopes: Sequence[NamespaceNode]) -> tuple[ast.expr, Sequence[NamespaceNode]]:
        nonlocal count
        count += 1
        assert count < 5_000
        return resolved(node, scopes)

    monkeypatch.setattr(platform_values, "resolve", counting)
    lines = [f"a{n + 1} = f'{{a{n}}}{{a{n}:>{{a{n}}}}}{{a{n}}}'" for n in range(10)]
    body = "\n".join(["a0 = event['requestContext']['requestId']", *lines, "s3.delete_object(Key=a10)"])
    assert judged(body) == "requestContext.requestId is written by the platform, not by whoever sends the request"
