"""Exercises that check themselves. This room knows no Jupyter; `sls_lab.widgets.exercise` shows them.

A lesson is one YAML file, `lessons/NN.yml`, with a `title` and a list of `exercises`. Each has

| entry | what it is |
|---|---|
| `id` | `NN/a-few-words`: what notebooks call it by |
| `kind` | what the learner does, see below |
| `stage` | `predict`, `run`, `investigate`, `modify` or `make` |
| `title` | a few words |
| `prompt` | the question: paragraphs, lists with `- `, `code`, *stress*, **strong**, and code between three backticks |
| `app` | the folder it is about, relative to `code-examples` (`apps/upload-chain`, `ast/samples`) |
| `hints` | one to three texts, shown one at a time when asked for, and counted |
| `explanation` | shown when passed: why it is so |
| `stars` | how hard it is, 1 to 3; where nothing is written, its kind decides |

and what its kind asks for. `wrong` is everywhere a list of typical wrong answers, each with an `answer` and an
`explanation` of the misconception that leads to it; what else a kind has there is how such an answer is recognised.

`choice`: `options`, each with a `text`, and `right: true` or the `explanation` for whoever chooses it. They are shown
in an order of the learner's own, so no option may refer to the place of another.

`order`: `lines` in the right order, and `distractors` that do not belong; `language: python` where they are code.
An `answer` is a list of the lines' numbers, from 1, distractors last. It is recognised by `uses: [5]`, which uses
line 5, or `before: [3, 1]`, which has line 3 before 1. `needs: [{line: 4, after: [2]}]` says which lines must come
before line 4, where another order is right as well; without it, a line needs the one above it.

`blank`: a `text` with gaps written `[[name]]`, and `blanks`, which gives for each a list of accepted texts, the
solution first. `language: python` compares expressions, `number` values to two digits, else case and spaces do not
count. An `answer` names the gaps that are wrong in it.

`line`: `places`, each a `file` and a `text` that only one of its lines holds (`lines` for a place of several).
The learner picks a line of one of them, or with `pick: every` of each. `files` are those shown, where more than named.

`extractor`: the learner writes `function` in a cell. `samples` give a `file` (relative to `code-examples`) or a `text`,
and what is `expected` for it; `any_order: true` where order does not count, `language: python` where code is expected
and its spelling does not count. `solution` and `answer` are Python.
`driver` names the one (`sls_lab/exercises/driving.py`) that calls a function of an analyser on the sample and says
what it gives; `raises: "unfit: bool"` then recognises a result of that type. `starter` is what the notebook gives to
begin with, and no answer yet. A sample that is `hidden: true` is shown to whoever's function fails on it.
An answer is recognised by what it `misses`, what it `finds` and what it gives as `extra` (nothing, where that is left
out), by what it `raises`: the type of the exception, or its message as well, with `*` for any part; or by a name that
it `lacks` although what it gives is right.

`handler`, `attack`, `permission`, `model`: `files` to change until all `conditions` hold. `solution` and `answer` are
lists of changes: a `file`, what to `replace` `with` what (or the whole `text`). A `.pysa` file is a model for Pysa, and
starts with the text that `starts` gives. `shows` is a list of conditions that an answer is recognised by.

A `trial` is requests that are sent to the changed application on a simulated AWS. It says

| entry | what it is |
|---|---|
| `rule`, `file` | the attacks to try (`ATTACKS` in `sls_lab.replay.attacks`), and the file in which none may arrive |
| `aim` | `fix`; `evade`: an attack arrives, and no flow is reported; or `alarm`: none arrives, and a flow is reported |
| `safe`, `works` | the sentences that tell the learner so, and what must still work |
| `attacks` | requests in the form of an application's `requests.yml`, with `{marker}` where an attack goes |
| `honest` | what must still work: a `name`, `sends` (requests; where there are several, one must do) and `effects` |

An effect is that `of` a function: `runs: sox` (a program, `"*"` any), `passes: text` (to a program as the end of one
word, to a database as a value, or to a call of AWS), `calls: service.api` `with: {Argument: a part of it}`,
`answers: true` (a status below 400) or `fails: true` (one from 500 on), `withholds: text` (from its answer), or
`logs: text`. The answer fails where an attack arrives or an honest request has lost an effect, or comes to no end. Else
it passes, and is *proven* where the analysis finds no flow of the rule's category in the file either.

A trial without `attacks` has only `works` and `honest`: for a template, or permissions, to change. The error with which
AWS refuses a call is then the first thing that a learner is told. Where moto is missing, the conditions judge alone.

A condition is

| condition | holds when |
|---|---|
| `no_flow: {category, file}`, `flow: …` | the analysis finds no, or a, flow of this category to a sink in this file |
| `linked: a -> b`, `not_linked: a -> b` | function `a` wakes `b`, or does not |
| `filter: {function, holds}` | a filter of the function's S3 trigger holds these characters |
| `keeps_edges: true` | every function is still woken by those that woke it |
| `no_advice: [code, …]` | none of this advice is given |
| `permits: {function, action, resource}`, `forbids: …` | the function's role allows this, or does not |
| `arrives: true` | an attack of the trial arrives |
| `fails: text`, `works: text` | an honest request lacks something that is so named, or none does |
| `calls: [os.system, "*.put_item"]` with `file` | there is such a call |
| `does_not_call: …` | there is none |
| `tests: office` with `file` | a condition looks at it |
| `writes: pattern`, `does_not_write: …` with `file` | the file's text holds, or does not hold, what it finds |
| `models: pattern` | the models hold something that this regular expression finds |

and has an `expected`: the sentence that tells the learner what is wanted. The application must stay complete as well.
How code is written (`calls`, `tests`) is a sign of a mistake, and never what a fix is judged by.

Beside `exercises`, a lesson has questions that nobody judges: the learner commits to an answer and then compares.
`predictions` hold back the output of a cell until then (`sls_lab.widgets.predict`), and those under `recall` are asked
at the start of later notebooks and by `sls-lab quiz`. Each has an `id`, a `prompt`, an `answer`, an `explanation` where
there is more to say, and either `options`, one of which is the answer, or `asks`: what to write (`a number`).

`check(find("01/tighten-the-permission"), answer)` gives the verdict. What Pysa finds in solutions
and wrong answers is recorded beside the application by `make record`, and what happens with them in
`recorded_trials.json`, for learners without Pysa or moto.
"""

from sls_lab.exercises.bars import progress_json, progress_text, stars_of
from sls_lab.exercises.certificate import certificate
from sls_lab.exercises.checking import check, setting_of, solution_of
from sls_lab.exercises.loading import examples_folder, exercises, find, lessons, questions, read_lesson
from sls_lab.exercises.model import Exercise, ExerciseError, Feedback, Lesson, Wrong
from sls_lab.exercises.progress import (
    Done,
    Progress,
    UnusableProgress,
    note_down,
    note_time,
    progress_file,
    read_progress,
    reset,
)
from sls_lab.exercises.recalling import quiz, recalled
from sls_lab.exercises.recorded import variants

__all__ = [
    "Done",
    "Exercise",
    "ExerciseError",
    "Feedback",
    "Lesson",
    "Progress",
    "UnusableProgress",
    "Wrong",
    "certificate",
    "check",
    "examples_folder",
    "exercises",
    "find",
    "lessons",
    "note_down",
    "note_time",
    "progress_file",
    "progress_json",
    "progress_text",
    "questions",
    "quiz",
    "read_lesson",
    "read_progress",
    "recalled",
    "reset",
    "setting_of",
    "solution_of",
    "stars_of",
    "variants",
]
