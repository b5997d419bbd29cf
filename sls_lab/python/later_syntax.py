"""Parse Python that is written for a later version than the one that runs.

What is new is read as something older that takes the same place, so that every node is where it is written:
`type Pair = …` as `0   ;Pair = …`, `def first[T](…)` without what is in brackets, `except A, B:` as `except A| B:`, and
an f-string as a plain string, which is then taken apart here.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from sls_lab.python.parsing_in_parts import parse_long
from sls_lab.python.string_scan import FieldPart, Scan, ScannedPart, ScannedString, WrittenPart, scan
from sls_lab.python.versions import is_python_2

#: https://peps.python.org/pep-0695/
_TYPE: Final = re.compile(r"^[ \t]*(type[ \t])[ \t]*[^\W\d]\w*[ \t]*(?P<rest>\[|=(?!=))", re.MULTILINE)
_GENERIC: Final = re.compile(r"^[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+[^\W\d]\w*[ \t]*(?P<rest>\[)", re.MULTILINE)
#: https://peps.python.org/pep-0758/
_EXCEPT: Final = re.compile(r"^[ \t]*except\*?[ \t]+(?P<types>[\w.]+(?:[ \t]*,[ \t]*[\w.]+)+)[ \t]*:", re.MULTILINE)
_TEMPLATE: Final = re.compile(r"""(?<!\w)(?:[tT][rR]?|[rR][tT])["']""")
_QUOTE: Final = re.compile(r"\\.|\"", re.DOTALL)
_CLOSED: Final = re.compile(r"}}|\\N\{[^}]*\}")  #: braces in what an f-string writes out that close nothing of its own
#: Characters within which the bracket of type parameters has to end.
_LONGEST: Final = 2000
#: Characters of expressions in f-strings that are parsed again, and what each expression costs beside its own.
_MOST_READ_AGAIN: Final = 600_000
_FIELD: Final = 50


def parse_module(text: str) -> ast.Module:
    """The tree of a module, as `ast.parse` makes it; also where it is written for a later Python.

    Raises what `ast.parse` raises.
    """
    return _parsed(text, _Rereading())


class _Rereading:
    """How much is parsed again: what is within several strings, once for each of them."""

    def __init__(self) -> None:
        self._left = _MOST_READ_AGAIN

    def take(self, written: str) -> None:
        """Read so much again. Raises ValueError where that is too much."""
        self._left -= len(written) + _FIELD
        if self._left < 0:
            raise ValueError("more is written within strings than is read")


def _parsed(text: str, again: _Rereading) -> ast.Module:
    try:
        return parse_long(text)
    except SyntaxError:
        tree = _parsed_later(text, again)
        if tree is None:
            raise
        return tree


def later_forms(text: str) -> Iterator[tuple[int, int, str]]:
    """What Python 3.12 does not know: offsets, the end exclusive, and what means the same there.

    `except A, B:`, defaults of type parameters (https://peps.python.org/pep-0696/), and `t"…"`
    (https://peps.python.org/pep-0750/), of whose parts a string is made sooner or later.
    """
    if not any(form.search(text) for form in (_TYPE, _GENERIC, _EXCEPT, _TEMPLATE)):
        return
    try:
        found = scan(text)
    except ValueError:
        return
    code = _without_strings(text, found)
    for match in _exceptions(code):
        yield *match.span("types"), f"({match['types']})"
    for start, end in _type_parameters(code):
        if "=" in code[start:end]:
            yield start, end, _blank(text[start:end])
    for one in found.strings:
        prefix = text[one.start : text.index(one.quote, one.start)]
        if "t" in prefix.lower():
            yield one.start, one.start + len(prefix), re.sub("[tT]", "f", prefix)


def _parsed_later(text: str, again: _Rereading | None = None) -> ast.Module | None:
    try:
        found = scan(text)
        tree = ast.parse("".join(_in_older_words(text, found)))
        formatted = _Formatted(text, found.strings, again or _Rereading())
        return tree if not formatted.is_needed else formatted.visit(tree)
    except (SyntaxError, ValueError):
        return None


