"""Write a function, for what is in a program or for a step of an analyser: it is run on samples, as text alone."""

from __future__ import annotations

import ast
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import CodeType, FunctionType
from typing import Any

from sls_lab.exercises import driving
from sls_lab.exercises.driving import DRIVERS, UnfitResult
from sls_lab.exercises.fields import Fields, mistake, plain
from sls_lab.exercises.model import Answer, AnswerResult, Setting, Unanswered, Unusable, Wrong
from sls_lab.exercises.places import text_of

_SIGNS = ("misses", "finds", "extra", "raises", "lacks")


@dataclass(frozen=True, slots=True)
class Sample:
    """A source text, in the lesson or in a file below `code-examples`, and what the function is to give for it.

    A hidden one is shown only to whoever's function gives something else for it.
    """

    name: str
    file: str
    text: str
    expected: Any
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class ExtractorTask:
    """A function from a source text to what is in it. An answer is the function.

    A typical wrong answer is recognised by what it misses (`misses`), finds (`finds`) and adds (`extra`, nothing where
    it is not given), by what it raises (`raises`), or by a name that it does without (`lacks`) although what it gives
    is right. Declared answers are the function's source text. With `python`, what it gives is compared as code: its
    spelling does not count. A `driver` calls a function that takes something else than text, and says what it gives.
    Who hands over the `starter` has not answered yet.
    """

    function: str
    samples: tuple[Sample, ...]
    any_order: bool
    solution: str
    wrong: tuple[Wrong, ...]
    python: bool = False
    driver: str = ""
    starter: str = ""

    def resolve(self, answer: Answer, setting: Setting) -> Answer:
        """The same: only whoever runs the lesson's own code can make a function of it."""
        return answer

    def judge(self, answer: Answer, setting: Setting) -> AnswerResult:
        """What the function gives for each sample, the first that differs in detail."""
        if answer is None:
            raise Unanswered
        if not callable(answer):
            raise Unusable(f"hand over the function itself, as in check_exercise(…, {self.function})")
        if self.starter and _same_code(answer, self.starter):
            raise Unanswered
        given = [self._run(answer, sample, setting) for sample in self.samples]
        if not self.driver and all(one == (None, "") for one in given) and _does_nothing(answer):
            raise Unanswered
        for sample, (found, error) in zip(self.samples, given, strict=True):
            expected, on = self._normal(sample.expected), self._on(sample)
            if isinstance(found, UnfitResult):
                known = self._raising(f"unfit: {type(found.given).__name__}")
                return AnswerResult(
                    False, f"{on}{_shown(found.given)}", _shown(expected), known, explanation=str(found)
                )
            if error:
                return AnswerResult(False, f"{on}{error}", _shown(expected), self._raising(error))
            if self._comparable(found) != self._comparable(expected):
                if form := _another_form(found, expected):
                    return AnswerResult(False, f"{on}{_shown(found)}", _shown(expected), explanation=form)
                missing, extra = _without(_items(expected), _items(found)), _without(_items(found), _items(expected))
                told = f"{on}{_shown(found)}"
                told += f"; missing: {_shown(missing)}" if missing else ""
                told += f"; too much: {_shown(extra)}" if extra else ""
                return AnswerResult(False, told, _shown(expected), self._known(_items(found), missing, extra))
        names = _names(answer)
        if lacking := next((one for one in self.wrong if one.signs.get("lacks", "") not in {"", *names}), None):
            told = f"what is expected, without `{lacking.signs['lacks']}`"
            return AnswerResult(False, told, f"`{lacking.signs['lacks']}` used", lacking)
        everything = f"what is expected on {'the sample' if len(given) == 1 else f'all {len(given)} samples'}"
        return AnswerResult(True, everything, everything)

    def view(self, setting: Setting) -> dict[str, Any]:
        """The samples and what is expected of each."""
        shown = [
            {"name": sample.name, "text": self._text(sample, setting), "expected": _shown(sample.expected)}
            for sample in self.samples
            if not sample.hidden
        ]
        return {
            "function": self.function,
            "samples": shown,
            "hidden": len(self.samples) - len(shown),
            "driver": self.driver,
        }

    def in_words(self, answer: Answer, setting: Setting) -> str:
        """The function's name."""
        return answer if isinstance(answer, str) else str(getattr(answer, "__name__", "a function"))

    def _text(self, sample: Sample, setting: Setting) -> str:
        return text_of(setting.examples, sample.file) if sample.file else sample.text

    def _on(self, sample: Sample) -> str:
        """Words that say on which sample something was found; the text of a hidden one is not on the page."""
        return f"on\n\n```\n{sample.text.rstrip()}\n```\n\n" if sample.hidden else f"on {sample.name}, "

    def _run(self, function: Callable[..., Any], sample: Sample, setting: Setting) -> tuple[Any, str]:
        """What the function gives, and what it raises."""
        text = self._text(sample, setting)
        try:
            return self._normal(DRIVERS[self.driver](function, text) if self.driver else function(text)), ""
        except UnfitResult as unfit:
            return unfit, ""
        except Exception as error:  # the learner's own code may raise anything, and they are told what
            return None, _told(error)

    def _normal(self, value: Any) -> Any:
        listed = _listed(value)
        return sorted(listed, key=repr) if self.any_order and isinstance(listed, list) else listed

    def _comparable(self, value: Any) -> Any:
        if self.python and isinstance(value, str):
            try:
                return ast.dump(ast.parse(value))
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return value
        return value

    def _raising(self, error: str) -> Wrong | None:
        """The typical wrong answer that raises this."""
        known = [wrong for wrong in self.wrong if "raises" in wrong.signs]
        return next((wrong for wrong in known if fnmatchcase(error, f"{wrong.signs['raises']}*")), None)

    def _known(self, found: list[Any], missing: list[Any], extra: list[Any]) -> Wrong | None:
        """The typical wrong answer that misses, finds and adds all this, and adds nothing that is not typical of it."""
        for wrong in self.wrong:
            signs = wrong.signs
            if (
                not {"raises", "lacks"} & signs.keys()
                and _in(signs.get("misses", []), missing)
                and _in(signs.get("finds", []), found)
                and _in(signs.get("extra", []), extra)
                and ("extra" in signs or not extra)
            ):
                return wrong
        return None


