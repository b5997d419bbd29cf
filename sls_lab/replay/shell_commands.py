"""A shell command as a shell reads it: commands, each with its words, and what joins them.

https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html: quoting, operators, substitutions and the
variables whose values are known are followed; other expansions are not carried out and stand as they are written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from sls_lab.replay.model import NOTHING, Danger

_OPERATORS: Final = ("&&", "||", ";;", "|&", ";", "|", "&", "\n", "(", ")")
_REDIRECTION: Final = re.compile(r"\d*(?:>>|<<<|<<|<&|>&|>\||<>|>|<)")
_ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w*=")
_VARIABLE: Final = re.compile(r"\$(?:\{(\w+)\}|([A-Za-z_]\w*|\d))")
_BLANKS: Final = re.compile(r"[ \t\n]+")
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


def commands_of(danger: Danger) -> tuple[Command, ...]:
    """The commands of a dangerous call of kind `shell`, with the variables that its shell would find."""
    return read_command(str(danger.value), danger.detail.get("variables", NOTHING))


def read_command(text: str, variables: Mapping[str, str] = NOTHING) -> tuple[Command, ...]:
    """The commands of a shell's command line, those of substitutions after the one that they are part of.

    What `sh -c` and `eval` are given is read once more, as they do. `variables` are values by name; the value of one is
    never read for operators, and outside quotes it is split into words.
    """
    return tuple(_with_inner_shells(text, 0, dict(variables)))


def _with_inner_shells(text: str, depth: int, variables: dict[str, str]) -> list[Command]:
    found: list[Command] = []
    for command in _CommandReader(text, depth, variables).commands():
        found.append(command)
        script, arguments = _script(command)
        if script is not None and depth < _DEPTH:
            given = {**variables, **{str(number): word for number, word in enumerate(arguments)}}
            inner = _with_inner_shells(script, depth + 1, given)
            found += [Command(one.words, one.before, True) for one in inner]
    return found


def _script(command: Command) -> tuple[str | None, list[str]]:
    """What another shell is given to read, None where the command starts none, and the arguments after it."""
    words = list(command.words)
    if command.program not in words:
        return None, []
    name, *rest = words[words.index(command.program) :]
    if name == "eval":
        return " ".join(rest), []
    if name.rpartition("/")[2] in _SHELLS:
        for at, (option, script) in enumerate(pairwise(rest)):
            if option.startswith("-") and option.endswith("c"):
                return script, rest[at + 2 :]
    return None, []


class _CommandReader:
    def __init__(self, text: str, depth: int, variables: dict[str, str]) -> None:
        self._text, self._depth, self._variables = text, depth, variables
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
                found += self._ended(words, before)
                words, before = [], operator.replace("\n", ";")
                continue
            redirection = _REDIRECTION.match(self._text, self._at)
            if redirection is not None:
                self._at = redirection.end()
                redirected = True
                continue
            more = self._words()
            if not redirected:
                words += more
            redirected = False
        return found + self._ended(words, before)

    def _ended(self, words: list[str], before: str) -> list[Command]:
        """A command that is read to its end. One that only assigns gives what comes after it its variables."""
        if words and all(_ASSIGNMENT.match(word) for word in words):
            self._variables.update((name, value) for name, _, value in (word.partition("=") for word in words))
        own = [Command(tuple(words), before)] if words else []
        return own + self._taken()

    def _taken(self) -> list[Command]:
        taken, self._inner = self._inner, []
        return taken

    def _words(self) -> list[str]:
        """One word as it is written, which is several, or none, where a variable outside quotes is split."""
        words: list[str] = []
        word, written = "", False
        while self._at < len(self._text):
            character = self._text[self._at]
            if character in " \t\n;|&()<>":
                break
            value = self._value() if character == "$" else None
            if value is not None:
                first, *others = [value] if _ASSIGNMENT.match(word) else _BLANKS.split(value)
                word += first
                for other in others:
                    words += [word] if word else []
                    word = other
                continue
            written = True
            if character == "'":
                end = self._text.find("'", self._at + 1)
                end = len(self._text) if end < 0 else end
                word += self._text[self._at + 1 : end]
                self._at = end + 1
            elif character == '"':
                self._at += 1
                word += self._double_quoted()
            elif character == "\\":
                word += self._text[self._at + 1 : self._at + 2]
                self._at += 2
            else:
                word += self._plain()
        return [*words, word] if word or written else words

    def _value(self) -> str | None:
        """The value of the variable that is named here; None where no variable of which a value is known is."""
        named = _VARIABLE.match(self._text, self._at)
        value = self._variables.get(named[1] or named[2]) if named else None
        if named and value is not None:
            self._at = named.end()
        return value

    def _double_quoted(self) -> str:
        pieces: list[str] = []
        while self._at < len(self._text) and self._text[self._at] != '"':
            if self._text[self._at] == "\\":
                following = self._text[self._at + 1 : self._at + 2]
                pieces.append(following if following in '$`"\\' else "\\" + following)
                self._at += 2
            else:
                value = self._value()
                pieces.append(self._plain() if value is None else value)
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
            inner = _CommandReader(self._text[start:end], self._depth + 1, self._variables).commands()
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
