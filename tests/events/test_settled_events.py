"""What a function's triggers settle of its event decides what it wakes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sls_lab import App

Write = Callable[..., App]

ANYTHING = "- {Effect: Allow, Action: '*', Resource: '*'}"
IN = "{s3: {bucket: in, event: 's3:ObjectCreated:*', rules: [{prefix: raw/}, {suffix: .csv}]}}"
FIRST = "event['Records'][0]['s3']"
KEY = f"{FIRST}['object']['key']"


def woken(application: Write, triggers: str, body: str, others: str) -> dict[str | None, bool]:
    """The functions that `send`, which has these triggers, wakes, and whether that is certain."""
    app = application(
        ANYTHING,
        f"send: {{handler: send.handler, events: [{triggers}]}}\n{others}",
        send=f"s3 = boto3.client('s3')\n\n\ndef handler(event, context):\n    {body}\n",
        take="def handler(event, context):\n    pass\n",
    )
    linked = [edge for edge in app.events.edges if edge.status == "linked" and edge.source == "send"]
    return {edge.target: edge.certain for edge in linked}


def taking(**rules: str) -> str:
    """A function for each, which a bucket wakes."""
    listens = "{{handler: take.handler, events: [{{s3: {{bucket: {}, event: 's3:ObjectCreated:*'}}}}]}}"
    return "\n".join(f"{name}: {listens.format(rule)}" for name, rule in rules.items())


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"s3.put_object(Bucket={FIRST}['bucket']['name'], Key='done/' + {KEY})", {"same": True}),
        (f"s3.put_object(Bucket={FIRST}['bucket']['name'], Key={KEY}.replace('.csv', '.txt'))", {"same": True}),
        (f"s3.put_object(Bucket={FIRST}['bucket']['name'], Key={KEY} + '.csv')", {"same": True, "send": True}),
        (f"s3.put_object(Bucket={FIRST}['bucket']['name'] + '-out', Key={KEY})", {"out": True}),
        (f"s3.put_object(Bucket='out', Key={KEY})", {}),
        (
            "for one in event.get('Records', []):\n        "
            "s3.put_object(Bucket=one['s3']['bucket']['name'], Key='done/x')",
            {"same": True},
        ),
    ],
)
def test_a_bucket_names_itself_and_the_form_of_its_keys(
    application: Write, body: str, expected: dict[str | None, bool]
) -> None:
    assert woken(application, IN, body, taking(same="in", out="in-out", other="other")) == expected


def test_of_two_buckets_either_may_be_meant(application: Write) -> None:
    two = f"{IN}, {{s3: {{bucket: second, event: 's3:ObjectCreated:*'}}}}"
    body = f"s3.put_object(Bucket={FIRST}['bucket']['name'], Key='done/x.txt')"
    found = woken(application, two, body, taking(same="in", second="second", other="other"))
    assert set(found) == {"same", "second", "send"}


def test_a_trigger_that_settles_nothing_leaves_all_open(application: Write) -> None:
    body = f"s3.put_object(Bucket={FIRST}['bucket']['name'], Key='done/x')"
    found = woken(application, f"{IN}, {{httpApi: POST /x}}", body, taking(same="in", other="other"))
    assert found == {"same": False, "other": False}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{source: [shop], detail-type: [paid]}", {"paid"}),
        ("{source: [shop], detail-type: [paid, sent]}", {"paid", "sent"}),
        ("{source: [shop], detail-type: [{prefix: pa}]}", {"paid"}),
        ("{source: [shop], detail-type: [{anything-but: sent}]}", {"paid", "sent"}),
        ("{source: [shop], detail: {kind: [paid]}}", {"paid", "sent"}),
    ],
)
def test_a_rule_settles_what_it_asks_for(application: Write, pattern: str, expected: set[str]) -> None:
    body = (
        "boto3.client('events').put_events(Entries=[{'Source': 'copy', "
        "'DetailType': event['detail-type'], 'Detail': '{}'}])"
    )
    others = "\n".join(
        f"{kind}: {{handler: take.handler, events: [{{eventBridge: {{pattern: {{source: [copy], "
        f"detail-type: [{kind}]}}}}}}]}}"
        for kind in ("paid", "sent")
    )
    assert set(woken(application, f"{{eventBridge: {{pattern: {pattern}}}}}", body, others)) == expected


def test_a_rule_that_hands_on_something_else_settles_nothing(application: Write) -> None:
    body = "s3.put_object(Bucket=event['detail']['bucket'], Key='x')"
    trigger = "{eventBridge: {pattern: {detail: {bucket: [in]}}%s}}"
    others = taking(same="in", other="other")
    assert woken(application, trigger % "", body, others) == {"same": True}
    assert set(woken(application, trigger % ", inputPath: $.detail", body, others)) == {"same", "other"}
