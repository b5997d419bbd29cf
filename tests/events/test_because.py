"""What a reader is told of each edge and each entry: why it holds or does not, and where that is written.

The application in `fixtures/because` has each way in which one function may wake another. `golden/because.txt` has what
is told, with the file, line and kind of each reason, also where a kind of knowledge is left out of account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from sls_lab import load_app
from sls_lab.events import EventGraph
from sls_lab.events.model import Knowledge
from sls_lab.facts import Reason

FOLDER = Path(__file__).parent / "fixtures" / "because"


def told(graph: EventGraph) -> Iterator[str]:
    """The edges by their sources, with the reasons of each; then the entries."""
    for edge in graph.edges:
        place = f"line {edge.span.line}" if edge.span is not None else "no call"
        doubt = "" if edge.certain else ", not certain"
        via = f" via {', '.join(edge.via)}" if edge.via else ""
        yield f"{edge.source} ({place}, {edge.service} {edge.api}) -> {edge.target}{via}: {edge.status}{doubt}"
        yield from reasons(edge.because)
    for name, entry in graph.entries.items():
        yield f"{name} is {entry.kind}"
        yield from reasons(entry.because)


def reasons(because: Iterable[Reason]) -> Iterator[str]:
    for one in because:
        place = f"{one.span.file}:{one.span.line}:{one.span.column}" if one.span is not None else "nowhere"
        yield f"    {one.text} [{one.kind}, {place}]"


@pytest.mark.parametrize("ignored", [(), ("permissions",), ("filters",), ("environment",)], ids=str)
def test_every_edge_says_why(golden: Callable[[str, str], None], ignored: tuple[Knowledge, ...]) -> None:
    app = load_app(FOLDER, ignore=ignored)
    golden(f"because-without-{'-'.join(ignored) or 'nothing'}.txt", "\n".join(told(app.events)) + "\n")
