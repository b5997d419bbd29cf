"""A file of an application, to read in a notebook."""

from __future__ import annotations

from dataclasses import dataclass

from sls_lab.app import App
from sls_lab.report.display import one_line, visible
from sls_lab.widgets import fallback


@dataclass(frozen=True, slots=True)
class Listing:
    """A file with its lines numbered; `app` is the application's name."""

    app: str
    file: str
    text: str

    def __repr__(self) -> str:
        lines = visible(self.text, keep="\n\t").splitlines()
        return "\n".join([self.file, *(f"{number:>4} {line}".rstrip() for number, line in enumerate(lines, 1))])

    def _repr_html_(self) -> str:
        return fallback.page(self.app, fallback.source(self.file, self.text.rstrip("\n")))


def listing(app: App, file: str) -> Listing:
    """A template of `app`, or a Python file that one of its handlers reaches. Raises KeyError for any other file."""
    texts = {**app.template.texts, **{name: module.text for name, module in app.code.modules.items()}}
    return Listing(one_line(app.name), file, texts[file])
