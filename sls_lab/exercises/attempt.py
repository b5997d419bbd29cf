"""A copy of an application with a learner's answer written into it."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from sls_lab.app import App
from sls_lab.exercises.conditions import Changed
from sls_lab.exercises.model import Answer, Setting, Unusable
from sls_lab.facts import Diagnostic, Identity, UnreadableApplication, identity
from sls_lab.python.parsing import parse_text
from sls_lab.scratch import Scratch

MODELS: Final = ".pysa"
_MODELLED = re.compile(r"^\s*(?:async\s+)?def\s+[\w.]+", re.MULTILINE)
_NOT_RUN = frozenset({"models-refused", "pysa-failed", "staging-failed"})
_PACKAGE = re.compile(r"\bapp_\d\d[./]")


class Attempt:
    """A copy of the application with an answer written into it: `before` is the original, `after` the copy."""

    def __init__(self, answer: Answer, setting: Setting) -> None:
        self.answer = answer
        self.texts, models = split(answer)
        _parse_models(models)
        self._scratch = Scratch(setting.folder)
        self._scratch.apply(self.texts)
        self.before = _original(setting.folder)
        self.after = App(self._scratch.folder, models=models)

    def __enter__(self) -> Attempt:
        return self

    def __exit__(self, *_: object) -> None:
        self._scratch.remove()

    @property
    def edit(self) -> Changed:
        """What conditions are tested on, before any request is sent."""
        return Changed(self.before, self.after)

    def read(self) -> None:
        """The first four steps. Raises Unusable where a change left something that cannot be read."""
        for file, text in self.texts.items():
            if file.endswith(".py") and isinstance(problem := parse_text(file, text), Diagnostic):
                raise Unusable(problem.message.rstrip("."))
        try:
            fresh = _fresh(self.before, self.after)
        except UnreadableApplication as error:
            raise Unusable(f"nothing is left to analyse: {error}") from error
        if fresh:
            place = f"{fresh[0].span.place}: " if fresh[0].span else ""
            raise Unusable(f"{place}{fresh[0].message.rstrip('.')}")

    def refusal(self) -> str:
        """What Pysa says of models that it refuses; empty where it takes them."""
        said = next((one.message for one in self.after.flows.diagnostics if one.code == "models-refused"), "")
        # The application's files are a package of that name where Pysa runs; the learner knows them without.
        return _PACKAGE.sub("", said) if self.after.models else ""

    def unseen(self) -> str:
        """Why the flows are not known; empty where they are."""
        report = self.after.flows
        if report.analysed == "not-run":
            why = next((one.message for one in report.diagnostics if one.code in _NOT_RUN), "")
            return why or "Pysa does not run here, and this answer is not among the recorded ones"
        missed = [name for name in report.unseen if name not in self.before.code.unseen]
        return f"Pysa could not look into {' and '.join(missed)}" if missed else ""


def _original(folder: Path) -> App:
    """The application that an answer changes, read once for as long as none of its files changes."""
    stats = ((file, file.lstat()) for file in sorted(folder.rglob("*")))
    return _read_once(folder, tuple((file, stat.st_mtime_ns, stat.st_size) for file, stat in stats))


@lru_cache(maxsize=8)
def _read_once(folder: Path, _: tuple[tuple[Path, int, int], ...]) -> App:
    return App(folder)


def split(texts: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """The contents of the application's own files, and the models."""
    own = {file: text for file, text in texts.items() if not file.endswith(MODELS)}
    return own, "\n".join(text for file, text in texts.items() if file.endswith(MODELS))


def _parse_models(models: str) -> None:
    """Raise Unusable for models that are not Python, apart from the dots in the names of functions."""
    try:
        ast.parse(_MODELLED.sub(lambda name: name[0].replace(".", "_"), models))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line, why = (error.lineno, error.msg) if isinstance(error, SyntaxError) else (1, str(error))
        raise Unusable(f"the model is not written as Python writes a function, see line {line}: {why}") from error


def _errors(app: App) -> list[Diagnostic]:
    steps = (app.template, app.code, app.events, app.rewriting)
    found = [problem for step in steps for problem in step.diagnostics if problem.level == "error"]
    return [*found, *app.code.unseen.values()]


def _fresh(before: App, after: App) -> list[Diagnostic]:
    """The errors that a change made: those of one kind at equal source that there are more of than before."""
    known = Counter(_identity(before, problem) for problem in _errors(before))
    fresh = []
    for problem in _errors(after):
        which = _identity(after, problem)
        if known[which] <= 0:
            fresh.append(problem)
        known[which] -= 1
    return fresh


def _identity(app: App, problem: Diagnostic) -> Identity:
    return identity(problem.code, problem.span, app.texts)
