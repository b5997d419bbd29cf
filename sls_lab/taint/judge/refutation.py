"""What template and text know against a flow that taint alone allows."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Final

from sls_lab.code import BotoCall
from sls_lab.events import Ways
from sls_lab.facts import Pattern, Reason, Span, Verdict
from sls_lab.services import needed_by, raises
from sls_lab.services.actions import action_of
from sls_lab.services.stored import found_by, left_by
from sls_lab.taint.judge.answers import without_answer
from sls_lab.taint.judge.checks import harmless
from sls_lab.taint.judge.definitions import Meanings
from sls_lab.taint.judge.flow_source import FlowSource
from sls_lab.taint.judge.guards import guarded
from sls_lab.taint.judge.judgement import Judgement
from sls_lab.taint.judge.overwritten import overwritten
from sls_lab.taint.judge.platform_values import platform_value
from sls_lab.taint.judge.quoting import quoted_address, quoted_word, wholly_quoted
from sls_lab.taint.judge.reading import Reading
from sls_lab.taint.judge.secrets import keeps_secret
from sls_lab.taint.model import Rule, Step
from sls_lab.taint.read.flow_trace import Trace
from sls_lab.taint.rules import QUOTED_COMMAND, QUOTED_URL
from sls_lab.taint.secret_rules import CATEGORY
from sls_lab.taint.staging.staged_folder import Subject
from sls_lab.template.iam.decision import decide
from sls_lab.template.model import Role

#: The kinds of sink for commands, from which quoting takes data.
_COMMANDS: Final = frozenset({"ShellCommand", "ShellScript", "RemoteCommand"})


def judge(subject: Subject, names: Meanings, rule: Rule, trace: Trace, ways: Ways | None = None) -> Judgement:
    """The judgement on a flow: why it cannot happen or is harmless, or what there is to know about it.

    `names` are those of the application, one for all of its flows; `ways` say who answers whom. Only a certain no sets
    a flow aside: a role that is not seen in full may allow everything.
    """
    against = trace.against or (without_answer(trace, subject.code, ways) if ways is not None else None)
    if against is not None:
        return Judgement(against)
    for step in trace.steps:
        ends = step is trace.steps[0] or step is trace.sink
        reason = _not_permitted(subject, step, _calls_of(subject, step, ends=ends))
        if reason is not None:
            return Judgement(reason)
    apart = next(_kept_apart(subject, trace.steps), None)
    if apart is not None:
        return Judgement(apart)
    if rule.category == CATEGORY:
        return Judgement(keeps_secret(rule, trace.steps, trace.call, subject.code.modules))
    if trace.call is not None:
        return _at_call(subject, names, rule, trace, trace.call)
    return Judgement(_kept_inside(subject, trace.sink) if rule.name == "SnsMessage" else None)


def _at_call(subject: Subject, names: Meanings, rule: Rule, trace: Trace, call: ast.Call) -> Judgement:
    """What the call at the sink shows."""
    code = subject.code
    module = code.modules[trace.sink.span.file]
    first = trace.steps[0]
    called = any(True for _ in _calls_at(subject, first.handler, first.span))
    source = FlowSource(first.span, trace.stations, called)
    reading = Reading(call, module, names, trace.held, source)
    reason = platform_value(source) or harmless(rule, call, reading) or overwritten(trace.stations)
    reason = reason or guarded(rule, trace.stations, names)
    if reason is not None:
        return Judgement(reason)
    if rule.name == QUOTED_COMMAND:
        return quoted_word(trace, call, code, reading)
    if rule.name == QUOTED_URL:
        return quoted_address(trace, call, code, reading)
    if trace.quoted and rule.name in _COMMANDS:
        return Judgement(wholly_quoted(trace, call, code, reading))
    return Judgement(_kept_inside(subject, trace.sink) if rule.name == "SnsMessage" else None)


def _calls_of(subject: Subject, step: Step, *, ends: bool) -> list[BotoCall]:
    """The calls of AWS at a step without which the data does not get there: at both ends, and at stores between."""
    if ends:
        return list(_calls_at(subject, step.handler, step.span))
    if step.role == "store":  # the step is what the call is given
        around = (one for one in subject.code.calls if one.handler == step.handler and one.span.contains(step.span))
        return [one for one in around if any(True for _ in left_by(one))]
    if step.role == "load":
        return [one for one in _calls_at(subject, step.handler, step.span) if any(True for _ in found_by(one))]
    return []


def _not_permitted(subject: Subject, step: Step, calls: Sequence[BotoCall]) -> Reason | None:
    """The call at a step, where its handler's role does not allow its action.

    Where the call raises an event, writes an object or an item, or reads a table, the role must allow the action on the
    very topic, object, function or table. For all else it is enough that the action is allowed on something: policies
    that name a bucket's objects and forget the bucket are common, and what is then refused is found when the
    application is first tried.
    """
    if not calls:
        return None
    role = subject.template.function(step.handler).role
    if "permissions" in subject.events.ignored or any(_may_call(role, call) for call in calls):
        return None
    return Reason(f"the role of `{step.handler}` does not allow {action_of(calls[0])} here", step.span)


def _kept_apart(subject: Subject, steps: Sequence[Step]) -> Iterator[Reason]:
    """Where data is left by a call that may write to several stores, but not to the one in which it would be found."""
    stored: Step | None = None
    for step in steps:
        if step.role == "store":
            stored = step
        elif step.role == "load" and stored is not None and "permissions" not in subject.events.ignored:
            role = subject.template.function(stored.handler).role
            written = [_writable(role, call) for call in _calls_of(subject, stored, ends=False)]
            names = [
                name
                for call in _calls_of(subject, step, ends=False)
                for found in found_by(call)
                for name in found.entry.resources
            ]
            if written and names and None not in written:
                allowed = [name for one in written for name in one or ()]
                if not any(one.equals(name).possible for one in allowed for name in names):
                    told = " or ".join(f"`{name}`" for name in dict.fromkeys(map(str, names)))
                    yield Reason(
                        f"the role of `{stored.handler}` does not allow it to leave data in {told}", stored.span
                    )


def _writable(role: Role, call: BotoCall) -> Sequence[Pattern] | None:
    """The names of the resources that a call may write to, None where the permissions for it are not known."""
    raised = raises(call)
    if not raised or not role.complete or call.acts_as is not None:
        return None
    return [
        name
        for one in raised
        for name, arn in zip(one.resources, one.arns, strict=True)
        if all(decide(role, action, arn).verdict.possible for action in one.actions)
    ]


def _may_call(role: Role, call: BotoCall) -> bool:
    action = action_of(call)
    if action is None or not role.complete or call.acts_as is not None:
        return True
    needed = needed_by(call)
    if needed:
        return any(decide(role, action, arn).verdict.possible for action, arn in needed)
    return any(
        statement.effect == "Allow"
        and (
            any(Pattern.of(action).matches_glob(one, ignore_case=True).possible for one in statement.actions)
            or (statement.not_actions and not statement.actions)
        )
        for statement in role.statements
    )


def _kept_inside(subject: Subject, sink: Step) -> Reason | None:
    """A topic declared here whose subscribers are all functions and queues of the application."""
    topics = [
        topic
        for call in _calls_at(subject, sink.handler, sink.span)
        for raised in raises(call)
        for topic in raised.resources
    ]
    if not topics:
        return None
    declared = [resource.name for resource in subject.template.resources if resource.type == "AWS::SNS::Topic"]
    for topic in topics:
        if not any(topic.equals(name) is Verdict.YES for name in declared):
            return None
        if any(topic.equals(subscription.topic).possible for subscription in subject.template.subscriptions):
            return None
    return Reason("every subscriber of the topic is a function or queue of the application", sink.span)


def _calls_at(subject: Subject, handler: str, span: Span) -> Iterator[BotoCall]:
    return (call for call in subject.code.calls if call.handler == handler and call.span == span)
