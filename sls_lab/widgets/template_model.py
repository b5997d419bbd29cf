"""What the templates of an application declare, each item with its place: the model of the template explorer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal

from sls_lab.app import App
from sls_lab.facts import Diagnostic, Pattern, Reason, Span, split_lines
from sls_lab.report.display import one_line
from sls_lab.report.edges import trigger_words
from sls_lab.template.model import Function, Resource, Statement, Template, Trigger
from sls_lab.template.shared.node import Node
from sls_lab.widgets.sources import SourceMark

ItemKind = Literal["function", "trigger", "permission", "environment", "resource", "value", "diagnostic"]

#: The kinds in the order of the legend: what each is called there, and the letter that stands for it.
KINDS: Final[dict[ItemKind, tuple[str, str]]] = {
    "function": ("functions", "F"),
    "trigger": ("triggers", "T"),
    "permission": ("permissions", "P"),
    "environment": ("environment variables", "E"),
    "resource": ("resources", "R"),
    "value": ("variables and intrinsic functions", "$"),
    "diagnostic": ("diagnostics", "!"),
}

# A key at the beginning of a line, quoted or not, up to its colon.
_KEY = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s:#"'{\[-][^:\n]*(?::[^\s:][^:\n]*)*?)(?=\s*:(?:\s|$))""")
# What `trigger_words` says already, or what is not the reader's setting.
_TOLD: Final = frozenset({"method", "path", "route", "rate", "schedule", "type", "arn", "bucket", "keySchema"})


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a template. `words` say what it is, `head` is the part of `span` that carries its mark.

    `functions` are those it belongs to, `value` is what it became, where it is a value. `head` is None for what the
    framework adds without its being written.
    """

    id: str
    kind: ItemKind
    name: str
    words: tuple[str, ...]
    span: Span
    head: Span | None = None
    functions: tuple[str, ...] = ()
    value: Pattern | None = None
    because: tuple[Reason, ...] = ()

    @property
    def title(self) -> str:
        """One line that names it."""
        return f"{self.kind} {self.name}" if self.kind in {"function", "resource"} else self.words[0]


class TemplateModel:
    """All items of an application's templates, by id and by place."""

    def __init__(self, app: App) -> None:
        """Steps 1 to 3 are computed where they are not yet."""
        self.app = app
        self.template = app.template
        self.diagnostics = tuple(dict.fromkeys(_diagnostics(app)))
        found = _merged([*_functions(self.template), *_belongings(self.template), *_others(self)])
        self.items = tuple(self._with_head(item) for item in found)

    @cached_property
    def by_id(self) -> dict[str, Item]:
        """Every item by its id."""
        return {item.id: item for item in self.items}

    def of_function(self, name: str, kind: ItemKind) -> tuple[Item, ...]:
        """What belongs to one function, the function itself for the kind `function`."""
        return tuple(item for item in self.items if item.kind == kind and name in item.functions)

    def at(self, span: Span) -> Item | None:
        """The item at a place: the one written exactly there, else the innermost around it, else None."""
        around = [item for item in self.items if item.head and item.span.contains(span)]
        exact = [item for item in around if item.span == span]
        return min(exact or around, key=lambda item: _size(item.span), default=None)

    def marks(self) -> tuple[SourceMark, ...]:
        """Each item's head with its look, and around it, without a look, all that the item covers.

        Of marks at one place the last is picked: that is never a diagnostic, which its list shows as well.
        """
        marks = []
        for item in sorted(self.items, key=lambda item: item.kind != "diagnostic"):
            if item.head:
                if item.head != item.span:
                    marks.append(SourceMark(item.id, "", item.span))
                marks.append(SourceMark(item.id, item.kind, item.head, item.title))
        return tuple(marks)

    def count(self, kind: ItemKind) -> int:
        """How many items of a kind are marked."""
        return sum(item.kind == kind and item.head is not None for item in self.items)

    @cached_property
    def _lines(self) -> dict[str, list[str]]:
        return {file: split_lines(text) for file, text in self.template.texts.items()}

    def text_of(self, span: Span) -> str:
        """What is written at a place of a template, empty where its file is not known."""
        return span.text_in(self.template.texts.get(span.file, ""))

    def remarks(self, item: Item) -> tuple[Item, ...]:
        """The diagnostics about an item's place."""
        return tuple(each for each in self.items if each.kind == "diagnostic" and item.span.contains(each.span))

    def seen(self, span: Span) -> Span:
        """What to mark for a place: where it has no width, as for a syntax error, its line."""
        lines = self._lines.get(span.file, [])
        if (span.line, span.column) != (span.end_line, span.end_column) or not 0 < span.line <= len(lines):
            return span
        line = lines[span.line - 1].rstrip()
        return Span(span.file, span.line, len(line) - len(line.lstrip()), span.line, len(line))

    def _with_head(self, item: Item) -> Item:
        span = item.span
        lines = self._lines.get(span.file, [])
        if not 0 < span.line <= len(lines) or self._is_added(item):
            return item
        if item.kind in {"value", "diagnostic"}:
            return replace(item, head=self.seen(span))
        line = lines[span.line - 1].rstrip()
        end = min(len(line), span.end_column) if span.line == span.end_line else len(line)
        if item.kind != "permission":
            key = _KEY.match(line, span.column)
            if item.kind == "resource" and (key is None or key.group().strip("\"'") != item.name):
                return item  # created by the framework for something else that is here
            end = min(key.end(), end) if key else end
        return (
            replace(item, head=Span(span.file, span.line, span.column, span.line, end)) if end > span.column else item
        )

    def _is_added(self, item: Item) -> bool:
        """Whether the framework adds a permission to a function or for a trigger, without its being written."""
        if item.kind != "permission":
            return False
        functions = self.template.functions
        return any(
            item.span == function.span or any(trigger.span.contains(item.span) for trigger in function.triggers)
            for function in functions
        )


