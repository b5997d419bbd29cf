"""How findings are named in a repository: files from its root, flows so that the next analysis names them alike."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from sls_lab.facts import SlsLabError
from sls_lab.taint.model import Flow


class OutsideRoot(SlsLabError):
    """An application does not lie in the folder that addresses are to be relative to."""


def prefix_of(folder: Path, root: Path | None) -> str:
    """What leads from `root` to an application's `folder`: `""` where they are the same or `root` is None, else `a/b/`.

    Raises OutsideRoot.
    """
    if root is None:
        return ""
    try:
        inside = folder.resolve().relative_to(root.resolve())
    except ValueError as error:
        raise OutsideRoot(f"{folder} does not lie in {root}, to which --root makes all addresses relative") from error
    return "".join(f"{part}/" for part in inside.parts)


def fingerprints(flows: Sequence[Flow]) -> list[str]:
    """A name for each flow that stays the same when lines move: what it is, and a number where several are alike."""
    seen: Counter[str] = Counter()
    found = []
    for flow in flows:
        mark = _fingerprint(flow)
        seen[mark] += 1
        found.append(f"{mark}:{seen[mark]}")
    return found


def _fingerprint(flow: Flow) -> str:
    """The category, the two handlers, the sink's file and its text."""
    parts = (flow.rule.category, flow.source.handler, flow.sink.handler, flow.sink.span.file)
    text = "\0".join((*parts, " ".join(flow.sink.text.split())))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
