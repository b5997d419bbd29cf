"""What a template says: functions, the events that wake them, resources, environment and permissions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from sls_lab.facts import Diagnostic, Pattern, Reason, Span, Verdict
from sls_lab.template.shared.node import Node

Dialect = Literal["serverless", "sam", "cloudformation"]

#: What the source of a relay is called that begins with everybody.
OUTSIDE: Final = "outside"
ANYONE: Final = Pattern.of("anyone")

NOTHING: Mapping[str, Node] = MappingProxyType({})


_ANSWERED: Final = frozenset({"alb", "appSync", "http", "httpApi", "url"})


@dataclass(frozen=True, slots=True)
class Options:
    """What the analyst passes for values that are given outside the template.

    `opt` answers `${opt:name}` (stage and region among them), `env` answers `${env:NAME}` (the analyst's own
    environment is never read), `param` answers `${param:name}` and CloudFormation parameters. `templates` restricts
    the application to these files, relative to its folder.
    """

    opt: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    param: Mapping[str, str] = field(default_factory=dict)
    templates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of the template. `name` is its physical name: generated where none is written."""

    logical_id: str
    type: str
    name: Pattern
    properties: Node
    span: Span
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Trigger:
    """One event that wakes one function.

    `type` is the word a reader knows (`http`, `httpApi`, `s3`, `sqs`, `sns`, `stream`, `eventBridge`, `schedule`,
    `websocket`, `alb`, `url`, …). `service` is the boto3 client whose calls can raise it (`s3`, `sqs`, `sns`,
    `dynamodb`, `kinesis`, `events`, `stepfunctions`, `lambda`), or None for the outside world and clocks.
    `resource` is the name (not the ARN) of the bucket, queue, topic, table, stream or bus that is listened to.
    `settings` are the trigger's resolved properties as written (`event`, `rules`, `filterPolicy`, `pattern`, …), in
    the spelling of `services`' documentation of that trigger; `via` names the stations between the resource and the
    function (an SNS topic's queue). `arn` is that of the resource where the template writes it out in full.
    """

    type: str
    service: str | None
    resource: Pattern | None
    settings: Mapping[str, Node]
    span: Span
    because: tuple[Reason, ...] = ()
    via: tuple[str, ...] = ()
    arn: Pattern | None = None

    @property
    def is_answered(self) -> bool:
        """Whether the function's result goes back to whoever sent the request.

        https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
        """
        return self.type in _ANSWERED


@dataclass(frozen=True, slots=True)
class Relay:
    """A declared path between two resources with no code of ours on it, such as SNS topic → SQS queue.

    Where `source_service` is `OUTSIDE`, anyone may send to the target: by an API that writes into it without a function
    in between, by a policy that lets everybody, by mail. `source` is `ANYONE` then.
    """

    source_service: str
    source: Pattern
    target_service: str
    target: Pattern
    settings: Mapping[str, Node]
    span: Span
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Subscription:
    """A topic's subscriber outside the application's functions: `protocol` is `email`, `sms`, `https`, …"""

    topic: Pattern
    protocol: str
    endpoint: Pattern
    span: Span


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable of a function."""

    name: str
    value: Pattern
    span: Span
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy. Empty `actions` with `not_actions` given is IAM's NotAction; so for resources.

    `of_resource` says that it is part of a resource's own policy, which concerns roles other than this one as well.
    """

    effect: Literal["Allow", "Deny"]
    actions: tuple[Pattern, ...]
    resources: tuple[Pattern, ...]
    span: Span
    not_actions: tuple[Pattern, ...] = ()
    not_resources: tuple[Pattern, ...] = ()
    conditional: bool = False
    because: tuple[Reason, ...] = ()
    of_resource: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a role lets a call pass, with the statements that decide it."""

    verdict: Verdict
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Role:
    """The permissions of one function. `complete` is False where a part of them cannot be seen (a role by ARN).

    `boundary` is what its permissions boundary allows at most, None where it has none.
    """

    statements: tuple[Statement, ...]
    complete: bool
    because: tuple[Reason, ...] = ()
    boundary: Role | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the template.

    `name` is unique in the application (`template-path:name` where two templates use the same). `deployed_name` is
    what `lambda.invoke` calls it. `handler` is the string as written; `file` and `attribute` are the Python file it
    means, relative to the application's folder, and the name in it, both None where that could not be found (a
    diagnostic says why). `code_root` is the folder (relative, "" for the application's own) from which its imports
    are resolved, `layers` are further such folders. `language` is `python` only where the runtime says so.
    `dead_letters` are the ARNs to which Lambda sends, with the function's role, what the function failed on.
    """

    name: str
    logical_id: str
    deployed_name: Pattern
    template: str
    handler: str | None
    file: str | None
    attribute: str | None
    code_root: str
    layers: tuple[str, ...]
    runtime: str | None
    language: Literal["python", "other"]
    inline_code: str | None
    triggers: tuple[Trigger, ...]
    environment: Mapping[str, Variable]
    role: Role
    span: Span
    handler_span: Span
    because: tuple[Reason, ...] = ()
    dead_letters: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """One state of a state machine; `function` is the application's function that a task state runs, if any.

    `around` are the states that it is within, the outermost first. `variables` are those that any state of its machine
    assigns, `results` the keys at which any puts its result into its input.
    """

    name: str
    type: str
    function: str | None
    following: tuple[str, ...]
    settings: Mapping[str, Node]
    span: Span
    around: tuple[Enclosure, ...] = ()
    variables: tuple[str, ...] = ()
    results: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The Map or Parallel `state` around another one: in which of its `branches`, from 0; a Map has one."""

    state: State
    branch: int = 0
    branches: int = 1


@dataclass(frozen=True, slots=True)
class StateMachine:
    """A Step Functions state machine with its states by name; nested branches are flattened into `states`."""

    logical_id: str
    name: Pattern
    start: str
    states: Mapping[str, State]
    triggers: tuple[Trigger, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Resolution:
    """One `${…}` or intrinsic function as written, and what it became, step by step.

    `referred` are the names of parameters and resources that it mentions itself (`Worker` of `!GetAtt Worker.Arn`).
    """

    written: str
    value: Pattern | None
    span: Span
    because: tuple[Reason, ...]
    referred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """All templates of one application, read and resolved.

    `root` is the application's folder (absolute); `files` are the template files, relative to it, and `texts` their
    sources with those of the files they include. `layers` are the folders that the layers of all templates put on
    Python's path: a template does not always say which function has which.
    """

    root: Path
    kind: Dialect
    files: tuple[str, ...]
    texts: Mapping[str, str]
    functions: tuple[Function, ...]
    resources: tuple[Resource, ...]
    relays: tuple[Relay, ...]
    subscriptions: tuple[Subscription, ...]
    state_machines: tuple[StateMachine, ...]
    resolutions: tuple[Resolution, ...]
    diagnostics: tuple[Diagnostic, ...]
    layers: tuple[str, ...] = ()

    def function(self, name: str) -> Function:
        """The function called `name`. Raises KeyError."""
        for function in self.functions:
            if function.name == name:
                return function
        raise KeyError(name)