def _size(span: Span) -> tuple[int, int]:
    return span.end_line - span.line, span.end_column - span.column


def _diagnostics(app: App) -> Iterator[Diagnostic]:
    """What steps 1 to 3 say about places in the templates."""
    found = (*app.template.diagnostics, *app.code.unseen.values(), *app.code.diagnostics, *app.events.diagnostics)
    for diagnostic in found:
        if diagnostic.span is not None and diagnostic.span.file in app.template.texts:
            yield diagnostic


def _functions(template: Template) -> Iterator[Item]:
    for function in template.functions:
        yield Item(
            "",
            "function",
            one_line(function.name),
            (f"function {one_line(function.name)}",),
            function.span,
            functions=(function.name,),
            value=function.deployed_name,
            because=function.because,
        )


def _belongings(template: Template) -> Iterator[Item]:
    for function in template.functions:
        for trigger in function.triggers:
            words = (f"wakes {one_line(function.name)}: {trigger_words(trigger)}", *setting_words(trigger))
            yield _owned(function, "trigger", trigger_words(trigger), words, trigger.span, trigger)
        for variable in function.environment.values():
            words = (f"environment variable {one_line(variable.name)}",)
            yield _owned(function, "environment", one_line(variable.name), words, variable.span, variable)
        for statement in function.role.statements:
            words = (statement_words(statement),)
            yield _owned(function, "permission", statement.effect, words, statement.span, statement)


def _owned(function: Function, kind: ItemKind, name: str, words: tuple[str, ...], span: Span, fact: object) -> Item:
    value = fact.resource if isinstance(fact, Trigger) else getattr(fact, "value", None)
    because: tuple[Reason, ...] = getattr(fact, "because", ())
    return Item("", kind, name, words, span, functions=(function.name,), value=value, because=because)


def _others(model: TemplateModel) -> Iterator[Item]:
    template = model.template
    functions = {function.span for function in template.functions}
    for resource in template.resources:
        if resource.span not in functions:
            yield _resource(resource)
    for resolution in template.resolutions:
        written = one_line(resolution.written)
        yield Item(
            "", "value", written, (written,), resolution.span, value=resolution.value, because=resolution.because
        )
    for diagnostic in model.diagnostics:
        if diagnostic.span is not None:
            message = one_line(diagnostic.message)
            yield Item("", "diagnostic", diagnostic.level, (f"{diagnostic.level}: {message}",), diagnostic.span)


def _resource(resource: Resource) -> Item:
    name = one_line(resource.logical_id)
    words = (f"resource {name}", f"of type {one_line(resource.type)}")
    return Item("", "resource", name, words, resource.span, value=resource.name, because=resource.because)


def _merged(items: Iterable[Item]) -> list[Item]:
    """Give each item an id; what several functions share, or several resolutions give at one place, is one item."""
    together: dict[tuple[ItemKind, Span, str], Item] = {}
    numbers: Counter[ItemKind] = Counter()
    for item in items:
        own = {"function": item.name, "environment": item.name, "resource": item.name, "diagnostic": item.words[0]}
        key = (item.kind, item.span, own.get(item.kind, ""))
        known = together.get(key)
        if known is None:
            together[key] = replace(item, id=f"{item.kind}:{numbers[item.kind]}")
            numbers[item.kind] += 1
        else:
            together[key] = replace(
                known,
                words=tuple(dict.fromkeys((*known.words, *item.words))),
                functions=tuple(dict.fromkeys((*known.functions, *item.functions))),
                because=known.because or item.because,
            )
    return list(together.values())


def statement_words(statement: Statement) -> str:
    """A statement of a policy as one sentence: `Allow s3:PutObject on arn:…`."""
    actions = _listed(statement.actions) or f"all actions but {_listed(statement.not_actions)}"
    resources = _listed(statement.resources) or f"everything but {_listed(statement.not_resources)}"
    resources = "every resource" if resources == "*" else resources
    condition = ", under a condition" if statement.conditional else ""
    return f"{statement.effect} {actions} on {resources}{condition}"


def setting_words(trigger: Trigger) -> tuple[str, ...]:
    """What else a trigger says: which events, which keys, how many at once."""
    words = (f"{key}: {_plain(node)}" for key, node in trigger.settings.items() if key not in _TOLD)
    return tuple(one_line(each) for each in words)


def _listed(patterns: Iterable[Pattern]) -> str:
    return one_line(", ".join(map(str, patterns)))


def _plain(node: Node) -> str:
    if node.pattern is not None:
        return str(node.pattern)
    if node.mapping:
        return ", ".join(f"{key} {_plain(value)}" for key, value in node.mapping.items())
    return ", ".join(map(_plain, node.items)) or "none"
