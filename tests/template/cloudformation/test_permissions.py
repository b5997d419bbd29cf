"""Three-valued decisions, and the laws they keep."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sls_lab.aws.arn import ACCOUNT, REGION, resource_arn
from sls_lab.facts import Hole, Pattern, Reason, Span, Verdict
from sls_lab.template.iam.decision import decide
from sls_lab.template.model import Role, Statement

AT = Span("template.yaml", 1, 0, 1, 1)
QUEUE = resource_arn("sqs", Pattern.of("orders"))


def _statement(
    effect: str = "Allow", actions: str = "*", resources: Pattern | str = "*", *, conditional: bool = False
) -> Statement:
    resource = resources if isinstance(resources, Pattern) else Pattern.of(resources)
    names = tuple(map(Pattern.of, actions.split()))
    return Statement("Deny" if effect == "Deny" else "Allow", names, (resource,), AT, conditional=conditional)


def _decide(*statements: Statement, action: str = "sqs:SendMessage", arn: Pattern = QUEUE) -> Verdict:
    return decide(Role(statements, complete=True), action, arn).verdict


@pytest.mark.parametrize(
    "actions", ["*", "sqs:*", "sqs:SendMessage", "SQS:sendmessage", "sqs:Send*", "sqs:SendM?ssage"]
)
def test_wildcards_in_actions(actions: str) -> None:
    assert _decide(_statement(actions=actions)) is Verdict.YES


@pytest.mark.parametrize("actions", ["s3:*", "sqs:Receive*", "sqs:SendMessageBatch", "sqs", "sqs.SendMessage"])
def test_other_actions(actions: str) -> None:
    assert _decide(_statement(actions=actions)) is Verdict.NO


@pytest.mark.parametrize(
    ("resource", "verdict"),
    [
        ("*", Verdict.YES),
        ("arn:aws:sqs:*:*:orders", Verdict.YES),
        ("arn:aws:sqs:*:*:ord*", Verdict.YES),
        ("arn:aws:sqs:*:*:order?", Verdict.YES),
        ("arn:aws:sqs:eu-west-1:123456789012:orders", Verdict.YES),  # its own region and account, as roles have it
        (QUEUE, Verdict.YES),
        ("arn:aws:sqs:*:*:other", Verdict.NO),
        ("arn:aws:sqs:*:*:orders-2", Verdict.NO),
        ("arn:aws:sns:*:*:orders", Verdict.NO),
        (resource_arn("sqs", Pattern.generated("Orders")), Verdict.NO),
        (resource_arn("sqs", Pattern.fixed("QueueName")), Verdict.MAYBE),
        (Pattern.fixed("QueueArn"), Verdict.MAYBE),
        (Pattern.any("arn"), Verdict.MAYBE),
    ],
)
def test_resources(resource: Pattern | str, verdict: Verdict) -> None:
    assert _decide(_statement(resources=resource)) is verdict


def test_a_written_region_of_the_call_must_be_the_statements() -> None:
    there = resource_arn("sqs", Pattern.of("orders"), region=Pattern.of("us-east-1"))
    assert _decide(_statement(resources="arn:aws:sqs:eu-west-1:*:orders"), arn=there) is Verdict.NO
    assert _decide(_statement(resources="arn:aws:sqs:us-east-1:*:orders"), arn=there) is Verdict.YES


def test_a_bucket_is_not_its_objects() -> None:
    key = Pattern.of("arn:aws:s3:::photos/", Hole("key"))
    put = "s3:PutObject"
    assert _decide(_statement(resources="arn:aws:s3:::photos"), action=put, arn=key) is Verdict.NO
    assert _decide(_statement(resources="arn:aws:s3:::photos/*"), action=put, arn=key) is Verdict.YES
    assert _decide(_statement(resources="arn:aws:s3:::photos/in/*"), action=put, arn=key) is Verdict.MAYBE
    assert _decide(_statement(resources="arn:aws:s3:::photos*"), action=put, arn=key) is Verdict.YES
    inside = Pattern.of("arn:aws:s3:::photos/in/", Hole("name"), ".png")
    assert _decide(_statement(resources="arn:aws:s3:::photos/in/*"), action=put, arn=inside) is Verdict.YES
    assert _decide(_statement(resources="arn:aws:s3:::photos/out/*"), action=put, arn=inside) is Verdict.NO


def test_an_unknown_name_may_be_the_one_allowed() -> None:
    unknown = resource_arn("sqs", Pattern.any("queue"))
    assert _decide(_statement(resources="arn:aws:sqs:*:*:orders"), arn=unknown) is Verdict.MAYBE
    assert _decide(_statement(resources="*"), arn=unknown) is Verdict.YES


def test_an_explicit_deny_wins() -> None:
    allow, deny = _statement(), _statement("Deny", "sqs:*")
    assert _decide(allow, deny) is _decide(deny, allow) is Verdict.NO
    assert _decide(allow, _statement("Deny", "sqs:*", conditional=True)) is Verdict.MAYBE
    assert _decide(allow, _statement("Deny", "sqs:*", "arn:aws:sqs:*:*:other")) is Verdict.YES


def test_a_condition_leaves_it_open() -> None:
    assert _decide(_statement(conditional=True)) is Verdict.MAYBE
    assert _decide(_statement(conditional=True), _statement()) is Verdict.YES


def test_not_action_and_not_resource() -> None:
    but_iam = Statement("Allow", (), (Pattern.of("*"),), AT, not_actions=(Pattern.of("iam:*"),))
    assert _decide(but_iam) is Verdict.YES
    assert _decide(but_iam, action="iam:PassRole") is Verdict.NO
    but_orders = Statement("Allow", (Pattern.of("*"),), (), AT, not_resources=(QUEUE,))
    assert _decide(but_orders) is Verdict.NO
    assert _decide(but_orders, arn=resource_arn("sqs", Pattern.of("x"))) is Verdict.YES


def test_a_role_that_is_not_seen_in_full_says_maybe() -> None:
    why = Reason("the role stands elsewhere", AT)
    decision = decide(Role((), complete=False, because=(why,)), "sqs:SendMessage", QUEUE)
    assert decision.verdict is Verdict.MAYBE
    assert why in decision.because


def test_the_reasons_name_the_statement_or_its_absence() -> None:
    nothing = decide(Role((), complete=True), "sqs:SendMessage", QUEUE)
    assert nothing.because[0].text.startswith("no statement allows sqs:SendMessage on arn:aws:sqs:")
    place = Span("template.yaml", 7, 2, 9, 0)
    statement = Statement("Allow", (Pattern.of("sqs:*"),), (Pattern.of("*"),), place)
    allowed = decide(Role((_statement("Deny", "s3:*"), statement), complete=True), "sqs:SendMessage", QUEUE)
    assert allowed.because[0].span == place
    denied = decide(Role((statement, _statement("Deny")), complete=True), "sqs:SendMessage", QUEUE)
    assert "denies" in denied.because[0].text


_PIECES: list[str | Hole | Pattern] = [
    "arn:aws:sqs:",
    "*",
    "orders",
    "?",
    ":",
    REGION,
    ACCOUNT,
    Pattern.generated("Q"),
    Hole("x"),
]
_PARTS = st.sampled_from(_PIECES)
_RESOURCES = st.one_of(st.just(QUEUE), st.lists(_PARTS, min_size=1, max_size=5).map(lambda parts: Pattern.of(*parts)))
_STATEMENTS = st.builds(
    _statement,
    st.sampled_from(["Allow", "Deny"]),
    st.sampled_from(["*", "sqs:*", "sqs:SendMessage", "s3:*"]),
    _RESOURCES,
    conditional=st.booleans(),
)
_ROLES = st.builds(Role, st.lists(_STATEMENTS, max_size=4).map(tuple), st.booleans())
_ORDER = {Verdict.NO: 0, Verdict.MAYBE: 1, Verdict.YES: 2}


@given(_ROLES, _STATEMENTS, _RESOURCES)
def test_a_further_statement_moves_the_answer_one_way(role: Role, statement: Statement, arn: Pattern) -> None:
    more = Role((*role.statements, statement), role.complete)
    before, after = (_ORDER[decide(one, "sqs:SendMessage", arn).verdict] for one in (role, more))
    assert after >= before if statement.effect == "Allow" else after <= before


@given(_ROLES, _RESOURCES)
def test_denying_everything_gives_no(role: Role, arn: Pattern) -> None:
    more = Role((*role.statements, _statement("Deny")), role.complete)
    assert decide(more, "sqs:SendMessage", arn).verdict is Verdict.NO


@given(_ROLES, _RESOURCES)
def test_the_order_of_statements_does_not_count(role: Role, arn: Pattern) -> None:
    turned = Role(role.statements[::-1], role.complete)
    answers = {decide(one, "sqs:SendMessage", arn).verdict for one in (role, turned)}
    assert len(answers) == 1


@given(_ROLES, _RESOURCES)
def test_every_decision_says_why(role: Role, arn: Pattern) -> None:
    assert decide(role, "sqs:SendMessage", arn).because
