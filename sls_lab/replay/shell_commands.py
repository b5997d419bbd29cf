"""A shell command as a shell reads it: commands, each with its words, and what joins them.

https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html: quoting, operators and substitutions are
followed; expansions are not carried out and stand as they are written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_OPERATORS: Final = ("&&", "||", ";;", "|&", ";", "|", "&", "\n", "(", ")")
_REDIRECTION: Final = re.compile(r"\d*(?:>>|<<<|<<|<&|>&|>\||<>|>|<)")
_ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w*=")
_WORDS_BEFORE: Final = frozenset({"!", "{", "if", "then", "else", "elif", "while", "until", "do", "time", "exec"})
_SHELLS: Final = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh"})
_DEPTH: Final = 20


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its words without their quotes, and the operator before it (empty for the first).

    `within` says that it is run by a substitution (`$(…)`, backticks) in a word of another command.
    """

    words: tuple[str, ...]
    before: str = ""
    within: bool = False

    @property
    def program(self) -> str:
        """What is run: the first word that is neither an assignment nor a reserved word; empty if there is none."""
        for word in self.words:
            if word not in _WORDS_BEFORE and not _ASSIGNMENT.match(word):
                return word
        return ""


def read_command(text: str) -> tuple[Command, ...]:
    """The commands of a shell's command line, those of substitutions after the one that they are part of.

    What `sh -c` and `eval` are given is read once more, as they do.
    """
    return tuple(_with_inner_shells(_CommandReader(text, 0).commands(), 0))


def _with_inner_shells(commands: list[Command], depth: int) -> list[Command]:
    found: list[Command] = []
    for command in commands:
        found.append(command)
        script = _script(command)
        if script is not None and depth < _DEPTH:
            inner = [Command(one.words, one.before, True) for one in _CommandReader(script, depth + 1).commands()]
            found += _with_inner_shells(inner, depth + 1)
    return found


def _script(command: Command) -> str | None:
    """What another shell is given to read; None where the command starts none."""
    words = list(command.words)
    if command.program not in words:
        return None
    name, *rest = words[words.index(command.program) :]
    if name == "eval":
        return " ".join(rest)
    if name.rpartition("/")[2] in _SHELLS:
        for option, script in pairwise(rest):
            if option.startswith("-") and option.endswith("c"):
                return script
    return None


class _CommandReader:
    def __init__(self, text: str, depth: int) -> None:
        self._text, self._depth = text, depth
        self._at = 0
        self._inner: list[Command] = []

    def commands(self) -> list[Command]:
        found: list[Command] = []
        words: list[str] = []
        before, redirected = "", False
        while self._at < len(self._text):
            if self._text[self._at] in " \t" or self._text.startswith("\\\n", self._at):
                self._at += 1 if self._text[self._at] in " \t" else 2
                continue
            if self._text[self._at] == "#":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
                continue
            operator = next((one for one in _OPERATORS if self._text.startswith(one, self._at)), None)
            if operator is not None:
                self._at += len(operator)
                if words:
                    found.append(Command(tuple(words), before))
                    found += self._taken()
                words, before = [], operator.replace("\n", ";")
                continue
            redirection = _REDIRECTION.match(self._text, self._at)
            if redirection is not None:
                self._at = redirection.end()
                redirected = True
                continue
            word = self._word()
            if not redirected:
                words.append(word)
            redirected = False
        if words:
            found.append(Command(tuple(words), before))
        return found + self._taken()

    def _taken(self) -> list[Command]:
        taken, self._inner = self._inner, []
        return taken

    def _word(self) -> str:
        pieces: list[str] = []
        while self._at < len(self._text):
            character = self._text[self._at]
            if character in " \t\n;|&()<>":
                break
            if character == "'":
                end = self._text.find("'", self._at + 1)
                end = len(self._text) if end < 0 else end
                pieces.append(self._text[self._at + 1 : end])
                self._at = end + 1
            elif character == '"':
                self._at += 1
                pieces.append(self._double_quoted())
            elif character == "\\":
                pieces.append(self._text[self._at + 1 : self._at + 2])
                self._at += 2
            else:
                pieces.append(self._plain())
        return "".join(pieces)

    def _double_quoted(self) -> str:
        pieces: list[str] = []
        while self._at < len(self._text) and self._text[self._at] != '"':
            if self._text[self._at] == "\\":
                following = self._text[self._at + 1 : self._at + 2]
                pieces.append(following if following in '$`"\\' else "\\" + following)
                self._at += 2
            else:
                pieces.append(self._plain())
        self._at += 1
        return "".join(pieces)

    def _plain(self) -> str:
        """One character, or a whole substitution."""
        if self._text.startswith("$(", self._at) and not self._text.startswith("$((", self._at):
            return self._substituted(self._at + 2, self._end_of_parenthesis(self._at + 2), ")")
        if self._text[self._at] == "`":
            end = self._text.find("`", self._at + 1)
            return self._substituted(self._at + 1, len(self._text) if end < 0 else end, "`")
        self._at += 1
        return self._text[self._at - 1]

    def _substituted(self, start: int, end: int, closing: str) -> str:
        written = self._text[self._at : end + 1]
        if self._depth < _DEPTH:
            inner = _CommandReader(self._text[start:end], self._depth + 1).commands()
            self._inner += [Command(one.words, one.before, True) for one in inner]
        self._at = end + 1
        return written

    def _end_of_parenthesis(self, start: int) -> int:
        depth, at, quote = 1, start, ""
        while at < len(self._text):
            character = self._text[at]
            if quote:
                quote = "" if character == quote else quote
            elif character in "'\"":
                quote = character
            elif character == "\\":
                at += 1
            elif character in "()":
                depth += 1 if character == "(" else -1
                if depth == 0:
                    return at
            at += 1
        return len(self._text)
