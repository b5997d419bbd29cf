"""What one template file (with the files it includes) gives to the whole `Template`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sls_lab.facts import Diagnostic, Pattern, Span
from sls_lab.template.model import (
    Dialect,
    Function,
    Relay,
    Resolution,
    Resource,
    StateMachine,
    Subscription,
)
from sls_lab.template.shared.stack_links import NestedStack


@dataclass(frozen=True, slots=True)
class TemplatePart:
    """One template read on its own: the fields of `Template` without the folder.

    `files` begins with the template's own file; `texts` holds the sources of all files that were read for it. What
    other templates may refer to are its `outputs`, its `exports`, and the name of its `stack` where that is known.
    """

    kind: Dialect
    files: tuple[str, ...]
    texts: Mapping[str, str] = field(default_factory=dict)
    functions: tuple[Function, ...] = ()
    resources: tuple[Resource, ...] = ()
    relays: tuple[Relay, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    state_machines: tuple[StateMachine, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    outputs: Mapping[str, Pattern] = field(default_factory=dict)
    exports: Mapping[str, Pattern] = field(default_factory=dict)
    stack: Pattern | None = None
    children: tuple[NestedStack, ...] = ()
    layers: tuple[str, ...] = ()


@dataclass(slots=True)
class Log:
    """What a reader notes down on the way: the one thing of the room that grows while a template is read."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    resolutions: list[Resolution] = field(default_factory=list)
    seen: set[Diagnostic] = field(default_factory=set)

    def add(self, diagnostic: Diagnostic) -> None:
        """Note `diagnostic`, once."""
        if diagnostic not in self.seen:
            self.seen.add(diagnostic)
            self.diagnostics.append(diagnostic)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Note each of `diagnostics`, once."""
        for diagnostic in diagnostics:
            self.add(diagnostic)

    def say(self, code: str, message: str, span: Span | None) -> None:
        """Note a new diagnostic."""
        self.add(Diagnostic(code, message, span))
