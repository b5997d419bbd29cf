"""Names from names, URLs and ARNs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sls_lab.aws.arn import ACCOUNT, REGION, arn_name, parse_arn, place_of, queue_url, resource_arn
from sls_lab.facts import Pattern


@pytest.mark.parametrize(
    ("service", "written", "name"),
    [
        ("s3", "photos", "photos"),
        ("s3", "arn:aws:s3:::photos/in/*", "photos"),
        ("s3", "s3://photos/in/a.png", "photos"),
        ("sqs", "orders.fifo", "orders.fifo"),
        ("sqs", "https://sqs.eu-west-1.amazonaws.com/123456789012/orders", "orders"),
        ("sqs", "arn:aws:sqs:eu-west-1:123456789012:orders", "orders"),
        ("sns", "arn:aws:sns:eu-west-1:123456789012:alarms:6b0e71bd", "alarms"),
        ("dynamodb", "arn:aws:dynamodb:eu-west-1:123456789012:table/notes/stream/2020-01-01T00:00:00.000", "notes"),
        ("dynamodb", "arn:aws:dynamodb:eu-west-1:123456789012:table/notes/index/by-day", "notes"),
        ("dynamodb", "notes", "notes"),
        ("kinesis", "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks/consumer/c:1", "clicks"),
        ("events", "arn:aws:events:eu-west-1:123456789012:event-bus/shop", "shop"),
        ("events", "default", "default"),
        ("lambda", "resize", "resize"),
        ("lambda", "resize:live", "resize"),
        ("lambda", "123456789012:function:resize", "resize"),
        ("lambda", "arn:aws:lambda:eu-west-1:123456789012:function:resize:$LATEST", "resize"),
        ("states", "arn:aws:states:eu-west-1:123456789012:stateMachine:review", "review"),
        ("stepfunctions", "arn:aws:states:eu-west-1:123456789012:execution:review:7", "review"),
        ("stepfunctions", "arn:aws:states:eu-west-1:123456789012:express:review:7:8", "review"),
    ],
)
def test_the_name_is_taken_out_of_what_wraps_it(service: str, written: str, name: str) -> None:
    assert arn_name(service, Pattern.of(written)).text == name


def test_an_integration_uri_gives_its_function() -> None:
    function = resource_arn("lambda", Pattern.generated("Resize"))
    uri = Pattern.of("arn:aws:apigateway:", REGION, ":lambda:path/2015-03-31/functions/", function, "/invocations")
    assert arn_name("lambda", uri) == Pattern.generated("Resize")


def test_an_unknown_string_stays_unknown() -> None:
    for service in ("s3", "sqs", "sns", "dynamodb", "kinesis", "events", "lambda", "states"):
        assert arn_name(service, Pattern.any("name")).opaque


def test_only_a_written_arn_is_parsed() -> None:
    assert parse_arn(Pattern.fixed("QueueArn")) is None
    assert parse_arn(Pattern.of("arn:aws:sqs")) is None
    parsed = parse_arn(Pattern.of("arn:aws:sqs:", REGION, ":", ACCOUNT, ":a:b"))
    assert parsed is not None and parsed.region == REGION and parsed.resource.text == "a:b"


@given(
    st.sampled_from(["s3", "sqs", "sns", "dynamodb", "kinesis", "events", "lambda", "stepfunctions"]),
    st.one_of(
        st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True).map(Pattern.of),
        st.just(Pattern.generated("Thing")),
        st.just(Pattern.of(Pattern.fixed("Stage"), "-thing")),
    ),
)
def test_the_name_of_an_arn_is_the_name_it_was_made_of(service: str, name: Pattern) -> None:
    assert arn_name(service, resource_arn(service, name)) == name
    assert arn_name("sqs", queue_url(name)) == name


@pytest.mark.parametrize(
    ("service", "written", "place"),
    [
        ("sqs", "https://sqs.eu-west-1.amazonaws.com/123456789012/orders", ("eu-west-1", "123456789012")),
        ("sqs", "https://eu-west-1.queue.amazonaws.com/123456789012/orders", None),
        ("sqs", "https://sqs.eu-west-1.amazonaws.com/orders", None),
        ("sqs", "https://sqs/123456789012/orders", None),
        ("sqs", "orders", None),
        ("sns", "https://sqs.eu-west-1.amazonaws.com/123456789012/orders", None),
        ("sqs", "arn:aws:sqs:eu-west-1:123456789012:orders", ("eu-west-1", "123456789012")),
        ("s3", "arn:aws:s3:::photos", (None, None)),
        ("s3", "photos", None),
    ],
)
def test_a_resource_may_say_where_it_is(
    service: str, written: str, place: tuple[str | None, str | None] | None
) -> None:
    assert place_of(service, Pattern.of(written)) == place


def test_a_place_that_is_not_known_here_is_not_told() -> None:
    assert place_of("sns", resource_arn("sns", Pattern.of("alarms"))) == (None, None)
    url = Pattern.of("https://sqs.eu-west-1.amazonaws.com/", ACCOUNT, "/orders")
    assert place_of("sqs", url) == ("eu-west-1", None)
    assert place_of("sqs", queue_url(Pattern.of("orders"))) is None


def test_the_fields_of_an_arn() -> None:
    found = parse_arn(Pattern.of("arn:aws-cn:lambda:cn-north-1:1:function:resize:live"))
    assert found is not None
    fields = (found.partition, found.service, found.region, found.account, found.resource)
    assert [field.text for field in fields] == ["aws-cn", "lambda", "cn-north-1", "1", "function:resize:live"]
    assert parse_arn(Pattern.of("urn:aws:sqs:eu-west-1:1:orders")) is None
    assert parse_arn(Pattern.of("arn:aws:sqs:eu-west-1:1")) is None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("arn:aws:lambda:eu-west-1:1:function:resize/invocations", "resize"),
        ("function:resize", "resize"),
        ("resize", "resize"),
        ("function", "function"),
    ],
)
def test_a_function_is_called_in_many_ways(written: str, name: str) -> None:
    assert arn_name("lambda", Pattern.of(written)).text == name
