"""Read the arguments of a boto3 call."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from sls_lab.aws.arn import arn_name, place_of
from sls_lab.code.model import Argument, BotoCall
from sls_lab.facts import Pattern, Reason
from sls_lab.services import build
from sls_lab.services.call_values import View


def argument(call: BotoCall, *names: str) -> Argument | None:
    """The first of the arguments called `names` that the call has."""
    return next((call.arguments[name] for name in names if name in call.arguments), None)


def node(call: BotoCall, view: View, *names: str) -> ast.expr | None:
    """The expression to look at for the first of `names`, None where the call certainly has none of them."""
    found = argument(call, *names)
    if found is not None and found.node is not None:
        return found.node
    return _from_keywords(call, view, names, certain=found is not None, written=True)


def values(call: BotoCall, view: View, *names: str) -> tuple[Pattern, ...]:
    """The strings that the argument may be; one opaque pattern where it is not known or missing."""
    found = argument(call, *names)
    if found is not None and found.values:
        return found.values
    written = node(call, view, *names)
    return view.values(written) if written is not None else (Pattern.any(names[0]),)


def expression(call: BotoCall, view: View, *names: str, receiver: str | None = None) -> ast.expr:
    """The expression for an argument in the event object, which there always is.

    Where none is written and the value is not known either, it is the receiver's attribute `receiver` (`key` of an
    `Object` made elsewhere), or the entry of a `**mapping`, or else the string that is known of it.
    """
    written = optional(call, view, *names)
    if written is not None:
        return written
    found = argument(call, *names)
    texts = {value.text for value in found.values} if found else set()
    if len(texts) == 1 and None not in texts:
        return build.const(next(iter(texts)))
    passed = _from_keywords(call, view, names, certain=True)
    if passed is not None:
        return passed
    if receiver is not None and isinstance(call.node.func, ast.Attribute):
        return build.attribute(call.node.func.value, receiver)
    return build.const(str(found.values[0]) if found and found.values else "")


def optional(call: BotoCall, view: View, *names: str) -> ast.expr | None:
    """The expression of an argument, else None; `**options` gives `options["name"]`."""
    found = argument(call, *names)
    if found is not None and found.node is not None:
        return found.node
    return _from_keywords(call, view, names, certain=found is not None)


def sent(call: BotoCall, view: View, *names: str) -> ast.expr | None:
    """The expression of the argument that has what a call sends, else None.

    As `optional`; where nothing is known of `**options` it is taken to be in there, since else its data were lost.
    """
    found = optional(call, view, *names)
    return found if found is not None else _from_keywords(call, view, names, certain=True)


def several(call: BotoCall, view: View, name: str) -> ast.expr | None:
    """The list of what a call sends several of, to be looked into; else as `sent`."""
    found = node(call, view, name)
    return found if found is not None else sent(call, view, name)


def _from_keywords(
    call: BotoCall, view: View, names: tuple[str, ...], *, certain: bool, written: bool = False
) -> ast.expr | None:
    """The entry of a `**mapping`: where its keys are not known, only what is `certain` to be in it."""
    for keyword in call.node.keywords:
        if keyword.arg is None:
            known = view.members(keyword.value)
            for name in names:
                if known is None and not certain:
                    continue
                found = view.written(keyword.value, name) if written else view.member(keyword.value, name)
                if found is not None:
                    return found
    return None


def resource_names(call: BotoCall, view: View, service: str, *names: str) -> tuple[Pattern, ...]:
    """The resource's names in the argument, which may be written as a name, URL or ARN."""
    return tuple(dict.fromkeys(arn_name(service, value) for value in values(call, view, *names)))


def is_elsewhere(call: BotoCall, service: str, name: Pattern, arn: Pattern) -> bool:
    """Whether all that the call gives for the resource called `name` is in another region or account than `arn`.

    What came from an environment variable names a place that is chosen at deployment, and says nothing.
    """
    given = [
        value
        for one in call.arguments.values()
        for value in one.values
        if arn_name(service, value) == name and not any(reason.kind == "environment" for reason in one.because)
    ]
    here, places = place_of(service, arn), [place_of(service, value) for value in given]
    if here is None or not places:
        return False
    return all(place is not None and _differ(place, here) for place in places)


def _differ(place: tuple[str | None, str | None], other: tuple[str | None, str | None]) -> bool:
    return any(mine and theirs and mine != theirs for mine, theirs in zip(place, other, strict=True))


def call_reason(call: BotoCall) -> Reason:
    """The first link of each chain: which handler calls what."""
    return Reason(f"`{call.handler}` calls {call.service}.{call.api}", call.span)


def naming_reasons(call: BotoCall, what: str, found: Iterable[Pattern], *names: str) -> tuple[Reason, ...]:
    """How the resource's name became known: the steps of its resolution, and the outcome."""
    given = argument(call, *names)
    text = " or ".join(f"`{value}`" for value in found)
    span = given.span if given else call.span
    if _unknown(found):
        outcome = Reason(f"the {what} is not known here: {text}", span, "doubt")
    else:
        outcome = Reason(f"the {what} is {text}", span)
    return (*(given.because if given else ()), outcome)


def _unknown(found: Iterable[Pattern]) -> bool:
    return all(value.opaque for value in found)
