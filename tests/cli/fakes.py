"""Applications that answer at once, in place of real ones: what is tested here is the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from sls_lab.facts import UnreadableApplication
from sls_lab.taint.model import Analysed
from sls_lab.template.model import Options, Template
from tests.report.sample import Sample, sample


class FakeApp:
    """An application whose results are the sample's; `kind`, taken from the folder's name, says what went how."""

    def __init__(self, path: Path, options: Options, sources: frozenset[str]) -> None:
        self.path = path
        self.kind = path.name
        self.options = options
        self.sources = sources
        self._results = _results(self.kind, path)

    def __getattr__(self, name: str) -> object:
        return getattr(self._results, name)

    @property
    def subject(self) -> FakeApp:
        _ = self.template
        return self

    @property
    def template(self) -> Template:
        if self.kind == "unreadable":
            raise UnreadableApplication(f"{self.path} is no folder: give the folder of an application.")
        return self._results.template


def _results(kind: str, path: Path) -> Sample:
    done = replace(sample(), path=path)
    template = replace(done.template, functions=done.template.functions[:3])
    whole = replace(done, template=template, code=replace(done.code, unseen={}), diagnostics=(), complete=True)
    quiet = replace(whole.flows, flows=())
    how: Analysed = "not-run"
    match kind:
        case "clean":
            return replace(whole, flows=quiet)
        case "part":
            return replace(done, flows=quiet)
        case "not-run":
            return replace(done, flows=replace(quiet, analysed=how))
        case "flow":
            return whole
        case _:
            return done


class World:
    """Stands in for `load_app` and `analyse`, and remembers what they were asked."""

    def __init__(self) -> None:
        self.loaded: list[FakeApp] = []
        self.calls: list[dict[str, object]] = []
        self.steps: tuple[str, ...] = ("tracing with Pysa",)

    def load_app(
        self,
        path: Path,
        options: Options,
        *,
        sources: Iterable[str] = ("public",),
        baseline: object = None,
        trust_recording: bool = False,
    ) -> FakeApp:
        self.loaded.append(FakeApp(path, options, frozenset(sources)))
        return self.loaded[-1]

    def analyse(self, apps: Sequence[FakeApp], *, progress: Callable[[str], None], **settings: object) -> None:
        for step in self.steps:
            progress(step)
        self.calls.append({"apps": [app.kind for app in apps], **settings})
