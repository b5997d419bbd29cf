"""Read a trigger's or relay's settings, in the spellings of the Serverless Framework, SAM and CloudFormation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sls_lab.facts import Pattern
from sls_lab.template.shared.node import Node

Settings = Mapping[str, Node]


def first(settings: Settings, *names: str) -> Node | None:
    """The first of `names` that is set."""
    return next((settings[name] for name in names if name in settings), None)


def flag(settings: Settings, *names: str) -> bool:
    """Whether the first of `names` that is set is true (`true`, or the string `true`)."""
    found = first(settings, *names)
    pattern = found.pattern if found else None
    return pattern is not None and (pattern.text or "").lower() == "true"


def rules(settings: Settings) -> Iterator[tuple[str, Pattern, Node]]:
    """The prefix and suffix rules of an S3 notification: kind, text and place.

    Serverless writes `rules: [{prefix: uploads/}]`, SAM and CloudFormation `Filter.S3Key.Rules: [{Name, Value}]`.
    """
    short = first(settings, "rules")
    if short is not None:
        for rule in short.listed():
            for kind, node in rule.mapping.items():
                if kind.lower() in ("prefix", "suffix") and node.pattern is not None:
                    yield kind.lower(), node.pattern, node
                elif kind in ("Name", "name"):
                    yield from _named(rule)
    long = first(settings, "Filter", "filter")
    listed = long.get("S3Key", "Rules") if long is not None else None
    for rule in listed.listed() if listed is not None else ():
        yield from _named(rule)


def _named(rule: Node) -> Iterator[tuple[str, Pattern, Node]]:
    kind = rule.get("Name") or rule.get("name")
    value = rule.get("Value") or rule.get("value")
    if kind is not None and kind.text is not None and value is not None and value.pattern is not None:
        yield kind.text.lower(), value.pattern, value
