"""Edit handlers, a template or Pysa's models: a copy of the application is read, run and analysed again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import unified_diff
from typing import Any, Final

from sls_lab.app import analyse
from sls_lab.exercises.attempt import MODELS, Attempt, split
from sls_lab.exercises.changes import Replacement, normal, read_changes
from sls_lab.exercises.conditions import Changed, Condition, Needs, conditions_of, read_condition
from sls_lab.exercises.fields import Fields, mistake
from sls_lab.exercises.model import Answer, AnswerResult, Setting, Unanswered, Unusable, Wrong
from sls_lab.exercises.places import text_of
from sls_lab.exercises.sending import NotTried, try_out
from sls_lab.exercises.trial import Trial, read_trial
from sls_lab.facts import split_lines

#: What a learner is told of a fix that passes: the number of attacks that were tried, and what speaks against it.
PROVEN: Final = "**Proven.** No attack arrives ({} tried), and the analysis finds no flow."
NOT_PROVEN: Final = """\
**Not proven.** No attack arrives ({} tried), but {}. The analysis follows where data go. Which values a check lets
pass, or what your own code makes of them, it cannot decide: this may be a false positive (notebook 06). A list of
attacks is never complete, so look for a form that the analysis can prove."""
#: What a learner is told of a template that passes: the number of honest requests, or why none was sent.
TRIED: Final = "**Tried.** The honest requests ({} sent) still have their effects."
TEMPLATE_ALONE: Final = "Judged by the template alone: {}."
RECORDED: Final = "What happened was recorded: moto is not installed here."
ANALYSIS_RECORDED: Final = "What the analysis finds was recorded: Pysa does not run here."
_ATTACKED: Final[tuple[Needs, ...]] = ("files", "requests")
_HONEST: Final[tuple[Needs, ...]] = ("requests", "files")


@dataclass(frozen=True, slots=True)
class EditTask:
    """Files to change until all `conditions` hold. An answer gives the new content of files.

    A file of models (`.pysa`) is not part of the application: it begins with what the lesson gives, and goes to Pysa.
    A `trial` sends requests to the application, so that an answer is judged by what happens. Typical wrong answers are
    recognised by their text, or by the conditions (`shows`) that hold for them.
    """

    files: tuple[str, ...]
    starts: Mapping[str, str]
    conditions: tuple[Condition, ...]
    trial: Trial | None
    solution: tuple[Replacement, ...]
    wrong: tuple[Wrong, ...]

    @property
    def is_fix(self) -> bool:
        """Whether what happens decides, and what the analysis finds is a proof or a doubt."""
        return self.trial is not None and self.trial.is_fix

    @property
    def asks_pysa(self) -> bool:
        """Whether it is judged by the flows as well."""
        return bool(self._needing("flows"))

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
            return self._judged(attempt, known, setting)

    def _judged(self, attempt: Attempt, known: Wrong | None, setting: Setting) -> AnswerResult:
        """By the files alone, by what happens, and then by the flows: the first that is wrong is told.

        Where nothing is attacked, what happens comes first: a learner reads the error with which AWS refuses a call.
        """
        edit, untried = attempt.edit, ""
        for needed in _ATTACKED if self.trial is None or self.trial.attacks else _HONEST:
            if needed == "requests" and self.trial is not None:
                edit, untried = self._tried(self.trial, attempt, setting)
            if not (needed == "requests" and untried) and (missed := self._missed(edit, needed, known)):
                return missed
        doubt = ""
        if flows := self._needing("flows"):
            analyse([attempt.after], progress=setting.progress)
            unseen = f"the flows were not analysed: {why}" if (why := attempt.unseen()) else ""
            if refused := attempt.refusal():
                return AnswerResult(False, refused, flows[0].expected, known or self._shown(edit, "files"))
            if unseen and not self.is_fix:
                # What Pysa refuses cannot be recorded; that this very answer is wrong is known all the same.
                return AnswerResult(False, "", flows[0].expected, known, "" if known else unseen)
            missed = None if unseen else self._missed(edit, "flows", known)
            if missed and (not self.is_fix or (untried and missed.wrong)):
                return missed
            doubt = unseen or (missed.found if missed else "")
        done = "; ".join(self.expected)
        if self.trial is not None and not self.trial.attacks:
            sent = sum(len(honest.requests) for honest in self.trial.honest)
            told = [TEMPLATE_ALONE.format(untried)] if untried else [TRIED.format(sent), *_recorded(edit, flows=False)]
            return AnswerResult(True, done, done, remark=" ".join(told))
        if untried:
            why = f"{doubt}, and {untried}" if doubt else untried
            return AnswerResult(False, "", self.expected[0], known, "" if known else why)
        if edit.happened is None:
            return AnswerResult(True, done, done)
        if not self.is_fix:
            return AnswerResult(True, done, done, remark=" ".join(_recorded(edit, flows=True)))
        remark = (NOT_PROVEN if doubt else PROVEN).format(edit.happened.tried, doubt)
        remarks = [remark, *_recorded(edit, flows=bool(flows))]
        return AnswerResult(True, done, done, mark="not-proven" if doubt else "proven", remark=" ".join(remarks))

    def _missed(self, edit: Changed, needed: Needs, known: Wrong | None) -> AnswerResult | None:
        """The first condition that needs this and does not hold."""
        for condition in self._needing(needed):
            if missed := condition.test(edit):
                wrong = known or self._shown(edit, needed)
                remarks = _recorded(edit, flows=needed == "flows")
                return AnswerResult(False, missed, condition.expected, wrong, remark=" ".join(remarks))
        return None

    def _tried(self, trial: Trial, attempt: Attempt, setting: Setting) -> tuple[Changed, str]:
        """The edit with what happened, and why that is not known where it is not."""
        setting.progress("the handlers run")
        try:
            return replace(attempt.edit, happened=try_out(trial, attempt.after)), ""
        except NotTried as error:
            return attempt.edit, f"the handlers were not run: {error}"

    def _needing(self, needed: Needs) -> list[Condition]:
        return [condition for condition in self.conditions if condition.needs == needed]

    @property
    def expected(self) -> tuple[str, ...]:
        """The sentences that tell the learner what is wanted."""
        return tuple(dict.fromkeys(condition.expected for condition in self.conditions))

    def view(self, setting: Setting) -> dict[str, Any]:
        """The files to change, as they are."""
        return {
            "texts": {file: self._original(file, setting) for file in self.files},
            "expected": list(self.expected),
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
        # What Pysa refuses cannot be recorded.
        if not any(file.endswith(MODELS) for file in self.files):
            answers += [(f"wrong answer {number}", wrong.answer) for number, wrong in enumerate(self.wrong, 1)]
        for what, answer in answers:
            yield what, *split(self.resolve(answer, setting))

    def _original(self, file: str, setting: Setting) -> str:
        return self.starts[file] if file in self.starts else text_of(setting.folder, file)

    def _same(self, one: Answer, other: Answer, setting: Setting) -> bool:
        return all(
            normal(one.get(file) or self._original(file, setting))
            == normal(other.get(file) or self._original(file, setting))
            for file in self.files
        )

    def _shown(self, edit: Changed, needed: Needs) -> Wrong | None:
        """The typical wrong answer whose signs all hold; those of flows and requests only where there is evidence."""
        for wrong in self.wrong:
            shows = wrong.signs.get("shows", ())
            if any(sign.needs == "flows" for sign in shows) and needed != "flows":
                continue
            if shows and not any(sign.test(edit) for sign in shows):
                return wrong
        return None


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
    trial = read_trial(Fields(fields.node_of("trial"), "`trial`")) if fields.has("trial") else None
    conditions += conditions_of(trial) if trial is not None else ()
    if not conditions:
        raise mistake(fields.node, "the exercise has neither `conditions` nor a `trial`")
    wrong = []
    for part in fields.parts("wrong"):
        signs = {"shows": tuple(map(read_condition, part.parts("shows")))}
        wrong.append(Wrong(read_changes(part, "answer"), part.text("explanation"), signs))
        part.done()
    return EditTask(files, starts, conditions, trial, read_changes(fields, "solution"), tuple(wrong))


def _recorded(edit: Changed, *, flows: bool) -> list[str]:
    """What was not done here and now, in a sentence each. `flows` says whether they were asked for."""
    told = [RECORDED] if edit.happened is not None and edit.happened.recorded else []
    return [*told, ANALYSIS_RECORDED] if flows and edit.after.flows.analysed == "recorded" else told
