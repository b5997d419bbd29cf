"""Exercises as text and as HTML, where no widget runs."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from sls_lab.exercises import Feedback
from sls_lab.exercises.prose import flat, inline_html, plain
from sls_lab.widgets import fallback


def task_text(kind: str, task: Mapping[str, Any]) -> str:
    """What there is to answer with."""
    match kind:
        case "choice":
            head = "Choose all that are right:" if task["several"] else "Choose one:"
            return "\n".join([head, *(f"  ( ) {key}  {flat(pieces)}" for key, pieces in task["options"])])
        case "prediction" | "recall" if not task["options"]:
            return f"Answer with {task['asks']}."
        case "prediction" | "recall":
            return "\n".join(["Choose one:", *(f"  ( ) {flat(pieces)}" for _, pieces in task["options"])])
        case "order":
            head = "Put these lines in order" + (" (some do not belong):" if task["extra"] else ":")
            return "\n".join([head, *(f"  {number}  {flat(line)}" for number, line in task["lines"])])
        case "blank":
            return "Fill in:\n" + _gaps(task["pieces"])
        case "line":
            how = "one line" if task["count"] == 1 else f"{task['count']} places"
            return f"Pick {how} in {', '.join(task['texts'])}."
        case "extractor":
            samples = ", ".join(sample["name"] for sample in task["samples"])
            more = f" and {task['hidden']} more" if task["hidden"] else ""
            return f"Write `{task['function']}` in a cell; it is tried on {samples}{more}."
        case _:
            wanted = "\n".join(f"  - {sentence}" for sentence in task["expected"])
            return f"Change {' and '.join(task['texts'])}. Expected:\n{wanted}"


def task_html(kind: str, task: Mapping[str, Any]) -> str:
    """The same with the files to look at."""
    parts = [_options_html(kind, task) or f"<pre>{escape(task_text(kind, task))}</pre>"]
    parts += [fallback.source(file, text) for file, text in task.get("texts", {}).items()]
    parts += [fallback.source(sample["name"], sample["text"]) for sample in task.get("samples", ())]
    return "\n".join(parts)


def _options_html(kind: str, task: Mapping[str, Any]) -> str:
    """What there is to choose from; empty where nothing is."""
    if kind not in ("choice", "prediction", "recall") or not task["options"]:
        return ""
    head = "Choose all that are right:" if task.get("several") else "Choose one:"
    items = "".join(f"<li>{inline_html(pieces)}</li>" for _, pieces in task["options"])
    return f"<p>{head}</p><ul>{items}</ul>"


def verdict_text(word: str, verdict: Feedback) -> str:
    """What a learner is told."""
    if verdict.result == "committed":
        sides = f"{word}\n  you said: {verdict.found}\n  it is:    {verdict.expected}"
        return f"{sides}\n\n{verdict.explanation.strip()}".rstrip()
    told = f"{word}\n{verdict.explanation.strip()}"
    if verdict.passed or not verdict.expected:
        return told
    found = plain(verdict.found) if "```" in verdict.found else verdict.found
    return f"{told}\n  found:    {found}\n  expected: {verdict.expected}"


def _gaps(pieces: list[str]) -> str:
    return "".join("____" if number % 2 else piece for number, piece in enumerate(pieces))
