"""The template explorer: what a template says, where it says it, and how its values are found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sls_lab.app import App
from sls_lab.facts import Span
from sls_lab.report.display import one_line, visible
from sls_lab.report.edges import trigger_words
from sls_lab.widgets import fallback
from sls_lab.widgets.base import Action, LabWidget
from sls_lab.widgets.session import Focus, session_of
from sls_lab.widgets.sources import ShownText
from sls_lab.widgets.template_detail import detail, step_spans
from sls_lab.widgets.template_model import KINDS, Item, TemplateModel


class TemplateExplorer(LabWidget, source="template.js", step=1):
    """The templates of `app` with all that is declared in them.

    Pick a function to see all that belongs to it; pick a `${…}` or an intrinsic function and go through the steps by
    which it turns into its value. `file` is a template or a file that one includes; without one the first is shown.
    """

    def __init__(self, app: App, file: str | None = None) -> None:
        self.file = file or ""
        self.chosen: str | None = None
        self.step = 0
        self.place: Span | None = None
        self.hidden: set[str] = set()
        super().__init__(session_of(app))

    def read(self) -> None:
        """Everything that steps 1 to 3 found in the templates."""
        self.model = TemplateModel(self.session.app)
        self.texts = {file: ShownText(text) for file, text in self.model.template.texts.items()}
        if self.file not in self.texts:
            self.file = self.model.template.files[0]
        if self.chosen not in self.model.by_id:
            self.chosen, self.step = None, 0
        self.step = min(self.step, self._last_step())

    def make_view(self) -> dict[str, Any]:
        """All files with their marks, and what there is of each kind."""
        marks = self.model.marks()
        items = self.model.items
        return {
            "files": list(self.texts),
            "sources": {file: text.view(file, marks) for file, text in self.texts.items()},
            "kinds": [
                {"kind": kind, "words": words, "letter": letter, "count": self.model.count(kind)}
                for kind, (words, letter) in KINDS.items()
            ],
            "functions": [
                {"id": item.id, "text": item.name, "detail": self._waking(item)}
                for item in items
                if item.kind == "function"
            ],
            "diagnostics": [
                {"id": item.id, "text": item.words[0], "detail": item.span.place, "kind": item.name}
                for item in items
                if item.kind == "diagnostic"
            ],
        }

    def make_state(self) -> dict[str, Any]:
        """The file, the item that is chosen, and the place that its current step is about."""
        item = self.item
        spans = [span for span in (step_spans(item) if item else ()) if span]
        current = step_spans(item)[self.step] if item else self.place
        places = sorted({span for span in (*spans, current) if span and span.file == self.file})
        return {
            "file": self.file,
            "item": self.chosen,
            "step": self.step,
            "detail": detail(self.model, item) if item else None,
            "places": [self._range(span) for span in places],
            "at": places.index(current) if current in places else None,
            "hidden": sorted(self.hidden),
        }

    def actions(self) -> Mapping[str, Action]:
        """Open a file, pick an item, go to a step, show the handler, choose which kinds are marked."""
        return {
            "open": self.open_file,
            "pick": self.pick,
            "go": self.go,
            "handler": self.show_handler,
            "mark": self.mark_kind,
        }

    @property
    def item(self) -> Item | None:
        """What is chosen."""
        return self.model.by_id.get(self.chosen or "")

    def open_file(self, file: str) -> None:
        """Show another file."""
        if file in self.texts:
            self.file = file

    def pick(self, id: str) -> None:
        """Choose an item, and have the other widgets look at it."""
        item = self.model.by_id.get(id)
        if item is None:
            return
        self._take(item)
        handler = item.functions[0] if len(item.functions) == 1 else None
        self.choose(Focus(item.span, handler))

    def go(self, to: int) -> None:
        """Go to a step of how the chosen item came to be."""
        item = self.item
        if item is None:
            return
        self.step = max(0, min(to, self._last_step()))
        span = step_spans(item)[self.step]
        if span and span.file in self.texts:
            self.file = span.file

    def show_handler(self) -> None:
        """Have the other widgets look at the chosen function's handler."""
        item = self.item
        handler = self.session.app.code.handlers.get(item.functions[0]) if item and item.functions else None
        if handler:
            self.choose(Focus(handler.span, handler.name))
            self.status = f"The other widgets of this application look at {handler.span.place}."

    def mark_kind(self, kind: str, shown: bool) -> None:
        """Mark the items of one kind, or do not."""
        if kind in KINDS:
            (self.hidden.discard if shown else self.hidden.add)(kind)

    def follow(self, focus: Focus) -> None:
        """Show the place if it lies in a template, else the function that is looked at."""
        span = focus.span
        item = None
        if span and span.file in self.texts:
            item = self.model.at(span)
            self.file, self.place = span.file, span
            self.chosen, self.step = None, 0
        elif focus.handler:
            item = next(iter(self.model.of_function(focus.handler, "function")), None)
        elif span:
            names = [name for name, handler in self.session.app.code.handlers.items() if handler.file == span.file]
            item = next(iter(self.model.of_function(names[0], "function")), None) if len(names) == 1 else None
        if item:
            self._take(item)
        self.show_state()

    def as_html(self) -> str:
        """The files with their marks, the functions, and the values."""
        marks = [mark for mark in self.model.marks() if mark.kind]
        template = self.model.template
        values = [item for item in self.model.items if item.kind == "value"]
        remarks = [f"{each.message} ({each.span.place})" for each in self.model.diagnostics if each.span]
        return fallback.page(
            "Template explorer (runs in JupyterLab)",
            *(fallback.source(file, text, marks) for file, text in template.texts.items()),
            fallback.table(("function", "handler", "woken by", "entry"), self._rows()),
            fallback.table(
                ("written", "place", "value"), ((item.name, item.span.place, str(item.value or "?")) for item in values)
            ),
            fallback.numbered(remarks) if remarks else "",
            step=self.walk_step,
        )

    def as_text(self) -> str:
        """The functions with their handlers, triggers and entries, then what is chosen, step by step."""
        lines = ["  ".join(row) for row in self._rows()]
        if item := self.item:
            lines += ["", f"{item.title}  {item.span.place}", *item.words[1:]]
            lines += [f"value: {one_line(str(item.value))}"] if item.value else []
            lines += [f"{number}. {fallback.reason_text(reason)}" for number, reason in enumerate(item.because, 1)]
        return visible("\n".join(lines), keep="\n")

    def _rows(self) -> list[tuple[str, ...]]:
        entries = self.session.app.events.entries
        return [
            (
                one_line(function.name),
                one_line(function.handler or "no handler"),
                "; ".join(map(trigger_words, function.triggers)) or "no trigger",
                entries[function.name].kind if function.name in entries else "external",
            )
            for function in self.model.template.functions
        ]

    def _take(self, item: Item) -> None:
        self.chosen, self.step, self.place = item.id, 0, None
        if item.span.file in self.texts:
            self.file = item.span.file

    def _waking(self, item: Item) -> str:
        function = self.model.template.function(item.functions[0])
        return "; ".join(map(trigger_words, function.triggers)) or "no trigger"

    def _last_step(self) -> int:
        return len(self.item.because) if self.item else 0

    def _range(self, span: Span) -> list[int]:
        text, span = self.texts[span.file], self.model.seen(span)
        return [text.offset(span.line, span.column), text.offset(span.end_line, span.end_column)]
