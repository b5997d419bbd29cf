"""A template's tree as written: YAML and JSON read into nodes with spans, and nothing constructed.

YAML comes as the parser's events (https://pyyaml.org/wiki/PyYAMLDocumentation), from which this module builds its
own nodes with a stack. So no tag can construct an object, no nesting can exhaust the interpreter's stack, and an
alias bomb is noticed before it unfolds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentEndEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from sls_lab.facts import Diagnostic, Span
from sls_lab.facts.lines import split_lines
from sls_lab.template.shared.scalars import CORE, CORE_TAGS, TEXT_TAGS, readable, scalar_value, without_surrogates

MAX_DEPTH: Final = 64  #: deeper nesting than any real template; keeps every later recursion small
MAX_SKIPPED: Final = 1_000  #: levels below that at which the rest of the file is given up
MAX_VALUES: Final = 600_000  #: keys and values of one file; a template of 5 MB, which none that is deployed has, fits
MAX_ALIASED: Final = 200_000  #: nodes that aliases and merges may add to a file

_NodeEvent = MappingStartEvent | SequenceStartEvent | ScalarEvent
#: A tree, and what was wrong with its text.
Parsed = tuple["RawNode | None", tuple[Diagnostic, ...]]
RawValue = str | int | float | bool | None | tuple["RawNode", ...] | dict[str, "RawNode"]


@dataclass(frozen=True, slots=True)
class RawNode:
    """One value as written.

    `written` is a scalar's text without quotes ("" for collections); `key` is the place of the key that the value
    has in its mapping. A value reached by an alias has the span of its anchor.
    """

    value: RawValue
    span: Span
    written: str = ""
    key: Span | None = None

    @property
    def mapping(self) -> Mapping[str, RawNode]:
        """The mapping, empty when the value is something else."""
        return self.value if isinstance(self.value, dict) else {}


def parse_raw(text: str, file: str) -> tuple[RawNode | None, tuple[Diagnostic, ...]]:
    """The first document of a YAML or JSON text, and what was wrong with it.

    Only `true`, `false`, `null`, decimal integers and decimal fractions are more than strings: `on`, dates and
    `012345678901` survive as written. CloudFormation's short tags become their long form, any other tag is refused.
    The node is None for an empty text, one of too many values, and one that does not parse; what is refused within the
    text is null there, with a diagnostic. Never raises for any text.
    """
    builder = _TreeBuilder(readable(text, file), file)
    return builder.build(), tuple(builder.diagnostics)


# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
_FUNCTIONS: Final = (
    *("And", "Base64", "Cidr", "Equals", "FindInMap", "GetAtt", "GetAZs", "If", "ImportValue", "Join", "Length"),
    *("Not", "Or", "Select", "Split", "Sub", "ToJsonString", "Transform"),
)
_SHORT: Final[Mapping[str, str]] = {
    "!Ref": "Ref",
    "!Condition": "Condition",
    **{f"!{name}": f"Fn::{name}" for name in _FUNCTIONS},
}


@dataclass(slots=True)
class _Key:
    """A key whose value has not come yet; `is_plain` says that it has no quotes and no tag."""

    written: str
    span: Span
    is_plain: bool = False
    is_collection: bool = False


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    start: MappingStartEvent | SequenceStartEvent
    is_mapping: bool
    children: list[RawNode] = field(default_factory=list)  #: of a list; of a mapping what `<<` brings
    entries: dict[str, RawNode] = field(default_factory=dict)
    key: _Key | None = None
    last: RawNode | None = None
    weight: int = 1
    height: int = 0


@dataclass(frozen=True, slots=True)
class _Anchor:
    node: RawNode
    weight: int
    height: int


class _GivenUp(Exception):
    """The rest of the file is given up."""


class _TreeBuilder:
    """Builds one file's tree from the parser's events."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.diagnostics: list[Diagnostic] = []
        self._stack: list[_Open] = []
        self._anchors: dict[str, _Anchor | None] = {}  # None while the anchored collection is still open
        self._aliased = 0
        self._skipping = 0
        self._values = 0
        self._root: RawNode | None = None
        self._takers: Mapping[type[Event], Callable[[Any], None]] = {
            ScalarEvent: self._scalar,
            MappingStartEvent: self._open,
            SequenceStartEvent: self._open,
            MappingEndEvent: self._close,
            SequenceEndEvent: self._close,
            AliasEvent: self._alias,
        }

    def build(self) -> RawNode | None:
        events = self._events()
        try:
            for event in events:
                if self._skipping:
                    self._skip(event)
                elif take := self._takers.get(type(event)):
                    take(event)
                elif isinstance(event, DocumentEndEvent):
                    self._look_for_more(events)
                    break
        except _GivenUp:  # a diagnostic says already where
            return None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = self._within(mark.line + 1, mark.column) if mark else (1, 0)
            problem = " ".join(filter(None, (error.context, error.problem)))
            self._say("yaml-broken", f"This does not parse ({problem}): fix the syntax here.", line, column)
            return None
        except yaml.YAMLError as error:  # a character that YAML does not allow: the error knows only its offset
            before = self.text[: getattr(error, "position", 0)]
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n") - 1
            reason = getattr(error, "reason", "unreadable text")
            self._say("yaml-broken", f"This does not parse ({reason}): remove the character.", line, column)
            return None
        return self._root

    def _within(self, line: int, column: int) -> tuple[int, int]:
        """The place, or the end of the text if the parser noticed the error only after it."""
        lines = split_lines(self.text)
        return (line, column) if line <= len(lines) or not lines else (len(lines), len(lines[-1].rstrip()))

    def _events(self) -> Iterator[Event]:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        events: Iterator[Event] = yaml.parse(self.text, Loader=loader)
        return events

    def _look_for_more(self, events: Iterator[Event]) -> None:
        following = next(events, None)
        if following is not None and type(following).__name__ == "DocumentStartEvent":
            self._say_at("several-documents", "Only the first document is read: split the file.", following)

    def _skip(self, event: Event) -> None:
        if isinstance(event, CollectionStartEvent):
            self._skipping += 1
            if self._skipping > MAX_SKIPPED:  # the parser's own time grows with the square of the depth
                raise _GivenUp
        elif isinstance(event, CollectionEndEvent):
            self._skipping -= 1

    def _scalar(self, event: ScalarEvent) -> None:
        tag, parent = event.tag, self._stack[-1] if self._stack else None
        written, span = without_surrogates(event.value), self._span(event, event)
        if tag is None and not event.anchor and parent is not None and parent.is_mapping and parent.key is None:
            self._count(span)  # a key as nearly all are: its node would be thrown away
            parent.weight += 1
            parent.key = _Key(written, span, not event.style)
            return
        value = written if tag in _SHORT else scalar_value(written, tag, is_plain=not event.style)
        node = RawNode(value, span, written, self._key())
        if tag is not None:
            node = self._tagged(node, event)
        if event.anchor:
            self._anchors[event.anchor] = _Anchor(node, 1, 0)
        self._add(node, 1, 0, plain=tag is None and not event.style)

    def _open(self, event: MappingStartEvent | SequenceStartEvent) -> None:
        if len(self._stack) >= MAX_DEPTH:
            message = f"This nests deeper than {MAX_DEPTH} levels and is left out: flatten it."
            self._say_at("too-deep", message, event)
            self._skipping = 1
            self._add(RawNode(None, self._span(event, event), key=self._key()), 1, 0)
            return
        if event.anchor:
            self._anchors[event.anchor] = None
        self._stack.append(_Open(event, isinstance(event, MappingStartEvent)))

    def _close(self, event: Event) -> None:
        done = self._stack.pop()
        value: RawValue = self._merged(done) if done.is_mapping else tuple(done.children)
        node = RawNode(value, self._collection_span(done, event), key=self._key())
        node = self._tagged(node, done.start)
        if done.start.anchor:
            self._anchors[done.start.anchor] = _Anchor(node, done.weight, done.height + 1)
        self._add(node, done.weight, done.height + 1)

    def _key(self) -> Span | None:
        """The place of the key to which the next value belongs, None where it belongs to none."""
        waiting = self._stack[-1].key if self._stack else None
        return waiting.span if waiting is not None else None

    def _collection_span(self, done: _Open, event: Event) -> Span:
        span, last = self._span(done.start, event), done.last
        if done.start.flow_style or last is None:
            return span
        # A block ends where the next token begins; what the reader sees ends with its last line.
        line, column = last.span.end_line, last.span.end_column
        if last.key is not None:  # an alias' value comes before its key
            line, column = max((line, column), (last.key.end_line, last.key.end_column + 1))
        if not (span.line, span.column) <= (line, column) <= (span.end_line, span.end_column):
            return span
        return Span(span.file, span.line, span.column, line, column)

    def _alias(self, event: AliasEvent) -> None:
        name = event.anchor or ""
        anchor = self._anchors.get(name)
        if anchor is None:
            unknown = name not in self._anchors
            code = "alias-unknown" if unknown else "alias-cycle"
            what = "names no anchor before it" if unknown else "is within its own anchor"
            self._say_at(code, f"The alias *{name} {what} and is left empty: write the value out.", event)
        elif self._aliased + anchor.weight > MAX_ALIASED or len(self._stack) + anchor.height > MAX_DEPTH:
            message = f"The alias *{name} unfolds too far (an alias bomb) and is left empty: write the value out."
            self._say_at("alias-bomb", message, event)
        else:
            self._aliased += anchor.weight
            self._add(replace(anchor.node, key=self._key()), anchor.weight, anchor.height)
            return
        self._add(RawNode(None, self._span(event, event), key=self._key()), 1, 0)

    def _tagged(self, node: RawNode, event: _NodeEvent) -> RawNode:
        tag = event.tag
        if tag is None or tag in CORE_TAGS or tag in TEXT_TAGS:
            return node
        name = _SHORT.get(tag)
        if name is None:
            shown = tag.replace(CORE, "!!")
            message = f"The tag {shown} is not one of CloudFormation's and is never constructed: remove it."
            self._say_at("tag-refused", message, event)
            return RawNode(None, node.span, node.written, node.key)
        argument = replace(node, key=node.span)
        if name == "Fn::GetAtt" and isinstance(node.value, str):
            parts = node.value.split(".", 1)
            argument = RawNode(tuple(RawNode(part, node.span, part) for part in parts), node.span, key=node.span)
        return RawNode({name: argument}, node.span, key=node.key)

    def _count(self, span: Span) -> None:
        self._values += 1
        if self._values > MAX_VALUES:
            message = f"{self.file} holds more than {MAX_VALUES:,} values, so that nothing of it is read: split it."
            self._say("file-too-large", message, span.line, span.column)
            raise _GivenUp

    def _add(self, node: RawNode, weight: int, height: int, *, plain: bool = False) -> None:
        self._count(node.span)
        parent = self._stack[-1] if self._stack else None
        if parent is None:
            self._root = node
            return
        parent.weight += weight
        if height > parent.height:
            parent.height = height
        if not parent.is_mapping:
            parent.children.append(node)
            parent.last = node
        elif parent.key is None:
            parent.key = _Key(node.written, node.span, plain, isinstance(node.value, (dict, tuple)))
        else:
            parent.last = node
            self._enter(parent, parent.key, node)
            parent.key = None

    def _enter(self, parent: _Open, key: _Key, node: RawNode) -> None:
        if key.is_collection:
            message = "A mapping or list cannot be a key here; the entry is left out: write a plain name."
            self.diagnostics.append(Diagnostic("key-not-text", message, key.span))
            return
        name = key.written
        if name == "<<" and key.is_plain:
            parent.children.append(node)
            return
        before = parent.entries.pop(name, None)
        if before is not None:
            at = before.key.line if before.key else before.span.line
            message = f"The key {name!r} is written twice (first on line {at}); the last one counts: remove one."
            self.diagnostics.append(Diagnostic("duplicate-key", message, key.span))
        parent.entries[name] = node

    def _merged(self, done: _Open) -> dict[str, RawNode]:
        """The mapping with what `<<` brings: own entries first, then the earlier of several merged mappings."""
        entries = done.entries
        for merge in done.children:
            for source in merge.value if isinstance(merge.value, tuple) else (merge,):
                if not isinstance(source.value, dict):
                    message = "Only a mapping can be merged by <<; this is left out: give it an alias of a mapping."
                    self.diagnostics.append(Diagnostic("merge-not-mapping", message, merge.key))
                    continue
                for name, node in source.value.items():
                    entries.setdefault(name, node)
        return entries

    def _span(self, first: Event, last: Event) -> Span:
        start, end = first.start_mark, last.end_mark
        if start is None or end is None:  # the parser marks every event; the type does not say so
            return Span(self.file, 1, 0, 1, 0)
        line = start.line + 1
        return Span(self.file, line, start.column, line if end.line == start.line else end.line + 1, end.column)

    def _say_at(self, code: str, message: str, event: Event) -> None:
        span = self._span(event, event)
        self._say(code, message, span.line, span.column)

    def _say(self, code: str, message: str, line: int, column: int) -> None:
        span = Span(self.file, line, column, line, column)
        self.diagnostics.append(Diagnostic(code, message, span))
