"""The form of what is known of one AWS service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

#: What `Ref` or an attribute of a resource gives: its name, its ARN, its ARN with a version, the URL of a queue, the
#: ARN of a table's stream, or the host name of a bucket.
Form = Literal["name", "arn", "version", "url", "stream", "domain"]
#: Who pulls a trigger: an outsider, a clock, or whoever may write to a resource.
Exposure = Literal["public", "clock", "deployment", "resource"]

_NONE: Mapping[str, str] = MappingProxyType({})
_NO_FORMS: Mapping[str, Form] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ArnShape:
    """How a service writes a resource in an ARN.

    `before` comes before the resource's name, `after` ends it. `cut` says that a name which is not written as an ARN
    ends there too (`bucket/key`). `region` and `account` are False where those fields stay empty. `also` are other
    words that may come before the name, and `scheme` begins a URL that means the same.
    Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
    """

    before: str = ""
    after: str = ""
    cut: bool = False
    region: bool = True
    account: bool = True
    also: tuple[str, ...] = ()
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class ResourceType:
    """How the resources of one CloudFormation type are called.

    `name` is the property with the physical name, None if there is none; `ref` is what `Ref` gives, `attributes`
    what `Fn::GetAtt` gives beyond `Arn`. `arn` is the shape where it is not that of the service.
    Source: "Return values" on the type's page in
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
    """

    name: str | None
    ref: Form = "name"
    attributes: Mapping[str, Form] = field(default_factory=lambda: _NO_FORMS)
    arn: ArnShape | None = None


@dataclass(frozen=True, slots=True)
class TriggerFacts:
    """One kind of event that wakes a function, by the word a reader knows (`s3`, `stream`, `iot`, …).

    `asynchronous` says that the caller leaves the event with Lambda and does not wait; `polled` that Lambda itself
    fetches it, with the function's role. `raised` says that calls of the service can raise it. `sam` are SAM's types
    of event that are nothing but this kind, `settings` the properties of theirs that are kept, as the setting's name
    and the property's. `sam_policy` is the managed policy that SAM adds for such an event, by SAM's type. `principal`
    are the callers that a permission names; where `names_source` is False, its source is not where the event arises.
    Sources: https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html,
    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventsource.html
    """

    kind: str
    exposure: Exposure = "resource"
    asynchronous: bool = False
    polled: bool = False
    raised: bool = False
    sam: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=lambda: _NONE)
    sam_policy: Mapping[str, str] = field(default_factory=lambda: _NONE)
    principal: tuple[str, ...] = ()
    names_source: bool = True


@dataclass(frozen=True, slots=True)
class Target:
    """Where in a resource's properties the ARN, URL or name of what is reached is written.

    A path is in the form of `sls_lab.template.shared.paths`, "" is the resource itself. `client` is the boto3 client of
    the service that is reached, "" where the ARN says so.
    """

    path: str
    client: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """A type of resource that leads events of this service to functions and to resources of other services.

    `trigger` is the kind of trigger of a function that is reached. `source` is the path to the ARN or name of the
    resource where the events arise, "" for the resource itself, None where they come from outside; `client` is the
    service where they arise, "" for the one whose facts these are. `settings` are the paths of what filters and changes
    the events, by the setting's name. The route is closed where the property at `off` has the value beside it.
    """

    type: str
    trigger: str
    targets: tuple[Target, ...]
    source: str | None = None
    client: str = ""
    settings: Mapping[str, str] = field(default_factory=lambda: _NONE)
    off: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class SecretFacts:
    """Methods of a client that return a secret. `kind` says what kind of secret, for readers.

    `when` is an argument that must be true for it, "" where none must.
    """

    kind: str
    methods: frozenset[str]
    when: str = ""


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What is known of one service. `client` is the name of its boto3 client.

    `arn_service` is the word in its ARNs where that is another, `arn` their shape. `shared` is the name of the one
    resource of an account and region that all events pass, where there is one (the message broker of AWS IoT). `types`
    are its CloudFormation types. `raising` are the methods of its client that raise events, `answers` where a call that
    waits finds what the function returned. `actions` are the IAM actions of methods that are named otherwise and of
    boto3's own methods, `undecided` the methods whose names do not give their action, `methods` the methods of boto3's
    resource classes (by class and method) as the client's method of the same meaning. `delivering` is the action that
    a function's role needs for its outcome to be delivered to the service. `implies` are the services that a call may
    need further permissions of, or act on in the caller's name; `*` is every service. `target` says that templates name
    its resources as targets and sources of events. `secrets` are its methods that return secrets. `announces` is the
    source by which it tells the default event bus what becomes of its resources, "" where it tells nothing of use.
    """

    client: str
    arn_service: str = ""
    arn: ArnShape = ArnShape()
    shared: str = ""
    types: Mapping[str, ResourceType] = field(default_factory=lambda: MappingProxyType({}))
    raising: frozenset[str] = frozenset()
    answers: Mapping[str, str] = field(default_factory=lambda: _NONE)
    actions: Mapping[str, str] = field(default_factory=lambda: _NONE)
    undecided: frozenset[str] = frozenset()
    methods: Mapping[tuple[str, str], str] = field(default_factory=lambda: MappingProxyType({}))
    delivering: str = ""
    implies: tuple[str, ...] = ()
    target: bool = False
    announces: str = ""
    triggers: tuple[TriggerFacts, ...] = ()
    routes: tuple[Route, ...] = ()
    secrets: tuple[SecretFacts, ...] = ()

    @property
    def word(self) -> str:
        """What its ARNs call it."""
        return self.arn_service or self.client
