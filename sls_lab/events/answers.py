"""Where a call that waits for the function it wakes finds what that returns."""

from __future__ import annotations

from sls_lab.aws.registry import facts_of
from sls_lab.code.model import BotoCall

#: Ways of invoking a function that return no payload.
#: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
_NOT_WAITING = frozenset({"Event", "DryRun"})


def has_answer(call: BotoCall) -> bool:
    """Whether calls of this kind can wait for an answer."""
    return call.api in facts_of(call.service).answers


def answer_key(call: BotoCall) -> str | None:
    """The key of the response that has the answer; None where the call never waits for one."""
    kind = call.arguments.get("InvocationType")
    if kind is not None and kind.values and all(value.text in _NOT_WAITING for value in kind.values):
        return None
    return facts_of(call.service).answers.get(call.api)
