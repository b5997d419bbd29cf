"""JSON with holes, there and back."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from sls_lab.facts import Hole, HoleKind, Pattern, Span
from sls_lab.template.shared.json_text import from_json, to_json
from sls_lab.template.shared.node import Node

AT = Span("template.yaml", 1, 0, 1, 1)

_PATTERNS = st.lists(
    st.one_of(st.text(max_size=4), st.sampled_from([Hole("a"), Hole("b", HoleKind.FIXED)])), max_size=4
).map(lambda parts: Pattern.of(*parts))
_LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), _PATTERNS).map(lambda value: Node(value, AT))
_TREES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: Node(tuple(items), AT)),
        st.dictionaries(st.text(max_size=3), inner, max_size=3).map(
            lambda entries: Node(MappingProxyType(entries), AT)
        ),
    ),
    max_leaves=8,
)


@given(_TREES)
def test_what_is_written_is_read_back(tree: Node) -> None:
    assert _plain(from_json(to_json(tree), AT)) == _plain(tree)


def test_a_hole_may_be_a_whole_value() -> None:
    node = from_json(Pattern.of('{"a": ', Hole("x"), ', "b": "', Hole("y"), '"}'), AT)
    assert node is not None
    assert [str(entry.pattern) for entry in node.mapping.values()] == ["{x}", "{y}"]


def test_what_does_not_parse_is_none() -> None:
    for text in ("", "{", "[" * 100_000, '{"a": 1', "nothing"):
        assert from_json(Pattern.of(text), AT) is None


def test_deep_nesting_is_refused() -> None:
    assert from_json(Pattern.of("[" * 200 + "]" * 200), AT) is None


def _plain(node: Node | None) -> object:
    assert node is not None
    if isinstance(node.value, tuple):
        return [_plain(item) for item in node.value]
    if isinstance(node.value, Mapping):
        return {key: _plain(entry) for key, entry in node.value.items()}
    return node.value
