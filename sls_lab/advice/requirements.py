"""SAS-6, third-party dependencies: lines of `requirements.txt` that let someone else decide what is installed.

The format: https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from sls_lab.advice.model import Advice, Check
from sls_lab.code.source import MAX_BYTES, SourceTree
from sls_lab.facts import Span, split_lines
from sls_lab.linked import Linked
from sls_lab.template.model import Template

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\s*(?:\[[^\]]*\])?\s*(?P<version>[^;#]*)")
_INDEX = re.compile(r"(?:-i|--(?:extra-)?index-url)[\s=]+(?P<url>\S+)")
_COMMIT = re.compile(r"@[0-9a-f]{40}(?:[#&]|$)")


def loose_requirements(app: Linked) -> Iterator[Advice]:
    """The lines of every `requirements.txt` beside a template or a function's code."""
    for file, text in requirement_files(app.template):
        for number, line in enumerate(split_lines(text), 1):
            written = re.sub(r"(?:^|\s)#.*", "", line).strip()
            for code, message in _judge(written):
                yield Advice(code, message, Span(file, number, 0, number, len(line.rstrip("\r\n"))))


def requirement_files(template: Template) -> Iterator[tuple[str, str]]:
    """Each `requirements.txt` that can be read, with its text."""
    tree = SourceTree(template.root)
    folders = [posixpath.dirname(file) for file in template.files]
    folders += [function.code_root for function in template.functions]
    for folder in dict.fromkeys(folders):
        file = posixpath.join(folder, "requirements.txt")
        try:
            if tree.kind(file) == "file" and tree.size(file) <= MAX_BYTES:
                yield file, tree.read(file).decode("utf-8", errors="replace")
        except OSError:
            continue


def _judge(line: str) -> Iterator[tuple[str, str]]:
    index = _INDEX.match(line)
    if line.startswith("--extra-index-url"):
        yield (
            "untrusted-requirement",
            "with a second index, whoever registers a name first in one of them is installed; use one index",
        )
    elif line.startswith("--trusted-host") or (index is not None and index["url"].startswith("http://")):
        yield "untrusted-requirement", "packages come over a connection that is not checked; use https"
    elif line.startswith(("http://", "git+http://", "git://")) or re.search(r"@\s*(?:git\+)?http://", line):
        yield "untrusted-requirement", "the package comes over a connection that is not checked; use https"
    elif line.startswith(("git+", "-e git+", "--editable git+")) or "@ git+" in line:
        if not _COMMIT.search(line):
            yield "unpinned-requirement", "the package is what its repository holds at the time; name a commit"
    elif (named := _NAME.fullmatch(line.partition(";")[0].strip())) and not named["version"].strip():
        name = re.split(r"[\s\[;]", line)[0]
        yield "unpinned-requirement", f"{name} is installed in whatever version appears; give a version or a range"


CHECK = Check(
    "loose-requirements",
    "Requirements that leave open what is installed",
    6,
    "https://pip.pypa.io/en/stable/topics/repeatable-installs/",
    ("untrusted-requirement", "unpinned-requirement"),
    loose_requirements,
)
