"""Read the templates of one application again with what they give each other, until nothing is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from sls_lab.facts import Pattern
from sls_lab.template.shared.stack_links import NOTHING_GIVEN, Given, Values
from sls_lab.template.shared.template_part import TemplatePart

#: Each round hands values one template further; more are not nested by people.
_ROUNDS: Final = 8


def linked(parts: Mapping[str, TemplatePart], read: Callable[[str, Given], TemplatePart]) -> list[TemplatePart]:
    """The parts, those that others give something to read again with it; `read` reads one file.

    A nested template that is not among the parts is read as well.
    """
    known = dict(parts)
    given = dict.fromkeys(known, NOTHING_GIVEN)
    for _ in range(_ROUNDS):
        changed = False
        for file in dict.fromkeys((*known, *_children(known.values()))):
            now = _given(file, known)
            if file not in known or now != given[file]:
                known[file] = read(file, now)
                given[file] = now
                changed = True
        if not changed:
            break
    return list(known.values())


def _children(parts: Iterable[TemplatePart]) -> list[str]:
    return [child.file for part in parts for child in part.children]


def _given(file: str, parts: Mapping[str, TemplatePart]) -> Given:
    part = parts.get(file)
    texts = tuple(part.texts.values()) if part is not None else ()
    imports, asks = (any(word in text for text in texts) for word in ("ImportValue", "${cf"))
    exports: dict[str, Pattern] = {}
    stacks: dict[str, Values] = {}
    for other in parts.values():
        if other.files[0] == file:
            continue
        if imports:
            exports.update(other.exports)
        if asks and other.stack is not None and other.stack.text:
            stacks[other.stack.text] = other.outputs
    nested = {
        child.logical_id: parts[child.file].outputs
        for child in (part.children if part is not None else ())
        if child.file in parts and parts[child.file].outputs
    }
    return Given(exports, stacks, _parameters(file, parts.values()), nested)


def _parameters(file: str, parts: Iterable[TemplatePart]) -> Values:
    """What the parents of a template pass down, as far as all of them pass the same."""
    passed = [child.parameters for part in parts for child in part.children if child.file == file]
    counts = Counter((name, value) for parameters in passed for name, value in parameters.items())
    return {name: value for (name, value), count in counts.items() if count == len(passed)}