def read_extractor(fields: Fields) -> ExtractorTask:
    """The function's name, the samples, a solution, and what is often written."""
    samples = []
    for number, part in enumerate(fields.parts("samples"), 1):
        file = part.text("file", "")
        name = file or f"sample {number}"
        text = "" if file else part.text("text")
        samples.append(Sample(name, file, text, plain(part.node_of("expected")), part.flag("hidden")))
        part.done()
    if not samples:
        raise mistake(fields.node, "an extractor has one or more `samples`")
    wrong = []
    for part in fields.parts("wrong"):
        signs = {name: plain(part.node_of(name)) for name in _SIGNS if part.has(name)}
        if not signs:
            raise mistake(part.node, "say what this answer `misses`, `finds`, gives as `extra`, `raises` or `lacks`")
        wrong.append(Wrong(part.text("answer"), part.text("explanation"), signs))
        part.done()
    return ExtractorTask(
        fields.text("function"),
        tuple(samples),
        fields.flag("any_order"),
        fields.text("solution"),
        tuple(wrong),
        fields.word("language", ("python", "text"), "text") == "python",
        fields.word("driver", tuple(DRIVERS)) if fields.has("driver") else "",
        fields.text("starter", ""),
    )


def _names(function: Any) -> set[str]:
    """The names that a function reads, and those of the functions beside it that it calls."""
    names: set[str] = set()
    pending = [function]
    while pending:
        one = pending.pop()
        if not isinstance(one, FunctionType):
            continue
        codes = [one.__code__]
        while codes:
            code = codes.pop()
            codes += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
            fresh = set(code.co_names) - names
            names |= fresh
            pending += [one.__globals__[name] for name in fresh if name in one.__globals__]
    return names


def _told(error: Exception) -> str:
    """An exception with the line of the learner's own code in which it came up."""
    frames = [one for one in traceback.extract_tb(error.__traceback__)[1:] if one.filename != driving.__file__]
    # What the learner's code calls (ast, re, …) is in files of Python's own; theirs is the last that is not.
    own = [frame for frame in frames if not frame.filename.startswith("<frozen") and _same(frame, frames[0])]
    line = f" in line {own[-1].lineno} of your function's cell" if own else ""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}{line}"


def _same(frame: traceback.FrameSummary, first: traceback.FrameSummary) -> bool:
    return frame.filename == first.filename


def _listed(value: Any) -> Any:
    """Tuples, sets and the like as lists, so that only what is in them counts."""
    if isinstance(value, str | bytes) or not hasattr(value, "__iter__"):
        return value
    if isinstance(value, dict):
        return {key: _listed(item) for key, item in value.items()}
    items = [_listed(item) for item in value]
    return sorted(items, key=repr) if isinstance(value, set | frozenset) else items


def _in(wanted: list[Any], found: list[Any]) -> bool:
    return not _without(wanted, found)


def _does_nothing(function: Callable[[str], Any]) -> bool:
    """Whether a function is still as empty as the notebook gives it: it calls nothing and reads no name."""
    code = getattr(function, "__code__", None)
    return code is not None and not code.co_names


def _same_code(function: Any, text: str) -> bool:
    """Whether a function is the one that `text` defines, as far as it runs."""
    own = getattr(function, "__code__", None)
    made = [constant for constant in compile(text, "<starter>", "exec").co_consts if isinstance(constant, CodeType)]
    return own is not None and any((own.co_code, own.co_names) == (one.co_code, one.co_names) for one in made)


def _another_form(found: Any, expected: Any) -> str:
    """What is told to whoever returns something else than a list; empty where a list is returned, or none is wanted."""
    if found is not None and not isinstance(expected, list):
        return ""
    match found:
        case None:
            return (
                "The function returned `None`. Does it print what it finds? A printed value is gone once it is on "
                "screen: collect the results and end with `return`."
            )
        case dict():
            return (
                "The function returned a dictionary. What is asked for is a list: one item for each thing found, "
                "including those that occur twice."
            )
        case str() | bytes():
            return "The function returned one string. What is asked for is a list with one item for each thing found."
        case list() if any(isinstance(item, ast.AST) for item in found):
            return "The list holds nodes of the tree. Take out of each node what is asked for, such as its `name`."
        case list():
            return ""
        case _:
            return (
                f"The function returned a value of type `{type(found).__name__}`. What is asked for is a list with one "
                "item for each thing found."
            )


def _without(items: list[Any], others: list[Any]) -> list[Any]:
    """The items that are left when each of the others takes one away."""
    left = list(items)
    for other in others:
        if other in left:
            left.remove(other)
    return left


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _shown(value: Any) -> str:
    text = repr(_listed(value))
    return text if len(text) <= 400 else f"{text[:400]} …"
