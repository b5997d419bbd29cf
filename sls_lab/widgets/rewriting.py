"""The rewriting stepper: a handler before and after, one change at a time, with its reason and its node."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from sls_lab.app import App
from sls_lab.facts import Reason, Span
from sls_lab.report.display import one_line
from sls_lab.rewrite import RewrittenFile
from sls_lab.widgets import fallback
from sls_lab.widgets.base import Action, LabWidget
from sls_lab.widgets.changes import (
    KIND_WORDS,
    Applied,
    RewritingStep,
    all_changes,
    apply_first,
    handler_of,
    ordered_files,
    source_of,
)
from sls_lab.widgets.differences import difference_view
from sls_lab.widgets.session import Focus, session_of
from sls_lab.widgets.sources import ShownText, SourceMark, coloured_code, source_view
from sls_lab.widgets.trace import shortened

_UNCHANGED = "Nothing is rewritten in this file: no event that it raises wakes a handler, and no client needs a type."
_NOTHING = "No file is rewritten: no event leads from handler to handler, and no client needs a type."


class RewritingStepper(LabWidget, source="rewriting.js", step=4):
    """The files of `app` and their synchronous equivalent, one change at a time.

    It begins at the first change in `handler_or_file`: a handler's name, or a file relative to the application. Edits
    that serve the analyser alone are hidden until they are asked for.
    """

    def __init__(self, app: App, handler_or_file: str | None = None) -> None:
        self.at = 0
        self.file = ""
        self.tab = "files"
        self.place: Span | None = None
        self.reason: int | None = None
        self.analyser = False
        super().__init__(session_of(app))
        if handler_or_file is not None:
            handler = app.code.handlers.get(handler_or_file)
            file = handler.file if handler else handler_or_file
            if file in self.files:
                self.open_file(file)
            else:
                self.status = f"The application has no handler and no file called {handler_or_file}."
            self.show_state()

    def read(self) -> None:
        """The changes of every file."""
        app = self.session.app
        self.files = app.rewriting.files
        self.changes = all_changes(app, analyser=self.analyser)
        self.order = ordered_files(app)
        self.unseen = [f"Not analysed: {name}: {one_line(why.message)}" for name, why in app.code.unseen.items()]
        modules = {file: module.text for file, module in app.code.modules.items()}
        self.texts = {**app.template.texts, **modules}
        self.at = max(0, min(self.at, len(self.changes) - 1))
        self.place = None
        here = {change.file for change in self.changes}
        if self.file not in self.files or self.file in here:
            self.file = self.changes[self.at].file if self.changes else next(iter(self.order), "")

    @property
    def change(self) -> RewritingStep | None:
        """The newest change that is shown; None in a file that has none."""
        change = self.changes[self.at] if self.changes else None
        return change if change is not None and change.file == self.file else None

    def in_file(self, file: str) -> list[int]:
        """The numbers of the changes of one file."""
        return [number for number, change in enumerate(self.changes) if change.file == file]

    def make_view(self) -> dict[str, Any]:
        """Every change as a line of the list."""
        hidden = len(all_changes(self.session.app, analyser=True)) - len(all_changes(self.session.app))
        items = [self._item(number, change) for number, change in enumerate(self.changes)]
        edited = {change.file for change in self.changes}
        for file in self.order:
            if file not in edited:
                items.append({"id": f"file:{file}", "text": "no change", "detail": file, "kind": "none"})
        return {
            "items": items,
            "count": len(self.changes),
            "unseen": self.unseen,
            "analyser": self.analyser,
            "hidden": hidden,
        }

    def make_parts(self) -> dict[str, Any]:
        """The file before and after, up to the current change, and the change in words."""
        rewritten, numbers = self._rewritten(), self.in_file(self.file)
        count = self._shown_count(numbers)
        applied = apply_first(rewritten, count, analyser=self.analyser)
        change = self.change
        return {
            "before": self._before(rewritten, numbers[:count]),
            "place": self._place(),
            "after": {
                **source_view(self.file, applied.text, self._added(applied, numbers)),
                "origins": applied.origins,
            },
            "diff": difference_view(rewritten.file, rewritten.original, applied.text),
            "change": self._words(change) if change else None,
        }

    def make_state(self) -> dict[str, Any]:
        """Which change is shown, and how."""
        numbers = self.in_file(self.file)
        change = self.change
        return {
            "at": self.at,
            "file": self.file,
            "tab": self.tab,
            "empty": "" if change else (_UNCHANGED if self.changes else _NOTHING),
            "headline": f"{KIND_WORDS[change.kind]} in {self.file}" if change else self.file,
            "reason": self.reason if self.place else None,
            "chosen": f"change-{self.at}" if change else None,
            "earlier": [f"change-{number}" for number in numbers[: max(0, self._shown_count(numbers) - 1)]],
        }

    def _rewritten(self) -> RewrittenFile:
        return self.files.get(self.file, RewrittenFile(self.file, "", "", ()))

    def _shown_count(self, numbers: list[int]) -> int:
        """How many of the changes of the current file are shown."""
        return numbers.index(self.at) + 1 if self.at in numbers else 0

    def actions(self) -> Mapping[str, Action]:
        """Step, jump, look at a reason, change the tab."""
        return {
            "go": self.go,
            "item": self.pick_item,
            "mark": self.pick_mark,
            "reason": self.pick_reason,
            "back": self.back,
            "tab": self.pick_tab,
            "analyser": self.show_analyser,
        }

    def go(self, to: int) -> None:
        """Show the changes up to number `to` (from 0, over all files)."""
        if not 0 <= to < len(self.changes):
            return
        self.at = to
        self.place = None
        change = self.changes[to]
        self.file = change.file
        self.choose(Focus(change.about, handler_of(self.session.app, change)))

    def open_file(self, file: str) -> None:
        """Show the first change of a file, or the file as it is where nothing is changed in it."""
        self.place = None
        self.file = file
        self.at = next(iter(self.in_file(file)), self.at)

    def pick_item(self, item: str) -> None:
        """Jump to a change, or to a file without any."""
        kind, _, rest = item.partition(":")
        if kind == "file" and rest in self.files:
            self.open_file(rest)
            self.choose(Focus(Span(rest, 1, 0, 1, 0)))
        elif item.removeprefix("change-").isdigit():
            self.go(int(item.removeprefix("change-")))

    def pick_mark(self, mark: str) -> None:
        """Go to the change that a marked place belongs to."""
        if mark.removeprefix("change-").isdigit():
            self.go(int(mark.removeprefix("change-")))

    def pick_reason(self, number: int) -> None:
        """Show the place that a reason of the current change is about."""
        reasons = self.change.because if self.change else ()
        if 0 <= number < len(reasons) and (span := reasons[number].span) is not None:
            self.place, self.reason = span, number
            self.choose(Focus(span))

    def back(self) -> None:
        """Show the handler's own file again."""
        self.place = None

    def pick_tab(self, to: str) -> None:
        """Show the two files, or their difference."""
        self.tab = "diff" if to == "diff" else "files"

    def show_analyser(self, on: bool) -> None:
        """Show or hide the edits that serve the analyser alone; the change that is shown stays where it can."""
        change = self.change
        self.analyser = bool(on)
        self.read()
        self.at = next((number for number, one in enumerate(self.changes) if one == change), self.at)
        if self.changes:
            self.file = self.changes[self.at].file
        self.view = self.make_view()

    def follow(self, focus: Focus) -> None:
        """Go to the first change about what another widget shows, else to the first in the handler."""
        fitting = self._about(focus)
        if not fitting or (self.at in fitting and self.change):
            return
        self.at = fitting[0]
        self.file = self.changes[self.at].file
        self.place = None
        self.show_state()

    def as_html(self) -> str:
        """Every changed file with what was added, and each change with its reasons."""
        parts = []
        for file in self.order:
            numbers = self.in_file(file)
            if not numbers:
                continue
            applied = apply_first(self.files[file], len(numbers), analyser=self.analyser)
            parts.append(fallback.source(file, applied.text, self._added(applied, numbers)))
            for number in numbers:
                change = self.changes[number]
                parts.append(
                    fallback.folded(
                        f"{number + 1}. {KIND_WORDS[change.kind]}: {_source(change)}",
                        fallback.paragraph(change.purpose),
                        fallback.reasons(change.because),
                    )
                )
        unchanged = [file for file in self.order if not self.in_file(file)]
        if unchanged and self.changes:
            parts.append(fallback.paragraph(f"Nothing is rewritten in {', '.join(unchanged)}."))
        unseen = map(fallback.paragraph, self.unseen)
        return fallback.page(
            "Rewriting, change by change", *(parts or [fallback.paragraph(_NOTHING)]), *unseen, step=self.walk_step
        )

    def as_text(self) -> str:
        """Each change on a line, with its reasons."""
        lines = []
        for number, change in enumerate(self.changes, 1):
            lines.append(f"{number}. {KIND_WORDS[change.kind]} at {change.about.place}: {_source(change)}")
            lines += [f"     {fallback.reason_text(reason)}" for reason in change.because]
        return "\n".join(ShownText(line).shown for line in (lines or [_NOTHING]) + self.unseen)

    def _about(self, focus: Focus) -> list[int]:
        """The changes that `focus` is about."""
        numbered = list(enumerate(self.changes))
        if focus.span is not None:
            exact = [number for number, change in numbered if change.about.contains(focus.span)]
            if exact:
                return exact
        app = self.session.app
        if focus.handler is None:
            return []
        return [number for number, change in numbered if handler_of(app, change) == focus.handler]

    def _before(self, rewritten: RewrittenFile, numbers: list[int]) -> dict[str, Any]:
        marks = [
            SourceMark(f"change-{number}", "about", self.changes[number].about, KIND_WORDS[self.changes[number].kind])
            for number in numbers
        ]
        return source_view(rewritten.file, rewritten.original, marks)

    def _added(self, applied: Applied, numbers: list[int]) -> list[SourceMark]:
        return [
            SourceMark(f"change-{number}", "added", span, f"added: {KIND_WORDS[self.changes[number].kind]}")
            for number, spans in zip(numbers, applied.spans, strict=False)
            for span in spans
        ]

    def _place(self) -> dict[str, Any] | None:
        span = self.place
        if span is None or span.file not in self.texts:
            return None
        return source_view(span.file, self.texts[span.file], [SourceMark("place", "about", span)])

    def _item(self, number: int, change: RewritingStep) -> dict[str, Any]:
        words = KIND_WORDS[change.kind]
        return {"id": f"change-{number}", "text": f"{number + 1}. {words}", "detail": change.about.place}

    def _words(self, change: RewritingStep) -> dict[str, Any]:
        return {
            "kind": change.kind,
            "words": KIND_WORDS[change.kind],
            "purpose": change.purpose,
            "woken": list(change.woken),
            "reasons": [self._reason(number, reason) for number, reason in enumerate(change.because)],
            "nodes": [
                {"source": coloured_code(source_of(node)), "tree": coloured_code(ast.dump(node, indent=2))}
                for node in change.nodes
            ],
        }

    def _reason(self, number: int, reason: Reason) -> dict[str, Any]:
        known = reason.span is not None and reason.span.file in self.texts
        return {
            "text": ShownText(reason.text).shown,
            "place": reason.span.place if reason.span else None,
            "id": number if known else None,
        }


def _source(change: RewritingStep) -> str:
    """What a change adds, on one line."""
    added = map(ast.unparse, change.nodes) if change.nodes else (one_line(edit.text).strip() for edit in change.edits)
    return " … ".join(shortened(text, 100) for text in added)
