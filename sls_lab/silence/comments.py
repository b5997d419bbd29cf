"""Comments that silence a finding: `# sls-lab: ignore[code] reason`, in Python and in YAML.

Several codes are written in one bracket, separated by commas. A comment after code applies to its own line; one alone
on its line applies to the next line that is neither empty nor a comment. What looks like one in a string is a string.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from sls_lab.facts import Span, split_lines

_MARK = "sls-lab:"
_COMMENT = re.compile(r"#+\s*sls-lab:\s*ignore\s*(?:\[(?P<codes>[^\]\r\n]*)\])?[\s:–-]*(?P<reason>[^\r\n]*)")


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment: the codes that it names, the reason, its place, and the line that it applies to."""

    codes: tuple[str, ...]
    reason: str
    span: Span
    line: int


def comments_in(texts: Mapping[str, str]) -> tuple[Comment, ...]:
    """The comments of all files; `texts` are their sources. A file that does not parse has none."""
    return tuple(comment for file, text in texts.items() if _MARK in text for comment in _of_file(file, text))


def _of_file(file: str, text: str) -> Iterator[Comment]:
    lines = split_lines(text)
    for line, column in _places(file, text):
        found = _COMMENT.match(lines[line - 1].rstrip("\r\n"), column)
        if found is None:
            continue
        codes = tuple(code for part in (found["codes"] or "").split(",") if (code := part.strip()))
        alone = not lines[line - 1][:column].strip()
        about = _next_code(lines, line) if alone else line
        yield Comment(codes, found["reason"].strip(), Span(file, line, column, line, found.end()), about)


def _next_code(lines: list[str], line: int) -> int:
    for number in range(line + 1, len(lines) + 1):
        text = lines[number - 1].strip()
        if text and not text.startswith("#"):
            return number
    return line


def _places(file: str, text: str) -> Iterator[tuple[int, int]]:
    """Where comments begin: lines from 1, columns from 0."""
    if file.endswith(".py"):
        yield from _in_python(text)
    elif file.endswith((".yml", ".yaml", ".template")):
        yield from _in_yaml(text)
    elif file.endswith(".txt"):
        for number, line in enumerate(split_lines(text), 1):
            if (found := re.search(r"(?:^|\s)(?=#)", line)) is not None:
                yield number, found.end()


def _in_python(text: str) -> Iterator[tuple[int, int]]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
            if token.type == tokenize.COMMENT:
                yield token.start
    except (tokenize.TokenError, SyntaxError):  # the file is not analysed, which is said elsewhere
        return


def _in_yaml(text: str) -> Iterator[tuple[int, int]]:
    """YAML's scanner drops comments, so they are found as what looks like one and is not in a scalar."""
    scalars: list[tuple[int, int]] = []
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if isinstance(token, yaml.ScalarToken):
                scalars.append((token.start_mark.index, token.end_mark.index))
    except yaml.YAMLError:
        return
    offset = 0
    position = 0
    for number, line in enumerate(split_lines(text), 1):
        for found in re.finditer(r"(?:^|(?<=\s))#", line):
            at = offset + found.start()
            while position < len(scalars) and scalars[position][1] <= at:
                position += 1
            if position == len(scalars) or not scalars[position][0] <= at:
                yield number, found.start()
                break
        offset += len(line)
