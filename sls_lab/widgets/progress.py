"""What a notebook shows while an application is analysed: which step runs, and at last what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from html import escape
from typing import Any, Final

from IPython.core.getipython import get_ipython
from IPython.display import DisplayHandle

from sls_lab.app import App, analyse
from sls_lab.facts import SlsLabError
from sls_lab.report.summary import count, recording_words
from sls_lab.taint import TaintReport

_STEPS: Final = 5


class NotebookProgress:
    """One line in a notebook that is rewritten as work goes on; nothing at all outside of Jupyter."""

    def __init__(self) -> None:
        shell: Any = get_ipython()
        self._handle = _handle() if getattr(shell, "kernel", None) is not None else None
        self._shown = False
        self.text = ""

    def show(self, text: str, step: int | None = None) -> None:
        """Say what runs now, as step number `step` (from 1) of the five, or what came of it all."""
        self.text = text if step is None else f"Step {step} of {_STEPS}: {text} …"
        bar = "" if step is None else f'<progress value="{step - 1}" max="{_STEPS}"></progress> '
        bundle = {"text/plain": self.text, "text/html": f'<p role="status">{bar}{escape(self.text)}</p>'}
        if self._handle is None:
            return
        if self._shown:
            self._handle.update(bundle, raw=True)
        else:
            self._handle.display(bundle, raw=True)
        self._shown = True


def _handle() -> DisplayHandle:
    return DisplayHandle()


def analysed(app: App, *, raw: bool = False) -> None:
    """Take `app` through all five steps, and show in the notebook which one runs and how it ended.

    `raw` also computes what is found without the rewriting. What was computed before is not computed again. Raises
    UnreadableApplication.
    """
    show_analysis(app, NotebookProgress(), raw=raw)


def show_analysis(app: App, progress: NotebookProgress, *, raw: bool = False) -> None:
    """`analysed`, on a line of one's own."""
    started = time.perf_counter()
    before: list[str] = []
    quick: tuple[tuple[str, Callable[[], object]], ...] = (
        ("reading the template", lambda: app.template),
        ("reading the code", lambda: app.code),
        ("linking the events", lambda: app.events),
        ("rewriting the handlers", lambda: app.rewriting),
    )
    try:
        for step, (words, compute) in enumerate(quick, 1):
            progress.show(f"{words} of {app.name}", step)
            compute()
        wanted = ("flows", "raw_flows") if raw else ("flows",)
        if not set(wanted) <= set(vars(app)):

            def tell(words: str) -> None:
                before.append(words)
                progress.show(words, _STEPS)

            analyse([app], progress=tell, raw=raw)
    except SlsLabError as error:
        progress.show(f"Not analysed: {error}")
        raise
    seconds = time.perf_counter() - started
    traced = any("with Pysa" in words for words in before)
    progress.show(f"{app.name}: {ending(app.flows, seconds, traced=traced)}")


def ending(report: TaintReport, seconds: float, *, traced: bool) -> str:
    """How an analysis ended, and in how many seconds; `traced` says whether Pysa ran for it just now."""
    if report.analysed == "not-run":
        reason = next((one.message for one in report.diagnostics if one.level == "error"), "Pysa did not run")
        return f"not analysed: {reason}"
    if report.analysed == "recorded":
        how = recording_words(report)
    elif traced:
        how = f"analysed live in {seconds:.1f} s"
    else:
        how = f"unchanged since it was analysed, answered in {seconds:.1f} s"
    found = f"{count(len(report.flows), 'flow') if report.flows else 'no flow'} found"
    if report.set_aside:
        found += f", {len(report.set_aside)} set aside as harmless"
    missing = f", {count(len(report.unseen), 'handler')} not analysed" if report.unseen else ""
    return f"{how}: {found}{missing}"
