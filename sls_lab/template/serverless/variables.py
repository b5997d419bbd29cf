"""A Serverless Framework template's variables, resolved on demand and once each.

The result is a tree of `Node`s in which every string is a `Pattern` and CloudFormation's intrinsic functions are
still in their long form.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from sls_lab.facts import Pattern, Reason, Span
from sls_lab.template.model import Options, Resolution
from sls_lab.template.serverless.source_files import SourceFiles
from sls_lab.template.serverless.variable_sources import Led, Lookups, Miss
from sls_lab.template.serverless.variable_syntax import (
    Literal,
    PlainText,
    VariableReference,
    VariableSource,
    parse_text,
)
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.raw_tree import RawNode
from sls_lab.template.shared.stack_links import NOTHING_GIVEN, Given
from sls_lab.template.shared.template_part import Log

MAX_COST: Final = 500  #: about the frames of Python's stack that may be in use
MAX_NODES: Final = 500_000  #: of one value with all that its variables bring in
MAX_HEIGHT: Final = 80
MAX_TEXT: Final = 100_000
MAX_PLACED: Final = 20_000  #: characters of one string in which variables are given their own place
_COST_OF_NESTING, _COST_OF_VARIABLE = 3, 10


@dataclass(frozen=True, slots=True)
class _Size:
    nodes: int = 1
    height: int = 0


_SCALAR: Final = _Size()


@dataclass(slots=True)
class Variables:
    """Resolves the variables of one template; each node, each file and each variable once."""

    service: RawNode
    sources: SourceFiles
    options: Options
    folder: str
    log: Log
    opening: str = "${"
    given: Given = NOTHING_GIVEN
    lookups: Lookups = field(init=False)
    _done: dict[int, tuple[RawNode, Node]] = field(default_factory=dict)  # keeping it keeps its id
    _sizes: dict[int, _Size] = field(default_factory=dict)
    _open: dict[int, RawNode] = field(default_factory=dict)
    _leading: set[int] = field(default_factory=set)
    _cost: int = 0

    def __post_init__(self) -> None:
        self.lookups = Lookups(
            self.service, self.sources, self.options, self.folder, self.log, self.resolve, self.leads_to, self.given
        )

    def resolve(self, raw: RawNode) -> Node:
        """The value of `raw`; what cannot be known is a fixed hole, with a diagnostic where someone can fix it."""
        key = id(raw)
        if key in self._done:
            return self._done[key][1]
        if isinstance(raw.value, str):
            cost = _COST_OF_VARIABLE if self.opening in raw.value else 0
        else:
            cost = _COST_OF_NESTING if isinstance(raw.value, dict | tuple) else 0
        if key in self._open:
            return self._circular(raw)
        if cost and self._cost + cost > MAX_COST:
            message = "Variables lead on too far from here; the value stays unknown: shorten the chain."
            self.log.say("variable-too-deep", message, raw.span)
            return Node(Pattern.fixed(raw.written or "variable"), raw.span, key=raw.key)
        self._cost += cost
        self._open[key] = raw
        node = self._bounded(self._resolve(raw))
        del self._open[key]
        self._cost -= cost
        self._done[key] = (raw, node)
        return node

    def leads_to(self, raw: RawNode) -> Led | None:
        """The node that the string `raw` brings in by one variable, unresolved; None where it is another string.

        The framework resolves each property for itself: `${self:custom.names.prefix}` needs no more of
        `names: ${file(./names.yml)}` than its `prefix`, so that the file's entries may refer to each other through
        `custom.names` (https://www.serverless.com/framework/docs/guides/variables).
        """
        text = parse_text(raw.value, self.opening) if isinstance(raw.value, str) else None
        choice = text.only.choices[0] if text is not None and text.only is not None and text.only.choices else None
        if not isinstance(choice, VariableSource) or choice.kind not in ("self", "file") or id(raw) in self._leading:
            return None
        self._leading.add(id(raw))
        try:
            address, params = (self._text(part, raw).text if part else "" for part in (choice.address, choice.params))
            if address is None or params is None:
                return None
            found = self.lookups.led(choice.kind, params.strip(), address.strip())
        finally:
            self._leading.discard(id(raw))
        if found is None:
            return None
        shown = "a mapping" if isinstance(found.node.value, dict) else "a list"
        why = Reason(f"{_brief(raw.written)} is {shown}", found.node.span)
        return Led(found.node, (why, *found.because))

    def _resolve(self, raw: RawNode) -> Node:
        value = raw.value
        if isinstance(value, dict):
            entries = {name: self.resolve(child) for name, child in value.items()}
            return Node(MappingProxyType(entries), raw.span, key=raw.key)
        if isinstance(value, tuple):
            return Node(tuple(self.resolve(child) for child in value), raw.span, key=raw.key)
        if isinstance(value, str):
            return self._string(value, raw)
        return Node(value, raw.span, key=raw.key)

    def _string(self, value: str, raw: RawNode) -> Node:
        text = parse_text(value, self.opening)
        if text.parts == (value,):
            return Node(Pattern.of(value), raw.span, key=raw.key)
        found = self._text(text, raw)
        if isinstance(found.value, (MappingProxyType, tuple)):
            return Node(found.value, found.span, found.because, raw.key)
        return Node(found.value, raw.span, found.because, raw.key)

    def _text(self, text: PlainText, raw: RawNode) -> Node:
        """The value of a string of which `raw` is the whole or a part."""
        if text.only is not None:
            return self._variable(text.only, raw)
        pieces: list[str | Pattern] = []
        because: dict[Reason, None] = {}  # each once, in order
        length = 0
        for part in text.parts:
            if isinstance(part, str):
                pieces.append(part)
                length += len(part)
                continue
            node = self._variable(part, raw)
            because |= dict.fromkeys(node.because)
            pattern = node.pattern
            if pattern is None:
                pattern = Pattern.fixed(part.written)
                if node.value is not None:
                    message = (
                        f"{_brief(part.written)} is not a string and cannot be part of one: use it as the whole value."
                    )
                    self.log.say("variable-not-text", message, self._place(part, raw))
            length += sum(len(piece) if isinstance(piece, str) else len(piece.label) + 2 for piece in pattern.parts)
            pieces.append(pattern)
            if length > MAX_TEXT:
                self.log.say("variable-too-long", "This string grows too long: shorten its variables.", raw.span)
                return Node(Pattern.fixed(part.written), raw.span, tuple(because))
        return Node(Pattern.of(*pieces), raw.span, tuple(because))

    def _variable(self, variable: VariableReference, raw: RawNode) -> Node:
        span = self._place(variable, raw)
        node = self._chosen(variable, raw, span)
        self.log.resolutions.append(Resolution(variable.written, node.pattern, span, node.because))
        return node

    def _chosen(self, variable: VariableReference, raw: RawNode, span: Span) -> Node:
        misses: list[Miss] = []
        for choice in variable.choices:
            found = self._choice(choice, raw, span)
            if isinstance(found, Miss):
                misses.append(found)
                continue
            passed = tuple(Reason(f"{miss.why}, so the next choice counts", miss.span) for miss in misses)
            said = Reason(f"{_brief(variable.written)} is {_shown(found)}", found.span, "value")
            return Node(found.value, found.span, (*passed, said, *found.because), found.key)
        return self._missing(variable, misses, span)

    def _missing(self, variable: VariableReference, misses: list[Miss], span: Span) -> Node:
        reasons = tuple(Reason(miss.why, miss.span) for miss in misses)
        how = next((miss.ungiven for miss in misses if miss.ungiven), None)
        written = _brief(variable.written)
        if how is not None:
            message = f"{written} is not given, so the value stays unknown: {how}."
            self.log.say("variable-not-given", message, span)
        else:
            why = _brief(misses[-1].why) if misses else "there is nothing to choose"
            message = f"{written} is missing ({why}), so the value stays unknown: define it or add a fallback."
            self.log.say("variable-missing", message, span)
        unknown = next((miss.unknown for miss in misses if miss.unknown), Pattern.fixed(written.strip("${}")))
        return Node(unknown, span, (*reasons, Reason(f"{written} stays unknown", span, "value")))

    def _choice(self, choice: Literal | VariableSource | PlainText, raw: RawNode, span: Span) -> Node | Miss:
        if isinstance(choice, Literal):
            return Node(choice.value, span)
        if isinstance(choice, PlainText):
            node = self._text(choice, raw)
            return Miss("the choice has no value", span) if node.value is None and choice.only else node
        params = self._text(choice.params, raw).pattern if choice.params else None
        address = self._text(choice.address, raw).pattern if choice.address else Pattern.of("")
        if address is None or not address.known or (choice.params and (params is None or not params.known)):
            label = f"{choice.kind}({params})" if choice.params else choice.kind
            label = f"{label}:{address}" if choice.address else label
            return Node(Pattern.fixed(label), span, (Reason(f"{label} has an unknown address", span),))
        params_text = params.text.strip() if params is not None and params.text is not None else None
        return self.lookups.look_up(choice.kind, params_text, (address.text or "").strip(), span)

    def _place(self, variable: VariableReference, raw: RawNode) -> Span:
        value = raw.value if isinstance(raw.value, str) else ""
        if variable.offset > MAX_PLACED:
            return raw.span
        return self.sources.locate(variable.written, value.count(variable.written, 0, variable.offset), raw.span)

    def _circular(self, raw: RawNode) -> Node:
        inner = _brief(raw.written) if raw.written else "a mapping"
        message = f"{inner} leads back to itself, so the value stays unknown: break the circle."
        self.log.say("variable-cycle", message, raw.span)
        return Node(Pattern.fixed(inner), raw.span, (Reason(f"{inner} leads back to itself", raw.span),), raw.key)

    def _bounded(self, node: Node) -> Node:
        """`node`, or null with a diagnostic where variables have made it too large (a bomb without an alias)."""
        if not isinstance(node.value, (MappingProxyType, tuple)):
            return node
        key = id(node.value)
        if key in self._sizes:
            return node
        children = node.value.values() if isinstance(node.value, MappingProxyType) else node.value
        sizes = [self._sizes.get(id(child.value), _SCALAR) for child in children]
        size = _Size(1 + sum(s.nodes for s in sizes), 1 + max((s.height for s in sizes), default=0))
        if size.nodes > MAX_NODES or size.height > MAX_HEIGHT:
            message = "Variables make this value too large (a bomb), so it is left empty: write it out."
            self.log.say("variable-bomb", message, node.span)
            return Node(None, node.span, key=node.key)
        self._sizes[key] = size
        return node


def _brief(written: str) -> str:
    """What is written, on one line and not too long for a sentence."""
    line = " ".join(written.split())
    return line if len(line) <= 120 else line[:119] + "…"


def _shown(node: Node) -> str:
    match node.value:
        case MappingProxyType():
            return "a mapping"
        case tuple():
            return "a list"
        case None:
            return "null"
        case _:
            text = str(node.pattern)
            return json.dumps(text if len(text) <= 80 else text[:79] + "…", ensure_ascii=False)
