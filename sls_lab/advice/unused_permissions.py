"""SAS-4, over-privileged functions: what each statement grants, minus what is used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sls_lab.advice.model import Advice, Check
from sls_lab.aws.actions import action_prefix
from sls_lab.aws.arn import ACCOUNT, REGION, parse_arn
from sls_lab.aws.triggers import polling_prefix
from sls_lab.code import BotoCall, Code
from sls_lab.facts import Hole, HoleKind, Pattern
from sls_lab.linked import Linked
from sls_lab.services import needed_by
from sls_lab.services.actions import action_of
from sls_lab.services.destinations import needed, needed_for_failures
from sls_lab.services.implied import ANY, implied_by, used_by
from sls_lab.template.iam.decision import decide
from sls_lab.template.model import Function, Relay, Statement, Template

#: What a function needs in order to run (its log, its traces, its place in a network), or what other services use for
#: it: keys decrypt what they hold, roles are passed on.
_BEHIND_THE_SCENES = ("logs:", "xray:", "ec2:", "kms:", "iam:", "sts:", "cloudwatch:")
#: Nobody reads a statement with more actions or resources than this.
_MOST = 8
_KIND = re.compile(r"^(?:table|stream|function|stateMachine|event-bus)[:/]|/$")
Use = tuple[str, Pattern | None]  #: an action, and the ARN it is used on where that is known


@dataclass(frozen=True, slots=True)
class _Uses:
    """What one function does with its permissions: `uses` are calls, `open` are services that it may use as well."""

    uses: frozenset[Use]
    open: frozenset[str]

    def may_use(self, action: Pattern) -> bool:
        """Whether something may need a granted action."""
        service = str(action).partition(":")[0]
        if ANY in self.open or service in self.open or not service or "*" in service:
            return ANY in self.open or service in self.open or bool(self.uses)
        return any(matches(used, action) for used, _ in self.uses)


@dataclass(frozen=True, slots=True)
class _Smaller:
    """A statement that could replace another."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]

    def __str__(self) -> str:
        return f"{{Effect: Allow, Action: [{', '.join(self.actions)}], Resource: [{', '.join(self.resources)}]}}"


def unused_permissions(app: Linked) -> Iterator[Advice]:
    """Actions that nothing uses, and wildcards where the calls need less."""
    template, code = app.template, app.code
    context = _Context.of(template, code)
    known = {function.name: _uses(function, context) for function in template.functions}
    by_statement: dict[Statement, list[Function]] = {}
    for function in template.functions:
        for statement in function.role.statements:
            if statement.effect == "Allow" and not statement.of_resource:
                by_statement.setdefault(statement, []).append(function)
    for statement, functions in by_statement.items():
        if statement.not_actions and not statement.actions:
            names = ", ".join(map(str, statement.not_actions))
            message = f"everything but {names} is granted; name the actions that are needed"
            yield Advice("wildcard-permission", message, statement.span)
        granted = [action for action in statement.actions if not str(action).startswith(_BEHIND_THE_SCENES)]
        if not granted:
            continue
        unseen = [one.name for one in functions if one.name not in code.handlers or one.name in code.unseen]
        uses = [known[function.name] for function in functions]
        yield from _of_statement(statement, granted, uses, bool(unseen))


def _of_statement(statement: Statement, granted: list[Pattern], uses: list[_Uses], unseen: bool) -> Iterator[Advice]:
    idle = [] if unseen else [action for action in granted if not any(one.may_use(action) for one in uses)]
    if idle:
        names = ", ".join(map(str, idle))
        message = f"no function with this permission needs {names}; remove it"
        yield Advice("unused-permission", message, statement.span)
    wide = [action for action in granted if "*" in str(action) and action not in idle]
    smallest = None if unseen else _smallest(statement, wide or granted, idle, uses)
    if wide:
        names = ", ".join(map(str, wide))
        remedy = f"{smallest} would do" if smallest else "name the actions that are needed"
        yield Advice("wildcard-permission", f"{names} is granted with a wildcard; {remedy}", statement.span)
    elif smallest and not idle and "*" in {one.text for one in statement.resources} and "*" not in smallest.resources:
        names = ", ".join(map(str, granted))
        yield Advice("wildcard-resource", f"{names} is granted on every resource; {smallest} would do", statement.span)


