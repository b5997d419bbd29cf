"""From the bytes of a file to a parsed module, or to one sentence that says why not."""

from __future__ import annotations

import codecs
import io
import re
import sys
import tokenize
import warnings

from asttokens import ASTText

from sls_lab.facts import Diagnostic, Span, split_lines
from sls_lab.python.later_syntax import parse_module
from sls_lab.python.module import Module
from sls_lab.python.versions import is_python_2, newer_version
from sls_lab.python.walking import walk

#: Trees nested deeper than this are not read: walking them takes more than Python's recursion limit.
MAX_NESTING = 250
#: Nodes of a tree beyond which it is not read: no file written by hand has as many.
MAX_NODES = 200_000

# Not for source code: one never decodes, and the others take time that grows with the square of the length.
_REFUSED_CODECS = ("undefined", "punycode", "idna")
_LONE_RETURN = re.compile(r"\r(?!\n)")
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=]", re.MULTILINE)
_NAMES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf_8": "UTF-8"}


def parse_bytes(file: str, data: bytes) -> Module | Diagnostic:
    """Decode a file as PEP 263 says (https://peps.python.org/pep-0263/) and parse it.

    Line ends are kept but for a lone carriage return, which Python reads as a line feed and which becomes one, so that
    lines are counted alike everywhere. A byte order mark is left out. Whatever is wrong comes back as an error
    diagnostic.
    """
    text = decode(file, data)
    return text if isinstance(text, Diagnostic) else parse_text(file, text)


def decode(file: str, data: bytes) -> str | Diagnostic:
    """The text of a file by its byte order mark or coding cookie, else as UTF-8."""
    if b"\0" in data:
        return _error("null-bytes", file, 1, f"{file} holds null bytes: it is not a text file; save it as UTF-8.")
    try:
        if _COOKIE.search(b"".join(data.splitlines(keepends=True)[:2])):
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        else:
            encoding = "utf-8-sig"
        if codecs.lookup(encoding).name in _REFUSED_CODECS:
            raise LookupError(f"{encoding} is not an encoding of source code")
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        encoding = _NAMES.get(error.encoding, error.encoding)
        message = (
            f"{file} is not {encoding} from line {line} on; save it as UTF-8 or name its encoding in the first line "
            "(`# -*- coding: latin-1 -*-`)."
        )
        return _error("undecodable", file, line, message)
    except (SyntaxError, LookupError, UnicodeError) as error:
        message = f"The encoding of {file} is not understood ({error}); save it as UTF-8."
        return _error("undecodable", file, 1, message)


def parse_text(file: str, text: str) -> Module | Diagnostic:
    """Parse one module. Nothing is executed; nesting deeper than Python's own parser bears is a diagnostic."""
    text = _LONE_RETURN.sub("\n", text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = parse_module(text)
        nodes = walk(tree)
        if len(nodes.nodes) > MAX_NODES:
            message = f"{file} has more than {MAX_NODES:,} names, numbers and operations; move its data elsewhere."
            return _error("file-too-large", file, 1, message)
        if nodes.depth > MAX_NESTING:
            return _too_deep(file, 1)
        return Module(file=file, text=text, tree=tree, tokens=ASTText(text, tree=tree), names=())
    except SyntaxError as error:
        return _syntax_error(file, text, error)
    except (RecursionError, MemoryError):
        return _too_deep(file, 1)
    except ValueError:  # null bytes and lone surrogates, in text that never was a file
        return _error("undecodable", file, 1, f"{file} holds characters that no Python source may hold; remove them.")


def _syntax_error(file: str, text: str, error: SyntaxError) -> Diagnostic:
    line = error.lineno or 1
    lines = split_lines(text)
    written = lines[line - 1] if 0 < line <= len(lines) else ""
    if "null bytes" in error.msg:
        return _error("null-bytes", file, 1, f"{file} holds null bytes: it is not a text file; save it as UTF-8.")
    if "too many nested" in error.msg or "too many statically nested" in error.msg:
        return _too_deep(file, line)
    version = newer_version(written, sys.version_info[:2])
    if version is not None:
        needed, running = (".".join(map(str, one)) for one in (version, sys.version_info[:2]))
        message = (
            f"{file} is written for Python {needed} (line {line}: `{written.strip()[:60]}`), and sls-lab runs on "
            f"{running}: run it on Python {needed} or later."
        )
        return _error("newer-python", file, line, message)
    if is_python_2(written) or "Missing parentheses in call to" in error.msg:
        message = f"{file} is Python 2 (line {line}: `{written.strip()[:60]}`); convert it to Python 3."
        return _error("python-2", file, line, message)
    column = min(max((error.offset or 1) - 1, 0), len(written.rstrip("\r\n")))
    message = f"{file} does not parse (line {line}: {error.msg.partition('. ')[0]}); correct it."
    return Diagnostic("syntax-error", message, Span(file, line, column, line, column))


def _too_deep(file: str, line: int) -> Diagnostic:
    message = f"{file} is nested too deeply to be read; split its longest expression."
    return _error("nested-too-deeply", file, line, message)


def _error(code: str, file: str, line: int, message: str) -> Diagnostic:
    return Diagnostic(code, message, Span(file, line, 0, line, 0))
