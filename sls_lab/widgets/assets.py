"""The files in `static/`: scripts and styles of our own, and a Graphviz for the browser."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Final

from sls_lab.report import palette, walk

# What every widget's script builds on. They come before it in one module, so that the browser loads one file and
# nothing has to be fetched or built.
SHARED: Final = ("lab.js", "source.js", "graph.js")


@cache
def asset(name: str) -> str:
    """The text of a file in `static/`."""
    return resources.files("sls_lab.widgets").joinpath("static", name).read_text(encoding="utf-8")


@cache
def script(name: str) -> str:
    """The module of the widget whose own script is `name`."""
    return "\n".join(map(asset, (*SHARED, name)))


@cache
def styles() -> str:
    """The style sheet of all widgets."""
    colours = palette.declared(".sls", '[data-jp-theme-light="false"] .sls')
    return colours + asset("lab.css") + palette.token_rules() + palette.meaning_rules() + walk.RULES


@cache
def viz() -> bytes:
    """Graphviz compiled to WebAssembly, as an ES module (https://www.npmjs.com/package/@viz-js/viz)."""
    return asset("vendor/viz.js").encode()