def _smallest(statement: Statement, wide: list[Pattern], idle: list[Pattern], uses: list[_Uses]) -> _Smaller | None:
    """The smallest statement in place of this one; None where what is needed is not known.

    Something else may need a wildcard's action where a service is open, and may need it on any resource.
    """
    services = {str(action).partition(":")[0] for action in wide}
    opened = frozenset(service for one in uses for service in one.open)
    if ANY in opened or services & opened or ("*" in services and opened):
        return None
    kept = [action for action in statement.actions if action not in idle]
    used = {use for one in uses for use in one.uses if any(matches(use[0], action) for action in kept)}
    behind = {str(action) for action in kept if str(action).startswith(_BEHIND_THE_SCENES)}
    if not used or behind or len(used) > _MOST:
        return None
    actions = sorted({action for action, _ in used})
    written = [_shown(resource) for resource in statement.resources]
    arns = sorted({_shown(arn) for _, arn in used if arn is not None})
    if all(arn is not None and not _unclear(arn) for _, arn in used):
        written = arns
    return _Smaller(tuple(actions), tuple(written))


def _unclear(arn: Pattern) -> bool:
    """Whether nothing of the resource's own name is known."""
    parsed = parse_arn(arn)
    if parsed is None or not any(hole.kind is HoleKind.ANY for hole in parsed.resource.holes):
        return parsed is None
    return not _KIND.sub("", "".join(part for part in parsed.resource.parts if isinstance(part, str)))


def _shown(arn: Pattern) -> str:
    """An ARN as templates write it, with a wildcard for each part that is a different string each time."""
    shown = "".join("*" if _is_any(part) else str(Pattern.of(part)) for part in arn.parts)
    for name in (REGION, ACCOUNT):
        shown = shown.replace(str(name), "$" + str(name))
    return shown


def _is_any(part: str | Hole) -> bool:
    return isinstance(part, Hole) and part.kind is HoleKind.ANY


@dataclass(frozen=True, slots=True)
class _Context:
    """What is looked up for each function: calls by handler, what each file may use, and what sends outcomes on."""

    code: Code
    calls: Mapping[str, list[BotoCall]]
    by_file: Mapping[str, frozenset[str]]
    outcomes: tuple[Relay, ...]

    @staticmethod
    def of(template: Template, code: Code) -> _Context:
        """Look at everything once."""
        calls: dict[str, list[BotoCall]] = {}
        for call in code.calls:
            calls.setdefault(call.handler, []).append(call)
        unclear = {one.span.file for one in code.diagnostics if one.code == "unknown-client" and one.span is not None}
        by_file = {
            file: frozenset((*used_by(module), *((ANY,) if file in unclear else ())))
            for file, module in code.modules.items()
        }
        outcomes = tuple(relay for relay in template.relays if relay.source_service == "lambda")
        return _Context(code, calls, by_file, outcomes)


def _uses(function: Function, context: _Context) -> _Uses:
    uses: set[Use] = set(needed_for_failures(function))
    opened: set[str] = set()
    for call in context.calls.get(function.name, ()):
        if call.acts_as is not None:
            continue  # it uses permissions, but not those of this role
        opened |= set(implied_by(call))
        action = action_of(call)
        pairs = needed_by(call)
        if pairs:
            uses |= set(pairs)
        elif action is None:
            opened.add(_service(call.service))
        else:
            uses.add((action, None))
        if action is not None and not pairs and not _allowed(function, action):
            opened.add(_service(call.service))  # it fails, or needs an action other than its name suggests
        if call.service == "s3" and call.api in ("copy", "copy_object", "copy_from"):
            uses |= {("s3:GetObject", None), ("s3:GetObjectTagging", None)}
    opened |= {_service(service) for service in context.code.handed_over.get(function.name, ())}
    for file in context.code.reached.get(function.name, ()):
        opened |= context.by_file.get(file, frozenset())
    for trigger in function.triggers:
        polled = polling_prefix(trigger.type, trigger.service)  # Lambda reads the source with the function's role
        opened |= {polled} if polled is not None else set()
    for relay in context.outcomes:
        if relay.source.equals(function.deployed_name).possible:
            sending = needed(relay)
            uses |= {sending} if sending is not None else set()
    return _Uses(frozenset(uses), frozenset(opened))


def _allowed(function: Function, action: str) -> bool:
    return decide(function.role, action, Pattern.any("resource")).verdict.possible


def _service(client: str) -> str:
    return client if client == ANY else action_prefix(client)


def matches(action: str, granted: Pattern) -> bool:
    """Whether a granted action covers one that is used."""
    return Pattern.of(action).matches_glob(granted, ignore_case=True).possible


CHECK = Check(
    "unused-permissions",
    "Permissions that are wider than what uses them",
    4,
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    ("unused-permission", "wildcard-permission", "wildcard-resource"),
    unused_permissions,
)
