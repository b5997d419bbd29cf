"""Where the holes of a shell's command are: the place decides whether quoting them once is right.

https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02 (quoting).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sls_lab.facts.pattern import Quoted

#: Commands whose argument is read by a shell once more: `sh -c word`, `eval word`, `ssh host word`.
_READ_AGAIN: Final = re.compile(
    r"(?:^|\s)(?:\S*/)?(?:(?:sh|ash|bash|dash|ksh|zsh)\s+(?:-\S+\s+)*-[a-z]*c|su\s+(?:\S+\s+)*-c|eval(?:\s+\S+)*|ssh(?:\s+\S+)+)\s+\S*$"
)
#: Words after which a command begins.
_COMMAND_FOLLOWS: Final = re.compile(r"(?:\w+=\S*\s+|(?:then|do|else|exec|nohup|sudo|time|env)\s+)*")
#: What is wrong with a hole where a command begins.
PROGRAM: Final = "it is the name of the program that is run"
_ENDS: Final = ";|&\n(`"
_HERE_DOCUMENT: Final = re.compile(r"<<-?\s*(?P<quote>['\"\\]?)(?P<word>\w+)")


@dataclass(frozen=True, slots=True)
class Mark:
    """A hole in a string; `quoted` says for which place it was made safe."""

    quoted: Quoted


def misplaced(parts: Sequence[str | Mark]) -> Iterator[tuple[Mark, str]]:
    """The holes whose place takes the effect from quoting, each with what is wrong there."""
    reader = _Reader()
    for part in parts:
        if isinstance(part, str):
            reader.read(part)
        else:
            fault = reader.fault()
            if fault is not None:
                yield part, fault
            reader.word += "x"
            reader.rest = ""


class _Reader:
    """Reads a command as a shell does, as far as quotes go."""

    def __init__(self) -> None:
        #: the quotes that are open, the innermost last: `'`, `"`, or `(` of a substitution in double quotes
        self.open: list[str] = []
        #: the present command as a string
        self.word = ""
        #: the word that ends a here-document
        self.document = ""
        #: what was read last, for signs of more than one character
        self.rest = ""

    def fault(self) -> str | None:
        """What is wrong with a quoted hole that comes next."""
        if self.document:
            return "it is in a here-document, in which quotes have no effect"
        if self.open and self.open[-1] == "'":
            return "there are quotes around it, and they cancel with those that shlex.quote adds"
        if self.open and self.open[-1] == '"':
            return "there are double quotes around it, in which those that shlex.quote adds have no effect"
        if self.rest.endswith("\\"):
            return "there is a backslash before it, which takes the effect from its first quote"
        if _READ_AGAIN.search(self.word):
            return "a second shell reads the word once more, without the quotes"
        if _COMMAND_FOLLOWS.fullmatch(self.word.lstrip()):
            return PROGRAM
        return None

    def read(self, text: str) -> None:
        """Go on with text that is written out."""
        at = 0
        while at < len(text):
            at += self._step(text, at)

    def _step(self, text: str, at: int) -> int:
        """Read what begins at a place; gives its length."""
        sign = text[at]
        inner = self.open[-1] if self.open else ""
        self.rest = sign
        if self.document:
            end = re.compile(rf"\n\s*{re.escape(self.document)}\n").search(text, at)
            if end is None:
                return len(text) - at
            self.document, self.word = "", ""
            return end.end() - at
        if inner == "'":
            if sign == "'":
                self.open.pop()
            self.word += "x"
            return 1
        if sign == "\\":
            self.rest = "\\" if at + 1 == len(text) else ""
            self.word += "x"
            return 2
        if inner == '"':
            if sign == '"':
                self.open.pop()
            elif text.startswith("$(", at):
                self.open.append("(")
                self.word = ""
                return 2
            self.word += "x"
            return 1
        return self._plain(text, at, sign, inner)

    def _plain(self, text: str, at: int, sign: str, inner: str) -> int:
        document = _HERE_DOCUMENT.match(text, at)
        if document is not None and not text.startswith("<<<", at):
            self.document = document["word"]
            return document.end() - at
        if sign == "#" and not self.word.strip(" \t")[-1:].strip() and (at == 0 or text[at - 1] in " \t\n;"):
            line = text.find("\n", at)
            return (len(text) if line < 0 else line) - at
        if sign in "'\"":
            self.open.append(sign)
            self.word += "x"
        elif sign == ")" and inner == "(":
            self.open.pop()
            self.word = "x"
        elif sign in _ENDS:
            self.word = ""
        else:
            self.word += sign
        return 1
