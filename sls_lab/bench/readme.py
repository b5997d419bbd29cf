"""What is true of an application of the published suite, from the *Expected Results* of its README.

The suite: https://github.com/giusepperaffa/serverless-security-microbenchmarks. Its READMEs list a source and a sink,
each with the code as it is written and, where it is not plain, the handler; `None` where no flow is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sls_lab.facts import split_lines
from sls_lab.scoring import Expectation, UnusableExpectation, Wanted

HEADING = re.compile(r"^#+\s*Expected Results\s*$", re.MULTILINE | re.IGNORECASE)
_ENTRY = re.compile(r"^\s*[*-]\s*(?P<what>Source|Sink):\s*(?P<text>.+)$", re.MULTILINE)
_CODE = re.compile(r"`([^`]+)`")
_HANDLER = re.compile(r"handlers?\s+`([A-Za-z_]\w*)`")


def expectation_of_readme(text: str, folder: Path) -> Expectation:
    """The flows that a README's *Expected Results* list, found in the Python files of `folder`.

    Raises UnusableExpectation where nothing is listed, or a sink is not in the code.
    """
    heading = HEADING.search(text)
    entries = list(_ENTRY.finditer(text, heading.end())) if heading is not None else []
    if not entries:
        raise UnusableExpectation(f"{folder.name}/README.md lists no source and sink below *Expected Results*")
    flows: list[Wanted] = []
    source = ""
    for entry in entries:
        written = entry["text"].strip()
        if entry["what"] == "Source":
            source = written
        elif not written.lower().startswith("none"):
            flows.append(_wanted(source, written, folder))
    return Expectation(tuple(flows), (), ())


def _wanted(source: str, sink: str, folder: Path) -> Wanted:
    code = _CODE.search(sink)
    places = list(_places(code[1], folder)) if code is not None else []
    if len(places) != 1:
        found = "in several places" if places else "not in the code"
        raise UnusableExpectation(f"{folder.name}/README.md names a sink that is {found}: {sink}")
    [(file, line)] = places
    handler = _HANDLER.search(source)
    return Wanted(file, line, source_handler=handler[1] if handler is not None else None)


def _places(code: str, folder: Path) -> Iterator[tuple[str, int]]:
    for file in sorted(folder.rglob("*.py")):
        try:
            text = file.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        for number, line in enumerate(split_lines(text), 1):
            if code in line:
                yield file.relative_to(folder).as_posix(), number
