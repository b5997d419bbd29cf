"""Outputs of a cell that are kept back until they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from IPython.core.formatters import DisplayFormatter
from IPython.core.getipython import get_ipython
from IPython.display import DisplayHandle
from IPython.utils.capture import capture_output

from sls_lab.widgets import fallback
from sls_lab.widgets.base import PlainWidget

#: What a cell can show, in each of its forms (MIME types).
Bundle = dict[str, Any]


class HeldOutput:
    """What is to be shown later, each part with an empty place in the notebook that it is put into."""

    def __init__(self) -> None:
        self.bundles: list[Bundle] = []
        self._places: list[DisplayHandle] = []

    def take(self, part: object) -> None:
        """Keep a value as a cell would show it, or what a function, which is called now, prints, shows and returns."""
        if not callable(part):
            self._keep(part)
            return
        with capture_output(stdout=True, stderr=False, display=True) as captured:
            value = part()
        if captured.stdout:
            self.bundles.append({"text/plain": captured.stdout.rstrip("\n")})
        shown: dict[object, Bundle] = {}
        for number, output in enumerate(captured.outputs):
            # What is rewritten as work goes on counts as it is at last.
            shown[(output.transient or {}).get("display_id", number)] = output.data
        self.bundles += shown.values()
        self._keep(value)

    def reserve(self) -> None:
        """Have a place in the notebook for each part, below all that the cell has shown so far.

        It is empty for whoever has a kernel; a saved page has a fold there (`.sls-saved` of the style sheet).
        """
        if getattr(get_ipython(), "kernel", None) is None:
            return
        fold = f'<div class="sls-saved">{fallback.folded("The output: decide first, then open", *self.as_html())}</div>'
        for number, _ in enumerate(self.bundles):
            place = DisplayHandle()
            place.display({"text/plain": "", "text/html": "" if number else fold}, raw=True)
            self._places.append(place)

    def open(self) -> None:
        """Put each part into its place."""
        for place, bundle in zip(self._places, self.bundles, strict=False):
            place.update(bundle, raw=True)
        self._places = []

    def as_html(self) -> list[str]:
        """Each part for a page without widgets."""
        found = (
            bundle.get("text/html") or fallback.preformatted(str(bundle["text/plain"]))
            if bundle.get("text/plain")
            else ""
            for bundle in self.bundles
        )
        return list(filter(None, found))

    def as_text(self) -> list[str]:
        """Each part for a terminal."""
        return [str(bundle["text/plain"]) for bundle in self.bundles if bundle.get("text/plain")]

    def _keep(self, value: object) -> None:
        if value is None:
            return
        if isinstance(value, PlainWidget):
            self.bundles += value.outputs()
            return
        formatter = getattr(get_ipython(), "display_formatter", None) or DisplayFormatter()
        bundle, _ = formatter.format(value)
        self.bundles.append(bundle)


#: A value to show, or a function that prints, shows or returns what to show.
HeldPart = object | Callable[[], object]
