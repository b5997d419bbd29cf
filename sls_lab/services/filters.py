"""Content filters, three-valued, over the expression of an event.

EventBridge's pattern language is also that of event source mappings and (nearly) of SNS filter policies:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html,
https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html,
https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sls_lab.facts import Pattern, Reason, Span, Verdict
from sls_lab.services import build
from sls_lab.services.call_values import View
from sls_lab.services.comparison import EventLeaf, compare
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.trigger_settings import Settings, first

# A rule read from the template: strings are patterns, lists and mappings plain, numbers, truth values and None plain.
FilterRule = Any
#: What Lambda and the service that is polled write into each record.
#: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html, https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
#: and https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
_RECORD_FIELDS = (
    *("awsRegion", "eventID", "eventName", "eventSource", "eventSourceARN", "eventVersion", "invokeIdentityArn"),
    *("md5OfBody", "messageId", "receiptHandle", "approximateArrivalTimestamp", "sequenceNumber"),
)
_DEPTH = 40
_ABSENT = object()
_UNKNOWN = object()


def rule_of(node: Node, depth: int = _DEPTH) -> FilterRule:
    """The rule that a template's node writes; a string at the top is read as JSON."""
    if depth == _DEPTH and node.text is not None:
        try:
            return rule_of_json(json.loads(node.text))
        except (ValueError, RecursionError):
            return node.value
    value = node.value
    if depth > 0 and isinstance(value, tuple):
        return [rule_of(inner, depth - 1) for inner in value]
    if depth > 0 and isinstance(value, Mapping):
        return {key: rule_of(inner, depth - 1) for key, inner in value.items()}
    return value


def rule_of_json(value: Any) -> FilterRule:
    """The rule that parsed JSON writes."""
    if isinstance(value, str):
        return Pattern.of(value)
    if isinstance(value, list):
        return [rule_of_json(inner) for inner in value]
    if isinstance(value, dict):
        return {key: rule_of_json(inner) for key, inner in value.items()}
    return value


class Matcher:
    """Match rules against the expression of an event; `missing` collects the fields that do not match."""

    def __init__(self, view: View) -> None:
        """Names in the expression are looked up through `view`."""
        self._view = view
        self.failed: list[str] = []

    def match(self, rule: FilterRule, node: object, path: str = "") -> Verdict:
        """Whether the event `node` (an expression, or not known) passes the mapping `rule`."""
        if not isinstance(rule, Mapping):
            return Verdict.MAYBE
        verdicts = []
        for key, wanted in rule.items():
            if key == "$or" and isinstance(wanted, Sequence):
                verdict = Verdict.any(self.match(option, node, path) for option in wanted)
            else:
                where = f"{path}.{key}" if path else key
                verdict = self._field(wanted, self._child(node, key), where)
                if verdict is Verdict.NO and not isinstance(wanted, Mapping):  # else a field below it is told
                    self.failed.append(where)
            verdicts.append(verdict)
        return Verdict.all(verdicts)

    def _field(self, wanted: FilterRule, found: object, path: str) -> Verdict:
        if isinstance(wanted, Mapping):
            if found is _ABSENT:
                # Only `exists: false` below can pass on what is not there.
                return self.match(wanted, _ABSENT, path)
            return self.match(wanted, found, path)
        options = wanted if isinstance(wanted, list) else [wanted]
        return Verdict.any(self._option(option, found) for option in options)

    def _option(self, option: FilterRule, found: object) -> Verdict:
        if isinstance(option, Mapping) and "exists" in option:
            exists = Verdict.MAYBE if found is _UNKNOWN else Verdict.NO if found is _ABSENT else Verdict.YES
            return exists if option["exists"] in (True, Pattern.of("true")) else exists.negated()
        if found is _ABSENT:
            return Verdict.NO
        if not isinstance(found, ast.expr):
            return Verdict.MAYBE
        return _alternatives([compare(option, leaf) for leaf in self._leaves(found)])

    def _child(self, node: object, key: str) -> object:
        if not isinstance(node, ast.expr):
            return node
        shape = self._view.resolve(node)
        members = self._view.members(node if isinstance(node, ast.Name) else shape)
        if members is not None:
            return next((member.written for member in reversed(members) if member.key == key), _ABSENT)
        if isinstance(shape, ast.Dict):
            return self._in_open_mapping(shape, key)
        if isinstance(shape, ast.Constant) or (
            isinstance(shape, ast.UnaryOp) and isinstance(shape.operand, ast.Constant)
        ):
            return _ABSENT
        return _UNKNOWN

    def _in_open_mapping(self, shape: ast.Dict, key: str) -> object:
        """An entry of a mapping not all of whose keys are known: what is written last for this key is there."""
        for written, value in zip(reversed(shape.keys), reversed(shape.values), strict=True):
            text = self._view.text(written) if written is not None else None
            if text == key:
                return value
            if text is None:
                return _UNKNOWN
        return _ABSENT

    def _leaves(self, node: ast.expr) -> list[EventLeaf]:
        shape = self._view.resolve(node)
        match shape:
            case ast.Constant(value=None):
                return [EventLeaf(null=True)]
            case ast.Constant(value=bool() as truth):
                return [EventLeaf(truth=truth)]
            case ast.Constant(value=int() | float() as number):
                return [EventLeaf(number=float(number))]
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return [EventLeaf(number=-float(number))]
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                # A list matches where one of its elements does.
                return [EventLeaf(several=tuple(leaf for element in elements for leaf in self._leaves(element)))]
            case ast.Dict():
                return [EventLeaf(null=False, several=())]
        return [EventLeaf(text=value) for value in self._view.values(node)]


