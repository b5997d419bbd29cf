"""Which comments silence something, and of which line they speak."""

from __future__ import annotations

import pytest

from sls_lab.silence import comments_in


@pytest.mark.parametrize(
    ("file", "text", "wanted"),
    [
        ("a.py", "run(x)  # sls-lab: ignore[code-injection] fixed\n", [(("code-injection",), "fixed", 1)]),
        ("a.py", "run(x)  #sls-lab:ignore[a-b, c-d]: why not\n", [(("a-b", "c-d"), "why not", 1)]),
        ("a.py", "# sls-lab: ignore[a-b] it is fixed\n\n# more\nrun(x)\n", [(("a-b",), "it is fixed", 4)]),
        ("a.py", "run(x)  # sls-lab: ignore[a-b]\n", [(("a-b",), "", 1)]),
        ("a.py", "run(x)  # sls-lab: ignore because\n", [((), "because", 1)]),
        ("a.py", "x = '# sls-lab: ignore[a-b] fixed'\n", []),
        ("a.py", '"""\n# sls-lab: ignore[a-b] fixed\n"""\n', []),
        ("a.py", "x = '''  # sls-lab: ignore[a-b] fixed\n'''  # sls-lab: ignore[c] d\n", [(("c",), "d", 2)]),
        ("a.py", "def f(:\n  # sls-lab: ignore[a-b] fixed\n", [(("a-b",), "fixed", 2)]),
        ("a.py", "x = 1  # sls-lab: other\n", []),
        ("a.yml", "a:\n  b: 1  # sls-lab: ignore[a-b] fixed\n", [(("a-b",), "fixed", 2)]),
        ("a.yml", "# sls-lab: ignore[a-b] fixed\na: 1\n", [(("a-b",), "fixed", 2)]),
        ("a.yml", "a: 'x  # sls-lab: ignore[a-b] fixed'\n", []),
        ("a.yml", "a: x# sls-lab: ignore[a-b] fixed\n", []),
        ("a.yml", "a: |\n  # sls-lab: ignore[a-b] fixed\nb: 1 # sls-lab: ignore[c] d\n", [(("c",), "d", 3)]),
        ("a.yml", "a: '\n# sls-lab: ignore[a-b] fixed\n", []),
        ("a.json", '{"a": "# sls-lab: ignore[a-b] fixed"}', []),
        ("requirements.txt", "requests  # sls-lab: ignore[a-b] fixed\n", [(("a-b",), "fixed", 1)]),
        ("requirements.txt", "x @ https://h/#sls-lab: ignore[a-b] fixed\n", []),
    ],
)
def test_what_is_a_comment(file: str, text: str, wanted: list[tuple[tuple[str, ...], str, int]]) -> None:
    assert [(one.codes, one.reason, one.line) for one in comments_in({file: text})] == wanted


def test_the_place_of_a_comment_is_the_comment() -> None:
    (comment,) = comments_in({"a.py": "run(x)  # sls-lab: ignore[a-b] fixed\n"})
    assert (comment.span.line, comment.span.column, comment.span.end_column) == (1, 8, 36)
