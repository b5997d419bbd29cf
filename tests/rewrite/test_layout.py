"""Long synthesised statements are broken into lines without becoming others."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from sls_lab import load_app
from sls_lab.rewrite import PositionMap
from sls_lab.rewrite.layout import WIDTH, laid_out

APPS = sorted(path.parent for path in (Path(__file__).parents[2] / "code-examples" / "apps").glob("*/expected.yml"))

STATEMENTS = [
    "x = {}",
    "x = {'a': 1}",
    "call({'key': value, **rest, 'other': [1, 2, 3]}, *more, named=f(g(x)), **options)",
    "x = [[], {}, f(), (a, b), *rest]",
    "x = f((one for one in many))",
    "x = [{'a': one, 'b': two} for one in many if one for two in one if two if one != two]",
    "x = y = {'a': 1}",
    "x: int = {'a': 1}",
    "x['k'] = f'{a} {b!r:>{width}}'",
    "x = lambda: {'a': 1}",
    "import a",
]


@pytest.mark.parametrize("source", STATEMENTS)
@pytest.mark.parametrize("columns", [0, 40, WIDTH])
def test_it_is_the_same_statement(source: str, columns: int) -> None:
    statement = ast.parse(source).body[0]
    text = laid_out(statement, " " * columns).text
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(source))


def test_one_element_a_line_where_it_does_not_fit() -> None:
    (statement,) = ast.parse(f"event = {{'Records': [{{'body': send('{'x' * 40}'), 'from': '{'y' * 40}'}}]}}").body
    assert laid_out(statement, "    ").text.split("\n") == [
        "event = {",
        "        'Records': [",
        "            {",
        f"                'body': send('{'x' * 40}'),",
        f"                'from': '{'y' * 40}',",
        "            },",
        "        ],",
        "    }",
    ]
    assert "\n" not in laid_out(ast.parse("event = {'Records': [{'body': text}]}").body[0], "    ").text
    (choice,) = ast.parse(f"store(path, {'x' * 50}() or {'y' * 50}())").body
    assert laid_out(choice, "").text.split("\n") == [
        "store(",
        "    path,",
        f"    {'x' * 50}()",
        f"    or {'y' * 50}(),",
        ")",
    ]


@pytest.mark.parametrize("folder", APPS, ids=lambda folder: folder.name)
def test_no_added_line_is_too_long_that_could_be_broken(folder: Path) -> None:
    for rewritten in load_app(folder).rewriting.files.values():
        positions = PositionMap(rewritten.file, rewritten.original, rewritten.edits)
        start = 0
        for line in rewritten.text.split("\n"):
            first = start + len(line) - len(line.lstrip())
            added = positions.edit_at(first) is not None
            assert not added or len(line) <= WIDTH, f"{rewritten.file}: {line}"
            start += len(line) + 1
