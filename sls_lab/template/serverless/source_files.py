"""The files that a Serverless Framework template is read from, each read once."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from pathlib import Path

from sls_lab.facts import Diagnostic, Span
from sls_lab.facts.lines import split_lines
from sls_lab.template.shared.application_files import read_text
from sls_lab.template.shared.raw_tree import Parsed, RawNode, parse_raw
from sls_lab.template.shared.template_part import Log


@dataclass(slots=True)
class SourceFiles:
    """Texts and raw trees by path, relative to `root`. `parsed` are files that were parsed before."""

    root: Path
    log: Log
    parsed: MutableMapping[str, Parsed] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    _trees: dict[str, RawNode | None] = field(default_factory=dict)
    _refused: dict[str, Diagnostic] = field(default_factory=dict)
    _lines: dict[str, list[str]] = field(default_factory=dict)

    def text(self, file: str) -> str | Diagnostic:
        """The content of `file`, or why it cannot be read."""
        if file in self.texts:
            return self.texts[file]
        if file in self._refused:
            return self._refused[file]
        text = read_text(self.root, file)
        if isinstance(text, Diagnostic):
            self._refused[file] = text
        else:
            self.texts[file] = text
        return text

    def tree(self, file: str) -> RawNode | Diagnostic | None:
        """The tree of a YAML or JSON file: None for an empty file and for one that does not parse (noted then)."""
        if file not in self._trees:
            text = self.text(file)
            if isinstance(text, Diagnostic):
                return text
            if file not in self.parsed:
                self.parsed[file] = parse_raw(text, file)
            self._trees[file], diagnostics = self.parsed[file]
            self.log.extend(diagnostics)
        return self._trees[file]

    def locate(self, written: str, before: int, span: Span) -> Span:
        """Where `written` occurs within `span`, after `before` other occurrences; `span` if it is not found.

        A scalar's text may differ from its source: escapes, and lines that YAML folds.
        """
        lines = self._lines.get(span.file)
        if lines is None:
            lines = self._lines[span.file] = split_lines(self.texts.get(span.file, ""))
        for number in range(span.line, min(span.end_line, len(lines)) + 1):
            line = lines[number - 1]
            end = span.end_column if number == span.end_line else len(line)
            at = line.find(written, span.column if number == span.line else 0, end)
            while at >= 0:
                if not before:
                    return Span(span.file, number, at, number, at + len(written))
                before -= 1
                at = line.find(written, at + len(written), end)
        return span
