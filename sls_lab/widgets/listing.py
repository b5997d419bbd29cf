"""A file of an application, or any other code, to read in a notebook."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from sls_lab.app import App
from sls_lab.report.display import one_line, visible
from sls_lab.widgets import fallback

_WIDTH: Final = 100


@dataclass(frozen=True, slots=True)
class Listing:
    """A file with its lines numbered; `name` says what it is of, such as the name of an application."""

    name: str
    file: str
    text: str

    def __repr__(self) -> str:
        lines = visible(self.text, keep="\n\t").splitlines()
        return "\n".join([self.file, *(f"{number:>4} {line}".rstrip() for number, line in enumerate(lines, 1))])

    def _repr_html_(self) -> str:
        return fallback.page(self.name, fallback.source(self.file, self.text.rstrip("\n")))


def listing(app: App, file: str) -> Listing:
    """A template of `app`, or a Python file that one of its handlers reaches. Raises KeyError for any other file."""
    texts = {**app.template.texts, **{name: module.text for name, module in app.code.modules.items()}}
    return Listing(one_line(app.name), file, texts[file])


def show_code(name: str, file: str, text: str) -> Listing:
    """Any code, in the colours of the language that the end of `file` tells."""
    return Listing(name, file, text)


def show_json(name: str, file: str, value: Any) -> Listing:
    """A value as JSON, in which what fits on a line is on one."""
    return Listing(name, file, _laid_out(value))


def _laid_out(value: Any, indent: int = 0, before: int = 0) -> str:
    """JSON on as few lines as fit; `before` is how many characters precede it on its first line."""
    flat = json.dumps(value, ensure_ascii=False)
    if indent + before + len(flat) <= _WIDTH or not isinstance(value, dict | list) or not value:
        return flat
    space = " " * (indent + 2)
    if isinstance(value, list):
        lines = [space + _laid_out(one, indent + 2) for one in value]
        return "[\n" + ",\n".join(lines) + "\n" + " " * indent + "]"
    names = [(f"{json.dumps(name, ensure_ascii=False)}: ", one) for name, one in value.items()]
    lines = [space + name + _laid_out(one, indent + 2, len(name)) for name, one in names]
    return "{\n" + ",\n".join(lines) + "\n" + " " * indent + "}"