def _alternatives(verdicts: list[Verdict]) -> Verdict:
    """What may be one of several values: certain where all agree."""
    if verdicts and all(verdict is verdicts[0] for verdict in verdicts):
        return verdicts[0]
    return Verdict.MAYBE


def match_rule(rule: FilterRule, event: ast.expr, view: View, what: str, span: Span | None) -> tuple[Verdict, Reason]:
    """Whether `event` passes `rule`, and a sentence on it; `what` names the rule."""
    matcher = Matcher(view)
    verdict = matcher.match(rule, event)
    failed = [f"`{field}`" for field in dict.fromkeys(matcher.failed)]
    unlike = f": {' and '.join(failed)} {'does' if len(failed) == 1 else 'do'} not match" if failed else ""
    saying = {
        Verdict.YES: f"the {what} lets it pass",
        Verdict.MAYBE: f"the {what} may let it pass: it depends on values that are not known here",
        Verdict.NO: f"the {what} stops it{unlike}",
    }[verdict]
    return verdict, Reason(saying, span, "doubt" if verdict is Verdict.MAYBE else "statement")


def with_platform_fields(event: ast.expr, words: Sequence[str]) -> ast.expr:
    """An event with the fields `words`, which the platform writes: of those that it does not have nothing is known."""
    if not isinstance(event, ast.Dict):
        return event
    had = {key.value for key in event.keys if isinstance(key, ast.Constant)}
    added = [word for word in words if word not in had]
    values = [build.name(f"{{{word}}}") for word in added]
    return ast.Dict([*event.keys, *map(build.const, added)], [*event.values, *values])


def filter_patterns(
    settings: Settings, record: Callable[[], ast.expr], view: View
) -> tuple[Verdict, tuple[Reason, ...]]:
    """Whether an event source mapping's filters let a record pass: one of them must; without any, all pass.

    The record is built where there is a filter to look at it.
    """
    found = filters_of(settings)
    if not found:
        return Verdict.YES, ()
    event = with_platform_fields(record(), _RECORD_FIELDS)
    verdicts, reasons = [], []
    for node in found:
        verdict, reason = match_rule(rule_of(node), event, view, "filter pattern", node.span)
        verdicts.append(verdict)
        reasons.append(reason)
    together = Verdict.any(verdicts)
    deciding = [reason for verdict, reason in zip(verdicts, reasons, strict=True) if verdict is together]
    return together, tuple(deciding if together is Verdict.NO else deciding[:1])


def filters_of(settings: Settings) -> list[Node]:
    """The patterns of an event source mapping, of which a record must pass one."""
    short = first(settings, "filterPatterns")
    if short is not None:
        return list(short.listed())
    criteria = first(settings, "FilterCriteria", "filterCriteria")
    filters = (criteria.get("Filters") or criteria.get("filters")) if criteria is not None else None
    listed = filters.listed() if filters is not None else ()
    patterns = [node.get("Pattern") or node.get("pattern") for node in listed]
    return [node for node in patterns if node is not None]
