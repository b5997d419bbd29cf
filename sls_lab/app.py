"""One application and its five results."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sls_lab.advice import Advice, advise
from sls_lab.code import Code, read_code
from sls_lab.events import EventGraph, link_events
from sls_lab.events.model import EntryKind, Knowledge
from sls_lab.facts import Diagnostic
from sls_lab.rewrite import Rewriting, rewrite, untouched
from sls_lab.taint import Subject, TaintReport, trace_taint
from sls_lab.template import Options, Template, read_template

if TYPE_CHECKING:
    from sls_lab.replay.confirmation import Confirmed

Progress = Callable[[str], None]
T = TypeVar("T")
_OBJECTS = 100_000  #: so many more objects than before are a reason to look for garbage


def _silent(_: str) -> None:
    """Show nothing."""


@contextmanager
def _rarely_collected() -> Iterator[None]:
    """Let Python look for cyclic garbage rarely: what the steps make stays, and each look goes through all of it."""
    usual = gc.get_threshold()
    gc.set_threshold(max(_OBJECTS, usual[0]) if usual[0] else 0, *usual[1:])  # 0 is a collector turned off
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@dataclass
class App:
    """One application: each property is the result of one step, computed when first asked for.

    `sources` are the kinds of handlers from whose events flows are looked for, `ignore` the kinds of knowledge left
    out when events are linked. `models` are Pysa models of its user's own, beside the kit's. `timings` are the
    seconds each step took, `confirmed` what became of the flows when attacks on them were replayed, None for not asked.
    """

    path: Path
    options: Options = field(default_factory=Options)
    sources: frozenset[EntryKind] = frozenset({"public"})
    ignore: frozenset[Knowledge] = frozenset()
    models: str = ""
    timings: dict[str, float] = field(default_factory=dict)
    confirmed: Confirmed | None = None

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.path.resolve().name

    @cached_property
    def template(self) -> Template:
        """Step 1. Raises UnreadableApplication where the path holds no template."""
        return self._timed("template", lambda: read_template(self.path, self.options))

    @cached_property
    def code(self) -> Code:
        """Step 2."""
        template = self.template
        return self._timed("code", lambda: read_code(template))

    @cached_property
    def events(self) -> EventGraph:
        """Step 3."""
        template, code = self.template, self.code
        return self._timed("events", lambda: link_events(template, code, self.ignore))

    @cached_property
    def rewriting(self) -> Rewriting:
        """Step 4."""
        code, events = self.code, self.events
        return self._timed("rewrite", lambda: rewrite(code, events))

    @cached_property
    def flows(self) -> TaintReport:
        """Step 5: from the cache, from Pysa, or, where there is no Pysa, from a recording."""
        subject = self.subject
        return self._timed("taint", lambda: trace_taint([subject])[0])

    @cached_property
    def raw_flows(self) -> TaintReport:
        """What Pysa finds in the files as they are written, without step 4: no event leads from handler to handler."""
        return trace_taint([self.raw_subject])[0]

    @property
    def subject(self) -> Subject:
        """What step 5 needs of the first four."""
        return Subject(self.template, self.code, self.events, self.rewriting, self.sources, self.models)

    @property
    def raw_subject(self) -> Subject:
        """The same without the rewriting."""
        return Subject(self.template, self.code, self.events, untouched(self.code), self.sources, self.models)

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        """What is not a flow but worth a change: permissions never used, loops, open doors, and other risks."""
        return advise(self)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What could not be read, in the order of the steps; each once."""
        rooms: Iterable[Diagnostic] = (
            *self.template.diagnostics,
            *self.code.diagnostics,
            *self.events.diagnostics,
            *self.rewriting.diagnostics,
            *self.flows.unseen.values(),
            *self.flows.diagnostics,
        )
        return tuple(dict.fromkeys(rooms))

    @property
    def texts(self) -> Mapping[str, str]:
        """The sources that were read, of templates and of code, by file."""
        return {**self.template.texts, **{module.file: module.text for module in self.code.modules.values()}}

    @property
    def complete(self) -> bool:
        """Whether everything was analysed, and there was something; only then does "no flow" speak of all of it."""
        seen = bool(self.template.functions) and self.flows.analysed != "not-run" and not self.flows.unseen
        return seen and not any(diagnostic.level == "error" for diagnostic in self.diagnostics)

    def take_over(self, other: App) -> None:
        """Become `other`, an analysis of the same application made later, so that a name for this one means that."""
        vars(self).clear()
        vars(self).update(vars(other))

    def _timed(self, step: str, work: Callable[[], T]) -> T:
        started = time.perf_counter()
        with _rarely_collected():
            result = work()
        self.timings[step] = time.perf_counter() - started
        return result


def load_app(
    path: Path | str,
    options: Options | None = None,
    *,
    sources: Iterable[EntryKind] = ("public",),
    ignore: Iterable[Knowledge] = (),
) -> App:
    """The application in the folder `path`. Nothing is read before it is asked for."""
    return App(Path(path), options or Options(), frozenset(sources), frozenset(ignore))


def analyse(
    apps: Sequence[App],
    *,
    progress: Progress = _silent,
    use_cache: bool = True,
    use_recording: bool = False,
    raw: bool = False,
) -> None:
    """Compute the flows of several applications in one Pysa run, so that its start-up is paid once.

    `progress` is told each step in words. `use_recording` answers from each application's recording, and runs nothing.
    `raw` computes each application's `raw_flows` as well.
    """
    subjects = []
    for app in apps:
        progress(f"reading {app.name}")
        subjects.append(app.subject)
    if raw:
        subjects += [app.raw_subject for app in apps]
    started = time.perf_counter()
    reports = trace_taint(subjects, progress=progress, use_cache=use_cache, use_recording=use_recording)
    seconds = time.perf_counter() - started
    for app, report in zip(apps, reports[: len(apps)], strict=True):
        app.flows = report
        app.timings["taint"] = seconds
    for app, report in zip(apps, reports[len(apps) :], strict=False):
        app.raw_flows = report