def _in_older_words(text: str, found: Scan) -> list[str]:
    """What replaces each character."""
    written = list(text)
    code = _without_strings(text, found)
    for one in found.strings:
        if one.parts is not None:
            _replace_string(written, one)
    for match in _TYPE.finditer(code):
        written[match.start(1) : match.end(1)] = list("0   ;")
    for start, end in _type_parameters(code):
        written[start:end] = list(_blank("".join(written[start:end])))
    for match in _exceptions(code):
        start, end = match.span("types")
        written[start:end] = list(match["types"].replace(",", "|"))
    return written


def _without_strings(text: str, found: Scan) -> str:
    """The source with spaces in the places of its strings and comments."""
    bare = list(text)
    for start, end in [*found.comments, *((one.start, one.end) for one in found.strings)]:
        bare[start:end] = [sign if sign in "\r\n" else " " for sign in text[start:end]]
    return "".join(bare)


def _type_parameters(code: str) -> Iterator[tuple[int, int]]:
    """Where type parameters are, with their brackets."""
    for match in [*_TYPE.finditer(code), *_GENERIC.finditer(code)]:
        if match["rest"] == "[":
            yield match.start("rest"), _closing(code, match.start("rest"))


def _exceptions(code: str) -> Iterator[re.Match[str]]:
    return (match for match in _EXCEPT.finditer(code) if not is_python_2(match[0]))


def _replace_string(written: list[str], string: ScannedString) -> None:
    """A plain string that has as many bytes in each line."""
    start, end = string.start, string.end
    filled = "".join(sign if sign in "\r\n" else "0" * len(sign.encode()) for sign in written[start:end])
    if "\n" not in filled:
        filled = f"'{filled[1:-1]}'"
    elif "\n" not in filled[:3] + filled[-3:]:
        filled = f"'''{filled[3:-3]}'''"
    else:
        filled = "'" + re.sub(r"0(?=\r?\n)", lambda _: "\\", filled[1:-1]) + "'"
    written[start:end] = [filled, *[""] * (end - start - 1)]


def _blank(written: str) -> str:
    """As many spaces, and line ends that end no statement."""
    return re.sub(r".(?=\r?\n)", lambda _: "\\", re.sub(r"[^\r\n]", " ", written))


def _closing(code: str, at: int) -> int:
    """The place after the bracket that closes the one at a place; just after that itself where none does."""
    depth = 0
    for place in range(at, min(len(code), at + _LONGEST)):
        depth += (code[place] in "([{") - (code[place] in ")]}")
        if not depth:
            return place + 1
    return at + 1


