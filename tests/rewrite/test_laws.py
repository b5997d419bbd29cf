"""Laws of the rewriting, over every example application."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import pytest

from sls_lab import App, load_app
from sls_lab.rewrite import AnalysedText, PositionMap

ROOT = Path(__file__).parents[2]
FOLDERS = [
    *sorted(path.parent for path in (ROOT / "code-examples" / "apps").glob("*/expected.yml")),
    *(
        ROOT / "tests" / "taint" / "fixtures" / name
        for name in ("decorated", "kept", "named", "raised", "shared", "stored")
    ),
]


def _words(text: str) -> list[tuple[str, int]]:
    """The names in a text, each with its offset."""
    return [(found[0], found.start()) for found in re.finditer(r"\b[a-z_]\w+", text)]


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: folder.name)
def app(request: pytest.FixtureRequest) -> App:
    return load_app(request.param)


def test_every_rewritten_file_parses(app: App) -> None:
    assert not app.rewriting.diagnostics or all(one.level != "error" for one in app.rewriting.diagnostics)
    for rewritten in app.rewriting.files.values():
        ast.parse(rewritten.text)


def test_what_the_analyser_reads_parses_and_leads_back_to_the_original(app: App) -> None:
    for rewritten in app.rewriting.files.values():
        analysed = AnalysedText(rewritten)
        ast.parse(analysed.text)
        assert all(edit.kind == "for-the-analyser" and edit.form for edit in rewritten.for_the_analyser)
        assert all(edit.form is None for edit in rewritten.edits)
        added = "".join(edit.text for edit in rewritten.for_the_analyser)
        for word, start in _words(analysed.text):
            if analysed.edit_at(start) is None and word not in added:
                assert analysed.origin(start, start + len(word)).text_in(rewritten.original) == word


def test_without_its_edits_a_file_is_the_original(app: App) -> None:
    for rewritten in app.rewriting.files.values():
        positions = PositionMap(rewritten.file, rewritten.original, rewritten.edits)
        assert positions.text == rewritten.text
        replaced = any(edit.span.column != edit.span.end_column for edit in rewritten.edits)
        kept = "".join(text for at, text in enumerate(rewritten.text) if positions.edit_at(at) is None)
        assert replaced or kept == rewritten.original


def test_each_repeated_expression_is_that_of_its_origin(app: App) -> None:
    for rewritten in app.rewriting.files.values():
        for edit in rewritten.edits:
            for origin in edit.origins:
                repeated, original = edit.text[origin.start : origin.end], origin.span.text_in(rewritten.original)
                assert ast.unparse(ast.parse(f"({repeated})")) == ast.unparse(ast.parse(f"({original})"))


def test_every_linked_edge_is_written_into_the_code(app: App) -> None:
    written = {
        (edge.source, edge.target)
        for rewritten in app.rewriting.files.values()
        for edit in rewritten.edits
        if edit.kind == "handler-call"
        for edge in edit.edges
    }
    linked = {
        (edge.source, edge.target) for edge in app.events.edges if edge.linked and edge.target in app.code.handlers
    }
    assert linked <= written


def test_what_is_rewritten_is_not_rewritten_again(app: App, tmp_path: Path) -> None:
    copy = tmp_path / app.name
    shutil.copytree(app.path, copy, symlinks=True)
    for rewritten in app.rewriting.files.values():
        if (copy / rewritten.file).is_file():
            (copy / rewritten.file).write_text(rewritten.text, encoding="utf-8", newline="")
    again = load_app(copy).rewriting
    for file, rewritten in app.rewriting.files.items():
        if (copy / file).is_file():
            assert again.files[file].text == rewritten.text
