"""Words that docstrings, messages and pages of the course avoid, each with what to write instead."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "sls_lab"
DATA = ("sls_lab/taint/canary/", "sls_lab/taint/stubs/")

#: A pattern of what is avoided, and what to write. Such words betray a translation.
AVOIDED = {
    r"\bbehind\b": "after",
    r"\bmend(?:s|ed|ing)?\b": "fix",
    r"\bknown again\b": "recognised",
    r"(?<![Tt]here )\b(?:is|are|was|were) none\b": "is not one, or: is not a …",
    r"(?<![Tt]here )\b(?:is|are) no (?!longer\b|more\b|such\b)": "is not a …",
    r"\bstands? (?:in|at|on|there|here|within|among|under|outside|beside|further|before|around)\b": "is (declared) in",
    r"\bas (?:it|they) stands?\b": "as it is, as they are",
    r"\bsomebody\b": "someone, or name who",
    r"\band (?:its|their) likes\b": "and similar …",
    r"\b(?:hands?|handed) on\b": "passes on",
    r"\b(?:a|no|one|the same) text\b(?! (?:file|message|twin))": "a string, or: a message",
    r"\bamiss\b": "wrong",
    r"\bin front of\b": "before",
    r"\btold (?:aloud|apart)\b": "reported, kept apart",
    r"(?:^|[.;:,] |\bthat |\bif )who (?:reads|asks|knows|calls|invokes|needs|chooses|writes|uses)\b": "whoever …",
}


#: Pages of the course that are held to the list as well.
PAGES = tuple(
    file.relative_to(ROOT).as_posix()
    for pattern in ("sls_lab/exercises/lessons/*.yml", "notebooks/*.ipynb", "docs/*.md", "*.md")
    for file in sorted(ROOT.glob(pattern))
    if file.name != "CHANGELOG.md"
)


@cache
def docstrings_and_messages() -> tuple[tuple[str, str], ...]:
    """Every docstring, and every string of several words, with its place."""
    found = []
    for file in sorted(PACKAGE.rglob("*.py")):
        name = file.relative_to(PACKAGE.parent).as_posix()
        if not name.startswith(DATA):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.count(" ") >= 2:
                    found.append((f"{name}:{node.lineno}", " ".join(node.value.split())))
    return tuple(found)


@pytest.mark.parametrize("avoided", AVOIDED)
def test_the_english_is_plain(avoided: str) -> None:
    found = [
        f"{place}: …{text[max(0, match.start() - 40) : match.end() + 30]}…"
        for place, text in docstrings_and_messages()
        for match in re.finditer(avoided, text)
    ]
    assert not found, f"write {AVOIDED[avoided]} instead:\n" + "\n".join(found)


@pytest.mark.parametrize("page", PAGES)
def test_the_english_of_the_course_is_plain(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    if page.endswith(".ipynb"):
        text = "\n".join(
            "".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "markdown"
        )
    text = " ".join(text.split())
    found = [
        f"write {plain} in: …{text[max(0, match.start() - 40) : match.end() + 30]}…"
        for avoided, plain in AVOIDED.items()
        for match in re.finditer(avoided, text)
    ]
    assert not found, f"{page}\n" + "\n".join(found)


def test_the_list_finds_what_it_is_for() -> None:
    for avoided in ("the queue behind a topic", "mend the path", "it is no string", "what stands in the code"):
        assert any(re.search(pattern, avoided) for pattern in AVOIDED)
    for plain in ("there is no such file", "it is no longer there", "a hole stands for a string", "there is none"):
        assert not any(re.search(pattern, plain) for pattern in AVOIDED)
