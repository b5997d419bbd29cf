"""What Pysa is told and what it writes down, as notebooks show it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import Final

from sls_lab.taint.rules import RULES, sources_of
from sls_lab.widgets.listing import Listing, show_code
from sls_lab.widgets.tables import Table, table

_FOLDERS: Final = (("sls_lab.services", "pysa"), ("sls_lab.taint", "models"))


def show_models(*functions: str) -> Listing:
    """The kit's models of functions, each known by the end of its name: `shlex.quote`, `S3Client.list_objects_v2`.

    Raises KeyError for a function without a model.
    """
    texts = list(_model_files())
    return show_code("Models of the kit", "models.pysa", "\n\n".join(_model(name, texts) for name in functions))


def show_rules(*sinks: str) -> Table:
    """The kit's rules for these kinds of sinks: which kinds of sources count, and what the pair means."""
    chosen = [rule for rule in RULES if rule.name in sinks]
    rows = [(sources_of(rule), rule.name, rule.title, rule.cwe) for rule in chosen]
    title = f"{len(chosen)} of {len(RULES)} rules"
    return table(title, ("kinds of source", "kind of sink", "what it means", "CWE"), rows)


def show_summaries(summaries: Mapping[str, Sequence[object]]) -> Table:
    """The part of each handler's event object that reaches a sink, how many calls away, and by which call."""
    rows = [(name, *row) for name, row in summaries.items()]
    return table(
        "How event reaches a shell command", ("handler", "from this part of event", "calls away", "next"), rows
    )


def _model_files() -> Iterator[str]:
    for package, folder in _FOLDERS:
        for file in sorted((resources.files(package) / folder).iterdir(), key=lambda file: file.name):
            if file.name.endswith(".pysa"):
                yield file.read_text(encoding="utf-8")


def _model(name: str, texts: Sequence[str]) -> str:
    """A model with its decorators."""
    form = re.compile(rf"^(?:@.+\n)*def (?:\w+\.)*{re.escape(name)}\(.*$", re.MULTILINE)
    for text in texts:
        if found := form.search(text):
            return found[0]
    raise KeyError(f"there is no model of {name}")
