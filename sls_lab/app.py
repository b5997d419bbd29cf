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
from sls_lab.advice.requirements import requirement_files
from sls_lab.code import Code, read_code
from sls_lab.events import EventGraph, link_events
from sls_lab.events.model import EntryKind, Knowledge
from sls_lab.facts import Diagnostic
from sls_lab.facts.telling import Telling, silent
from sls_lab.rewrite import Rewriting, rewrite, untouched
from sls_lab.silence import Baseline, Silenced, SilencedAdvice, Silencing, silenced_findings
from sls_lab.taint import Subject, TaintReport, trace_taint
from sls_lab.taint.model import Flow
from sls_lab.template import Options, Template, read_template

if TYPE_CHECKING:
    from sls_lab.replay.confirmation import Confirmed

T = TypeVar("T")
_OBJECTS = 100_000  #: how many new objects are a reason to look for garbage


@contextmanager
def _rarely_collected() -> Iterator[None]:
    """Let Python look for cyclic garbage rarely: what the steps make stays alive, and each search visits all of it."""
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
    out when events are linked. `models` are the user's own Pysa models, beside the kit's. `baseline` has the
    findings that were accepted before; where `silence` is False, nothing is taken out of the results, neither by it nor
    by a comment. `timings` are the seconds each step took, `confirmed` what became of the flows when attacks on them
    were replayed, None where that was not asked for.
    """

    path: Path
    options: Options = field(default_factory=Options)
    sources: frozenset[EntryKind] = frozenset({"public"})
    ignore: frozenset[Knowledge] = frozenset()
    models: str = ""
    trust_recording: bool = False
    baseline: Baseline = field(default_factory=Baseline)
    silence: bool = True
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
        return self.without_silenced(self._timed("taint", lambda: trace_taint([subject])[0]))

    @cached_property
    def raw_flows(self) -> TaintReport:
        """What Pysa finds in the files as they are written, without step 4: no event leads from handler to handler."""
        return trace_taint([self.raw_subject])[0]

    @property
    def subject(self) -> Subject:
        """What step 5 needs from the first four."""
        return self._subject(self.rewriting)

    @property
    def raw_subject(self) -> Subject:
        """The same without the rewriting."""
        return self._subject(untouched(self.code))

    def _subject(self, rewriting: Rewriting) -> Subject:
        return Subject(
            self.template, self.code, self.events, rewriting, self.sources, self.models, self.trust_recording
        )

    @property
    def advice(self) -> tuple[Advice, ...]:
        """What is not a flow but worth fixing: permissions never used, loops, open doors, and other risks."""
        return self._advice[0]

    @property
    def silenced(self) -> tuple[Silenced, ...]:
        """The flows and the advice that a comment or the baseline accepts."""
        return silenced_findings(self.flows, self._advice[1])

    @property
    def findings(self) -> tuple[Flow | Advice, ...]:
        """All that no comment accepts, and that a baseline could."""
        flows = [one.flow for one in self.flows.silenced if one.why.by == "baseline"]
        advice = [one.advice for one in self._advice[1] if one.why.by == "baseline"]
        return (*self.flows.flows, *flows, *self.advice, *advice)

    def without_silenced(self, report: TaintReport) -> TaintReport:
        """The report with the accepted flows apart."""
        return self._silencing.flows(report) if self.silence else report

    @cached_property
    def _advice(self) -> tuple[tuple[Advice, ...], tuple[SilencedAdvice, ...]]:
        advice = advise(self)
        return self._silencing.advice(advice) if self.silence else (advice, ())

    @cached_property
    def _silencing(self) -> Silencing:
        return Silencing(self.name, self.texts, self.baseline)

    def _complaints(self) -> Iterator[Diagnostic]:
        if self.silence and self._silencing.is_active:
            yield from self._silencing.complaints(self.flows, self._advice[1])

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
            *self._complaints(),
        )
        return tuple(dict.fromkeys(rooms))

    @property
    def texts(self) -> Mapping[str, str]:
        """The sources that were read, of templates, requirements and code, by file."""
        modules = {module.file: module.text for module in self.code.modules.values()}
        return {**dict(requirement_files(self.template)), **self.template.texts, **modules}

    @property
    def complete(self) -> bool:
        """Whether everything was analysed, and there was something; only then does "no flow" speak of all of it."""
        seen = bool(self.template.functions) and self.flows.analysed != "not-run" and not self.flows.unseen
        return seen and not any(diagnostic.level == "error" for diagnostic in self.diagnostics)

    def take_over(self, other: App) -> None:
        """Become `other`, a later analysis of the same application, so that every name for this one means that one."""
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
    baseline: Baseline | None = None,
    trust_recording: bool = False,
) -> App:
    """The application in the folder `path`. Nothing is read before it is asked for.

    Without `trust_recording` a recording in that folder counts only where it is one of the kit's own examples.
    """
    return App(
        Path(path),
        options or Options(),
        frozenset(sources),
        frozenset(ignore),
        trust_recording=trust_recording,
        baseline=baseline or Baseline(),
    )


def analyse(
    apps: Sequence[App],
    *,
    progress: Telling = silent,
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
        app.flows = app.without_silenced(report)
        app.timings["taint"] = seconds
    for app, report in zip(apps, reports[len(apps) :], strict=False):
        app.raw_flows = report
