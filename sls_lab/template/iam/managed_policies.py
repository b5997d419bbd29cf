"""Policies that AWS and SAM keep by name, from the tables in `sls_lab/aws/data`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from sls_lab.aws.tables import table
from sls_lab.facts import Pattern, Reason, Span
from sls_lab.template.model import Statement


@dataclass(frozen=True, slots=True)
class ManagedStatement:
    """One statement of a table; `${Name}` in a resource is a parameter of the policy."""

    effect: Literal["Allow", "Deny"]
    actions: tuple[Pattern, ...]
    resources: tuple[str, ...]
    not_actions: tuple[Pattern, ...]
    not_resources: tuple[str, ...]
    conditional: bool

    def statement(self, resources: tuple[Pattern, ...], span: Span, because: tuple[Reason, ...]) -> Statement:
        """The statement as it holds for a role that the template gives it at `span`."""
        return Statement(
            effect=self.effect,
            actions=self.actions,
            resources=resources,
            span=span,
            not_actions=self.not_actions,
            not_resources=tuple(map(Pattern.of, self.not_resources)),
            conditional=self.conditional,
            because=because,
        )


def managed_statements(name: str, span: Span) -> tuple[Statement, ...] | None:
    """The statements of AWS' managed policy `name`, None for one that the table does not hold.

    Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
    """
    kept = _known("managed_policies.json", name)
    if kept is None:
        return None
    why = (Reason(f"AWS' managed policy {name} is attached", span),)
    return tuple(one.statement(tuple(map(Pattern.of, one.resources)), span, why) for one in kept)


def sam_policy(name: str) -> tuple[ManagedStatement, ...] | None:
    """The statements of SAM's policy template `name`, None where SAM has none of that name.

    Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
    """
    return _known("sam_policies.json", name)


def connector_policy(type_name: str, access: str) -> tuple[ManagedStatement, ...] | None:
    """What a SAM connector from a function to a resource of this type allows (`Read` or `Write`).

    Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html
    """
    return _known("connectors.json", f"{type_name} {access}")


@lru_cache(maxsize=256)
def _known(file: str, name: str) -> tuple[ManagedStatement, ...] | None:
    entries = table(file).get(name)
    return None if entries is None else tuple(_kept(entry) for entry in entries)


def _kept(entry: dict[str, Any]) -> ManagedStatement:
    return ManagedStatement(
        effect="Deny" if entry.get("effect") == "Deny" else "Allow",
        actions=_actions(entry.get("actions", {})),
        resources=tuple(entry.get("resources", ())),
        not_actions=_actions(entry.get("not_actions", {})),
        not_resources=tuple(entry.get("not_resources", ())),
        conditional=bool(entry.get("conditional")),
    )


def _actions(by_service: dict[str, str | list[str]]) -> tuple[Pattern, ...]:
    """A table groups actions by service: `{"s3": "GetObject PutObject"}`; `{"*": "*"}` is every action."""
    found: list[Pattern] = []
    for service, names in by_service.items():
        for name in names.split() if isinstance(names, str) else names:
            found.append(Pattern.of(name if service == "*" else f"{service}:{name}"))
    return tuple(found)
