"""Write `docs/solutions.md`: every exercise's solution, with two typical wrong answers, from the lesson files.

python -m tools.write_solutions
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import unified_diff
from pathlib import Path

from sls_lab.exercises import Exercise, Wrong, lessons, setting_of, solution_of, stars_of
from sls_lab.exercises.model import Answer
from sls_lab.exercises.tasks.choice import ChoiceTask
from sls_lab.exercises.tasks.order import OrderTask

PAGE = Path(__file__).resolve().parents[1] / "docs" / "solutions.md"
_OFTEN = 2
_HEAD = """# Solutions

Every exercise with its solution, and the first two of the typical wrong answers that its lesson file has, each with
what a learner who gives it is told. For instructors: learners see a solution in the notebook, once they have tried.
This page is written from the lesson files by `python -m tools.write_solutions`.
"""


def page() -> str:
    """The whole page as it is today. Raises ExerciseError where an exercise is broken."""
    lines = [_HEAD]
    for lesson in lessons():
        lines.append(f"## {lesson.number} {lesson.title}\n")
        for exercise in lesson.exercises:
            lines += _told(exercise)
        if lesson.predictions:
            lines += ["**What to predict**\n", *map(_predicted, lesson.predictions), ""]
    return "\n".join(lines).rstrip() + "\n"


def _predicted(question: Exercise) -> str:
    asked = " ".join(question.prompt.split())
    return f"- {asked} → {question.task.in_words(question.task.solution, setting_of(question))} (`{question.id}`)"


def _told(exercise: Exercise) -> Iterator[str]:
    yield f"### {exercise.id}: {exercise.title}\n"
    yield f"*{exercise.stage}, {exercise.kind}, {stars_of(exercise)}*\n"
    yield from _shown(exercise, solution_of(exercise))
    for wrong in exercise.task.wrong[:_OFTEN]:
        yield from _mistake(exercise, wrong)


def _mistake(exercise: Exercise, wrong: Wrong) -> Iterator[str]:
    yield "**Wrong:**\n"
    yield from _shown(exercise, exercise.task.resolve(wrong.answer, setting_of(exercise)))
    yield f"> {' '.join(wrong.explanation.split('```')[0].split())}\n"


def _shown(exercise: Exercise, answer: Answer) -> Iterator[str]:
    """An answer in Markdown, by the kind of the exercise."""
    task = exercise.task
    match exercise.kind:
        case "choice" if isinstance(task, ChoiceTask):
            # Of several right ones, a wrong answer is told by the statement that is too much.
            extra = [key for key in answer if key not in task.solution]
            yield from _list(option.text for option in task.options if option.key in (extra or answer))
        case "order" if isinstance(task, OrderTask):
            yield from _list(task.lines[number - 1] for number in answer)
        case "blank":
            yield from _list(f"{name}: `{text}`" for name, text in answer.items())
        case "line":
            yield from _list(_place(exercise, file, line) for file, line in answer)
        case "extractor":
            yield from _fenced("python", answer.strip().splitlines())
        case _:
            yield from _fenced("diff", _changes(exercise, answer))


def _place(exercise: Exercise, file: str, line: int) -> str:
    text = (setting_of(exercise).folder / file).read_text(encoding="utf-8").splitlines()[line - 1]
    return f"{file}:{line}: `{text.strip()}`"


def _changes(exercise: Exercise, answer: Mapping[str, str]) -> list[str]:
    """The lines that an answer takes away and adds, below the name of their file."""
    folder, lines = setting_of(exercise).folder, []
    for name, text in answer.items():
        file = folder / name
        before = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
        changed = [*unified_diff(before, text.splitlines(), lineterm="", n=0)][2:]
        if changed:
            lines += [f"@@ {name}", *(line for line in changed if not line.startswith("@@"))]
    return lines


def _list(texts: Iterator[str]) -> Iterator[str]:
    for text in texts:
        yield f"- {' '.join(text.split())}"
    yield ""


def _fenced(language: str, lines: Sequence[str]) -> Iterator[str]:
    yield f"```{language}"
    yield from lines
    yield "```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
