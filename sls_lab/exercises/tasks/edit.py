"""Edit handlers, a template or Pysa's models: judged by analysing a copy of the application again."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any

from sls_lab.app import App, analyse
from sls_lab.exercises.changes import Replacement, read_changes
from sls_lab.exercises.conditions import Condition, read_condition
from sls_lab.exercises.fields import Fields, mistake
from sls_lab.exercises.model import Answer, AnswerResult, Setting, Unanswered, Unusable, Wrong
from sls_lab.exercises.places import text_of
from sls_lab.facts import Diagnostic, Identity, UnreadableApplication, identity, split_lines
from sls_lab.python.parsing import parse_text
from sls_lab.scratch import Scratch

_MODELS = ".pysa"
_MODELLED = re.compile(r"^\s*(?:async\s+)?def\s+[\w.]+", re.MULTILINE)
_NOT_RUN = frozenset({"models-refused", "pysa-failed", "staging-failed"})
_PACKAGE = re.compile(r"\bapp_\d\d[./]")


@dataclass(frozen=True, slots=True)
class EditTask:
    """Files to change until all `conditions` hold. An answer gives the new content of files.

    A file of models (`.pysa`) is not part of the application: it begins with what the lesson gives, and goes to Pysa.
    Typical wrong answers are recognised by their text, or by the conditions (`shows`) that hold for them.
    """

    files: tuple[str, ...]
    starts: Mapping[str, str]
    conditions: tuple[Condition, ...]
    solution: tuple[Replacement, ...]
    wrong: tuple[Wrong, ...]

    @property
    def asks_pysa(self) -> bool:
        """Whether it is judged by the flows as well."""
        return any(condition.needs_flows for condition in self.conditions)

    def resolve(self, answer: Answer, setting: Setting) -> Answer:
        """The contents of the files after the changes."""
        texts: dict[str, str] = {}
        for change in answer:
            texts[change.file] = change.made_to(texts.get(change.file) or self._original(change.file, setting))
        return texts

    def judge(self, answer: Answer, setting: Setting) -> AnswerResult:
        """Whether everything that is expected holds of the application so changed."""
        if answer and not (isinstance(answer, dict) and set(answer) <= set(self.files)):
            raise Unusable(f"an answer gives the content of {' or '.join(self.files)}")
        if not answer or self._same(answer, {}, setting):
            raise Unanswered
        known = next(
            (one for one in self.wrong if self._same(answer, self.resolve(one.answer, setting), setting)), None
        )
        with Attempt(answer, setting) as attempt:
            attempt.read()
            wrong = known or self._shown(attempt, flows=False)
            for condition in self.conditions:
                if not condition.needs_flows and (missed := condition.test(attempt.before, attempt.after)):
                    return AnswerResult(False, missed, condition.expected, wrong)
            flows = [condition for condition in self.conditions if condition.needs_flows]
            if flows:
                analyse([attempt.after], progress=setting.progress)
                if refused := attempt.refusal():
                    return AnswerResult(False, refused, flows[0].expected, wrong)
            for condition in flows:
                if unseen := attempt.unseen():
                    # What Pysa refuses cannot be recorded; that this very answer is wrong is known all the same.
                    return AnswerResult(False, "", condition.expected, known, "" if known else unseen)
                if missed := condition.test(attempt.before, attempt.after):
                    wrong = wrong or self._shown(attempt, flows=True)
                    return AnswerResult(False, missed, condition.expected, wrong)
        done = "; ".join(condition.expected for condition in self.conditions)
        return AnswerResult(True, done, done)

    def view(self, setting: Setting) -> dict[str, Any]:
        """The files to change, as they are."""
        return {
            "texts": {file: self._original(file, setting) for file in self.files},
            "expected": [condition.expected for condition in self.conditions],
        }

    def in_words(self, answer: Answer, setting: Setting) -> str:
        """The changes, as a diff."""
        diffs = (
            unified_diff(split_lines(self._original(file, setting)), split_lines(text), file, file)
            for file, text in answer.items()
        )
        return "".join(line if line.endswith("\n") else f"{line}\n" for diff in diffs for line in diff)

    def variants(self, setting: Setting) -> Iterator[tuple[str, dict[str, str], str]]:
        """What to record for learners without Pysa: a few words, the contents of the files, and the models."""
        answers = [("solution", self.solution)]
        if not any(file.endswith(_MODELS) for file in self.files):
            answers += [(f"wrong answer {number}", wrong.answer) for number, wrong in enumerate(self.wrong, 1)]
        for what, answer in answers:
            yield what, *split(self.resolve(answer, setting))

    def _original(self, file: str, setting: Setting) -> str:
        return self.starts[file] if file in self.starts else text_of(setting.folder, file)

    def _same(self, one: Answer, other: Answer, setting: Setting) -> bool:
        return all(
            _normal(one.get(file) or self._original(file, setting))
            == _normal(other.get(file) or self._original(file, setting))
            for file in self.files
        )

    def _shown(self, attempt: Attempt, *, flows: bool) -> Wrong | None:
        """The typical wrong answer whose signs all hold; signs of flows need a trace."""
        for wrong in self.wrong:
            shows = wrong.signs.get("shows", ())
            if any(sign.needs_flows for sign in shows) and not flows:
                continue
            if shows and not any(sign.test(attempt.before, attempt.after) for sign in shows):
                return wrong
        return None


class Attempt:
    """A copy of the application with an answer written into it: `before` is the original, `after` the copy."""

    def __init__(self, answer: Answer, setting: Setting) -> None:
        self.texts, models = split(answer)
        _parse_models(models)
        self._scratch = Scratch(setting.folder)
        self._scratch.apply(self.texts)
        self.before = App(setting.folder)
        self.after = App(self._scratch.folder, models=models)

    def __enter__(self) -> Attempt:
        return self

    def __exit__(self, *_: object) -> None:
        self._scratch.remove()

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


def read_edit(fields: Fields) -> EditTask:
    """The files, what some of them begin with, the conditions, the solution, and typical wrong answers."""
    files = fields.texts("files")
    if not files:
        raise mistake(fields.node, "the exercise has no `files` to change")
    starts = {}
    if fields.has("starts"):
        part = Fields(fields.node_of("starts"), "`starts`")
        starts = {file: part.text(file) for file in files if part.has(file)}
        part.done()
    conditions = tuple(map(read_condition, fields.parts("conditions")))
    if not conditions:
        raise mistake(fields.node, "the exercise has no `conditions`")
    wrong = []
    for part in fields.parts("wrong"):
        signs = {"shows": tuple(map(read_condition, part.parts("shows")))}
        wrong.append(Wrong(read_changes(part, "answer"), part.text("explanation"), signs))
        part.done()
    return EditTask(files, starts, conditions, read_changes(fields, "solution"), tuple(wrong))


def split(texts: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """The contents of the application's own files, and the models."""
    own = {file: text for file, text in texts.items() if not file.endswith(_MODELS)}
    return own, "\n".join(text for file, text in texts.items() if file.endswith(_MODELS))


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


def _normal(text: str) -> str:
    """`text` without what does not count: spaces at the ends of lines, and empty lines."""
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())
