"""What the template explorer says about one item, as JSON for the browser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from sls_lab.facts import HoleKind, Pattern, Reason, Span
from sls_lab.report.display import one_line
from sls_lab.template.model import Function
from sls_lab.widgets.resolving import stages
from sls_lab.widgets.template_model import KINDS, Item, ItemKind, TemplateModel

HOLES: Final[dict[HoleKind, str]] = {
    HoleKind.ANY: "can be any string",
    HoleKind.FIXED: "is one string for a whole deployment, not known here",
    HoleKind.GENERATED: "is a name that the deployment makes up",
}


def detail(model: TemplateModel, item: Item) -> dict[str, Any]:
    """All that the pane beside the source shows: a function with what belongs to it, else a value and its steps."""
    common = {
        "id": item.id,
        "kind": item.kind,
        "letter": KINDS[item.kind][1],
        "title": item.title,
        "words": list(item.words[1:]),
        "place": item.span.place,
        "value": value_parts(item.value),
        "holes": hole_words(item.value),
    }
    if item.kind == "function":
        return {**common, **_function(model, model.template.function(item.functions[0]))}
    remarks = [] if item.kind == "diagnostic" else [remark.words[0] for remark in model.remarks(item)]
    return {
        **common,
        "owners": list(_owners(model, item)),
        "steps": steps(model, item),
        "unknown": _unknown(item),
        "remarks": remarks,
    }


def steps(model: TemplateModel, item: Item) -> list[dict[str, Any]]:
    """How the item's value is found: first as it is written, then each reason, with the string that it leads to."""
    texts = _texts(model, item)
    first = Reason("as written here" if item.kind == "value" else "written here", item.span)
    return [
        {"text": one_line(reason.text), "place": reason.span.place if reason.span else None, "now": now}
        for reason, now in zip((first, *item.because), texts, strict=True)
    ]


def step_spans(item: Item) -> tuple[Span | None, ...]:
    """The place that each step is about."""
    return (item.span, *(reason.span for reason in item.because))


def value_parts(value: Pattern | None) -> list[dict[str, str]] | None:
    """A partly known text as pieces; a hole has the name of its kind."""
    if value is None:
        return None
    return [
        {"text": one_line(part) if part.strip() else part, "hole": ""}
        if isinstance(part, str)
        else {"text": one_line(str(part)), "hole": part.kind.value}
        for part in value.parts
    ]


def hole_words(value: Pattern | None) -> list[str]:
    """What is not known about a string, one sentence for each hole."""
    holes = dict.fromkeys(value.holes) if value else {}
    return [f"{one_line(str(hole))} {HOLES[hole.kind]}." for hole in holes]


def _texts(model: TemplateModel, item: Item) -> tuple[str | None, ...]:
    if item.kind == "value":
        resolution = next(each for each in model.template.resolutions if each.span == item.span)
        found = stages(model.template, resolution)
        if found:
            return tuple(map(one_line, found))
    return (None,) * (len(item.because) + 1)


def _unknown(item: Item) -> str:
    if item.kind == "value" and item.value is None:
        return "Its value is not a string, or could not be found out."
    return ""


def _owners(model: TemplateModel, item: Item) -> Iterator[dict[str, str]]:
    for name in item.functions:
        for function in model.of_function(name, "function"):
            yield {"id": function.id, "text": function.name}


def _function(model: TemplateModel, function: Function) -> dict[str, Any]:
    entry = model.app.events.entries.get(function.name)
    kind = entry.kind if entry else "external"
    role = function.role
    unseen = "" if role.complete else "Some of its permissions cannot be seen here."
    return {
        "handler": _handler(model, function),
        "runtime": one_line(function.runtime or "not written"),
        "entry": {"kind": kind, "because": _reasons(entry.because if entry else ())},
        "groups": [
            _group(model, function, "trigger", "Triggers", "No trigger is declared for it."),
            _group(model, function, "environment", "Environment variables", "It has none."),
            _group(model, function, "permission", "Permissions", unseen or "It has none.", unseen),
            {"title": "Diagnostics", "items": _diagnostics(model, function), "none": "Nothing to say.", "note": ""},
        ],
    }


def _handler(model: TemplateModel, function: Function) -> dict[str, Any]:
    """The handler as written, and where it was found."""
    found = model.app.code.handlers.get(function.name)
    unseen = model.app.code.unseen.get(function.name)
    written = function.handler or ("code written in the template" if function.inline_code else "not written")
    return {
        "written": one_line(written),
        "place": found.span.place if found else None,
        "unseen": one_line(unseen.message) if unseen else "",
    }


def _group(
    model: TemplateModel, function: Function, kind: ItemKind, title: str, none: str, note: str = ""
) -> dict[str, Any]:
    items = [
        {
            "id": item.id,
            "text": item.name if kind == "environment" else _about(item, function),
            "value": value_parts(item.value) if kind == "environment" else None,
            "more": list(item.words[1:]) if kind == "trigger" else [],
            "because": _reasons(item.because),
        }
        for item in model.of_function(function.name, kind)
    ]
    return {"title": title, "items": items, "none": none, "note": note if items else ""}


def _about(item: Item, function: Function) -> str:
    return item.name if item.kind == "trigger" else "; ".join(item.words)


def _diagnostics(model: TemplateModel, function: Function) -> list[dict[str, Any]]:
    """What is said about the function's place in the template, and why its handler was not found."""
    unseen = model.app.code.unseen.get(function.name)
    return [
        {"id": item.id, "text": item.words[0], "value": None, "more": [], "because": []}
        for item in model.items
        if item.kind == "diagnostic"
        and (function.span.contains(item.span) or (unseen is not None and unseen.span == item.span))
    ]


def _reasons(because: Iterable[Reason]) -> list[dict[str, Any]]:
    return [{"text": one_line(reason.text), "place": reason.span.place if reason.span else None} for reason in because]