class _Formatted(ast.NodeTransformer):
    """Put the f-strings back into the tree."""

    def __init__(self, text: str, strings: Sequence[ScannedString], again: _Rereading) -> None:
        self._again = again
        self._text = text
        self._strings = strings
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._at = {self._place(one.start): number for number, one in enumerate(strings)}
        self.is_needed = any(one.parts is not None for one in strings)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        """The strings that are written at a constant's place, one after another."""
        number = self._at.get((node.lineno, node.col_offset))
        if number is None or not isinstance(node.value, str):
            return node
        end = (node.end_lineno, node.end_col_offset)
        last = number
        while last < len(self._strings) and self._place(self._strings[last].end) <= end:
            last += 1
        strings = self._strings[number:last]
        if all(one.parts is None for one in strings):
            return node
        values = _joined([value for one in strings for value in self._values(one)], node)
        return _writable(ast.copy_location(ast.JoinedStr(values), node))

    def _values(self, string: ScannedString) -> Iterator[ast.expr]:
        if string.parts is None:
            yield ast.Constant(ast.literal_eval(self._text[string.start : string.end]))
        elif any("}" in _CLOSED.sub("", one) for one in self._written(string.parts)):
            raise ValueError("a brace closes nothing")
        else:
            yield from self._of_parts(string.parts, string)

    def _written(self, parts: Sequence[ScannedPart]) -> Iterator[str]:
        return (self._text[part.start : part.end] for part in parts if isinstance(part, WrittenPart))

    def _of_parts(self, parts: Sequence[ScannedPart], string: ScannedString) -> Iterator[ast.expr]:
        for part in parts:
            if isinstance(part, WrittenPart):
                written = self._text[part.start : part.end].replace("{{", "{").replace("}}", "}")
                yield ast.Constant(written.replace("\r\n", "\n") if string.raw else _unescaped(written))
            else:
                yield from self._of_field(part, string)

    def _of_field(self, field: FieldPart, string: ScannedString) -> Iterator[ast.expr]:
        written = self._text[field.start : field.end]
        stripped = re.sub(r"(?<![=!<>])=\s*$", "", written)
        if stripped != written:  # `{x=}` says its own name
            yield ast.Constant(written)
        if not stripped.strip():
            raise ValueError("no expression is in the braces")
        self._again.take(stripped)
        module = _parsed(f"({stripped}\n)", self._again)
        match module.body:
            case [ast.Expr(value=value)]:
                line, column = self._place(field.start)
                _move(value, line - 1, column - 1)
                form = None
                if field.format is not None:
                    form = ast.JoinedStr(list(self._of_parts(field.format, string)))
                conversion = ord(field.conversion) if field.conversion else -1
                if stripped != written and not field.conversion and form is None:
                    conversion = ord("r")
                yield ast.FormattedValue(value, conversion, form)
            case _:
                raise ValueError("no expression is in the braces")

    def _place(self, offset: int) -> tuple[int, int]:
        """Line from 1 and column in bytes."""
        line = bisect_right(self._lines, offset)
        return line, len(self._text[self._lines[line - 1] : offset].encode())


def _unescaped(written: str) -> str:
    """The string that is written so in an f-string; a backslash at its end came before a brace."""
    if (len(written) - len(written.rstrip("\\"))) % 2:
        written += "\\"
    quoted = _QUOTE.sub(lambda match: '\\"' if match[0] == '"' else match[0], written)
    value = ast.literal_eval(f'"""{quoted}"""')
    assert isinstance(value, str)
    return value


def _joined(values: Sequence[ast.expr], around: ast.expr) -> list[ast.expr]:
    """The values with neighbours that are written out put together, all placed where the whole is."""
    joined: list[ast.expr] = []
    for value in values:
        match (joined[-1:], value):
            case ([ast.Constant(value=str(before))], ast.Constant(value=str(text))):
                joined[-1] = ast.Constant(before + text)
            case _:
                joined.append(value)
    for value in joined:
        _place_like(value, around)
    return joined


def _writable(string: ast.JoinedStr) -> ast.expr:
    """The f-string, or `"{} …".format(value)` where the running Python cannot write it: with a backslash in braces."""
    try:
        ast.parse(ast.unparse(string))
    except (ValueError, SyntaxError):
        words, values = [], []
        for value in string.values:
            if isinstance(value, ast.FormattedValue):
                words.append("{}")
                values.append(value.value)
            elif isinstance(value, ast.Constant):
                words.append(str(value.value).replace("{", "{{").replace("}", "}}"))
        function = ast.Attribute(ast.Constant("".join(words)), "format", ast.Load())
        made = ast.Call(function, values, [])
        for node in (made, function, function.value):
            ast.copy_location(node, string)
        return made
    return string


def _place_like(node: ast.expr, around: ast.expr) -> None:
    ast.copy_location(node, around)
    if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
        _place_like(node.format_spec, around)
        for inner in node.format_spec.values if isinstance(node.format_spec, ast.JoinedStr) else ():
            _place_like(inner, around)


def _move(expression: ast.expr, lines: int, columns: int) -> None:
    for node in ast.walk(expression):
        if isinstance(node, ast.expr | ast.keyword | ast.arg):
            node.col_offset += columns if node.lineno == 1 else 0
            if node.end_lineno is not None and node.end_col_offset is not None:
                node.end_col_offset += columns if node.end_lineno == 1 else 0
                node.end_lineno += lines
            node.lineno += lines
