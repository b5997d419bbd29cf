"""What all scripts of this folder share: a file's text, or one sentence that says why there is none."""

import ast
import io
import sys
import tokenize
from collections.abc import Callable, Iterable
from pathlib import Path

from asttokens import ASTText


class Unreadable(Exception):
    """A file that cannot be read as Python; the text is one sentence for the user."""


def read_source(path: str) -> str:
    """The text of a Python file, decoded as Python does. Raises Unreadable where it is none that Python accepts."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}.") from error
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = io.TextIOWrapper(io.BytesIO(data), encoding).read()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Unreadable(f"{path} is not {error.encoding} from line {line} on: save it as UTF-8.") from error
    except SyntaxError as error:  # what detect_encoding raises, for bytes that are not UTF-8 or an unknown encoding
        raise Unreadable(f"{path} is in no encoding that Python accepts: save it as UTF-8.") from error
    try:
        ast.parse(text)
    except SyntaxError as error:
        raise Unreadable(f"{path} does not parse, line {error.lineno or 1}: {error.msg}.") from error
    except ValueError as error:  # null bytes, before Python 3.12
        raise Unreadable(f"{path} is not a text file: it holds null bytes.") from error
    except (RecursionError, MemoryError) as error:
        raise Unreadable(f"{path} is nested too deeply for Python's parser.") from error
    return text


def written(tokens: ASTText, node: ast.AST) -> str:
    """A node as it is written; over several lines, or in an f-string of Python 3.11, as Python would write it."""
    text = tokens.get_text(node)
    return text if text and "\n" not in text else ast.unparse(node)


def run(show: Callable[[str], Iterable[str]], nothing: str) -> int:
    """The command line of a script: print what `show` makes of the file named, or `nothing` where that is empty."""
    if len(sys.argv) != 2:
        print(f"usage: python {Path(sys.argv[0]).name} FILE", file=sys.stderr)
        return 2
    try:
        lines = list(show(read_source(sys.argv[1])))
    except Unreadable as error:
        print(error, file=sys.stderr)
        return 2
    except RecursionError:  # a sum of a thousand terms is a thousand nodes deep
        print(f"{sys.argv[1]} is nested too deeply to be walked: split its longest expression.", file=sys.stderr)
        return 2
    print("\n".join(lines or [nothing]))
    return 0
