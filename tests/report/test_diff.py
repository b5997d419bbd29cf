from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from sls_lab.report.diff import as_diff
from sls_lab.rewrite.model import Rewriting, RewrittenFile

TEXT = st.text(st.sampled_from("ab\n\r \\-+写"), max_size=60)


def changes(original: str, text: str, file: str = "a.py") -> str:
    return as_diff(Rewriting(files={file: RewrittenFile(file, original, text, ())}, modules={}, diagnostics=()))


def patched(original: str, diff: str) -> str:
    """Apply the hunks of one file, as `patch` does."""
    before = re.findall(r"[^\n]*\n|[^\n]+", original)
    after: list[str] = []
    taken = 0
    for line in re.findall(r"[^\n]*\n|[^\n]+", diff)[2:]:
        hunk = re.match(r"@@ -(\d+)(?:,(\d+))? ", line)
        if hunk:
            start = int(hunk[1]) - (hunk[2] != "0")
            after += before[taken:start]
            taken = start
        elif line.startswith("\\"):
            after[-1:] = [after[-1].removesuffix("\n")] if after else []
        elif line[0] in " -":
            assert before[taken].removesuffix("\n") == line[1:].removesuffix("\n")
            taken += 1
            if line[0] == " ":
                after.append(line[1:])
        else:
            after.append(line[1:])
    return "".join(after + before[taken:])


@given(TEXT, TEXT)
def test_the_diff_leads_from_one_to_the_other(original: str, text: str) -> None:
    # "No newline" speaks of the line before it, which may be one that was taken away: end both texts alike.
    original, text = original + "\n", text + "\n"
    assert patched(original, changes(original, text)) == text


def test_nothing_changed_is_nothing() -> None:
    assert changes("a\n", "a\n") == ""


def test_a_missing_line_end_is_said() -> None:
    assert changes("a", "b").endswith("-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n")


def test_odd_names_are_quoted() -> None:
    assert changes("a\n", "b\n", 'ä "x".py').startswith('--- "a/\\303\\244 \\"x\\".py"\n')
    assert changes("a\n", "b\n", "ä.py").startswith("--- a/ä.py\n")
