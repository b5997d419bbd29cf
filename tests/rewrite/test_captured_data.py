"""What functions take along is left by the function around them, and found where they read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab import load_app

TEMPLATE = """service: demo
provider: {name: aws, runtime: python3.12}
functions:
  one: {handler: one.handler, events: [{httpApi: POST /x}]}
"""


def rewritten(folder: Path, *lines: str) -> list[str]:
    """The lines of a function `made(a, b)` that are changed or added."""
    (folder / "serverless.yml").write_text(TEMPLATE, encoding="utf-8")
    code = "from functools import partial\n\ndef made(a, b):\n" + "".join(f"    {line}\n" for line in lines)
    code += "def handler(event, context):\n    made(event, 1)\n"
    (folder / "one.py").write_text(code, encoding="utf-8")
    (file,) = load_app(folder).rewriting.files.values()
    before = code.splitlines()
    return [line.strip() for line in file.text.splitlines() if line not in before and "import" not in line]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["def run(): return a + '!'", "return run"],
            ["def run(): return either(a, kept_a()) + '!'", "keep_a(a)"],
        ),
        (["return lambda: a.strip()"], ["keep_a(a)", "return lambda: either(a, kept_a()).strip()"]),
        (
            ["def run(): return f'{a.name} {b[0]}'", "return {'run': run}"],
            [
                "def run(): return either(either(f'{a.name} {b[0]}', kept_a_name()), kept_b_0())",
                "keep_a_name(a.name)",
                "keep_b_0(b[0])",
            ],
        ),
        (["c = [a]", "b.run = lambda: c"], ["keep_c(c)", "b.run = lambda: either(c, kept_c())"]),
        (
            ["return partial(print, a, end=b)"],
            ["keep_a(a)", "keep_b(b)", "return partial(print, either(a, kept_a()), end=either(b, kept_b()))"],
        ),
        (
            ["def run():", "    def inner(): return a", "    return inner", "return run"],
            ["def inner(): return either(a, kept_a())", "keep_a(a)"],
        ),
    ],
)
def test_what_is_taken_along(tmp_path: Path, lines: list[str], expected: list[str]) -> None:
    assert rewritten(tmp_path, *lines) == expected


@pytest.mark.parametrize(
    "lines",
    [
        ["def run(): return a", "return run()"],
        ["def run(): return a", "print(run)"],
        ["def run(): return a()", "return run"],
        ["def run(): return a.own()", "return run"],
        ["def run(): return 1", "return run"],
        ["c = 'fixed'", "return lambda: c"],
        ["return lambda a: a"],
        ["return partial(print, 'fixed')"],
    ],
)
def test_everything_else_stays(tmp_path: Path, lines: list[str]) -> None:
    assert not any("kept_" in line or "keep_" in line for line in rewritten(tmp_path, *lines))
