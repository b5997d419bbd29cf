"""From a synthesised tree to its source, broken into lines where it is long, as a formatter does.

Every node is written once: the source of what holds it is put together from its own. So the places of the original
expressions in it are known, and only expressions of the less common kinds are parsed to find what is within them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from sls_lab.facts import Offsets

WIDTH = 100
_STEP = "    "
# What can be called, subscripted and asked for its attributes without parentheses around it.
_ATOM = ast.Name | ast.Attribute | ast.Subscript | ast.Call | ast.List | ast.Dict


@dataclass(frozen=True, slots=True)
class WrittenSource:
    """Source, and where original expressions are in it: from, to (exclusive), expression."""

    text: str
    places: tuple[tuple[int, int, ast.expr], ...] = ()


def laid_out(node: ast.stmt | ast.expr, indent: str | None, layout: ExpressionWriter | None = None) -> WrittenSource:
    """The source of a statement after the white space `indent`; its first line is not indented.

    What does not fit into 100 columns is broken at its brackets, one element a line, with a comma after the last. What
    has no brackets to break at stays long, and so does everything where `indent` is None.

    Original nodes are those that have a place (`lineno`); synthesised ones have none. Their places in the source are
    told for assignments, expression statements and expressions. What a `layout` has written it does not write again.
    """
    layout = layout or ExpressionWriter()
    match node:
        case ast.Assign(targets=[target], value=value):
            before = _joined(layout.flat(target), " = ")
            return _joined(before, layout.expression(value, indent, len(before.text), 0))
        case ast.Expr(value=value):
            return layout.expression(value, indent, 0, 0)
        case ast.expr():
            return layout.flat(node)
    return WrittenSource(ast.unparse(node))


class ExpressionWriter:
    """Writes expressions, each once."""

    def __init__(self) -> None:
        """Nothing is written yet."""
        self._flat: dict[ast.expr, WrittenSource] = {}
        self._laid_out: dict[tuple[ast.expr, str, int, int], WrittenSource] = {}

    def flat(self, node: ast.expr) -> WrittenSource:
        """The source of an expression in one line."""
        known = self._flat.get(node)
        if known is None:
            known = self._flat[node] = self._written(node)
        return known

    def expression(self, node: ast.expr, indent: str | None, before: int, after: int) -> WrittenSource:
        """The source of an expression; `before` and `after` are the columns its first and last line hold beside it."""
        flat = self.flat(node)
        if indent is None or len(indent) + before + len(flat.text) + after <= WIDTH:
            return flat
        key = (node, indent, before, after)
        if key not in self._laid_out:
            self._laid_out[key] = self._in_lines(node, flat, indent)
        return self._laid_out[key]

    def _in_lines(self, node: ast.expr, flat: WrittenSource, indent: str) -> WrittenSource:
        """The source broken at its brackets; `flat` where it has none."""
        inner = indent + _STEP
        match node:
            case ast.Dict(keys=[_, *_] as keys, values=values):
                parts = [self._entry(key, value, inner) for key, value in zip(keys, values, strict=True)]
                return _whole(node, _broken("{", parts, "}", indent))
            case ast.List(elts=[_, *_] as elements):
                parts = [self._element(one, inner, 0) for one in elements]
                return _whole(node, _broken("[", parts, "]", indent))
            case ast.ListComp(elt=element, generators=generators):
                lines: list[str | WrittenSource] = [f"[\n{inner}", self.expression(element, inner, 0, 0)]
                for one in generators:
                    lines += [f"\n{inner}", _parsed(one, ast.unparse(one).strip())]
                return _whole(node, _joined(*lines, f"\n{indent}]"))
            case ast.Call(func=called, args=args, keywords=named) if isinstance(called, _ATOM) and (args or named):
                parts = [self._element(one, inner, 0) for one in args]
                for keyword in named:
                    start = f"{keyword.arg}=" if keyword.arg else "**"
                    parts.append(_joined(start, self._element(keyword.value, inner, len(start))))
                return _whole(node, _joined(self.flat(called), _broken("(", parts, ")", indent)))
        return flat

    def _entry(self, key: ast.expr | None, value: ast.expr, indent: str) -> WrittenSource:
        if key is None and not isinstance(value, _ATOM):  # `**a or b` is not an entry
            return _joined("**(", self.expression(value, indent, 3, 2), ")")
        if key is None:
            return _joined("**", self.expression(value, indent, 2, 1))
        start = _joined(self.flat(key), ": ")
        return _joined(start, self._element(value, indent, len(start.text)))

    def _element(self, node: ast.expr, indent: str, before: int) -> WrittenSource:
        """An element between brackets, where a choice that is long goes on in the next line."""
        whole = self.expression(node, indent, before, 1)
        match node:
            case ast.BoolOp(op=ast.Or(), values=values) if all(isinstance(one, _ATOM) for one in values):
                if len(indent) + before + len(whole.text) + 1 > WIDTH:
                    parts = [self.expression(one, indent, 3, 1) for one in values]
                    rest = [piece for part in parts[1:] for piece in (f"\n{indent}or ", part)]
                    return _whole(node, _joined(parts[0], *rest))
        return whole

    def _written(self, node: ast.expr) -> WrittenSource:
        match node:
            case ast.Name(id=name):
                return _whole(node, WrittenSource(name))
            case ast.Constant(value=str(text), kind=None):
                return _whole(node, WrittenSource(repr(text)))
            case ast.Constant():
                return _whole(node, WrittenSource(ast.unparse(node)))
            case ast.Attribute(value=value, attr=attribute) if isinstance(value, _ATOM):
                return _whole(node, _joined(self.flat(value), f".{attribute}"))
            case ast.Subscript(value=value, slice=ast.Constant() | ast.Name() as index) if isinstance(value, _ATOM):
                return _whole(node, _joined(self.flat(value), "[", self.flat(index), "]"))
            case ast.List(elts=elements):
                return _whole(node, _joined("[", *_listed(map(self.flat, elements)), "]"))
            case ast.Dict(keys=keys, values=values) if None not in keys:
                pairs = zip(keys, values, strict=True)
                entries = (_joined(self.flat(key), ": ", self.flat(value)) for key, value in pairs if key is not None)
                return _whole(node, _joined("{", *_listed(entries), "}"))
            case ast.Call(func=called, args=args, keywords=keywords) if isinstance(called, _ATOM):
                parts = [self.flat(one) for one in args]
                parts += [_joined(f"{one.arg}=" if one.arg else "**", self.flat(one.value)) for one in keywords]
                return _whole(node, _joined(self.flat(called), "(", *_listed(parts), ")"))
        return _parsed(node, ast.unparse(node))


def _whole(node: ast.expr, source: WrittenSource) -> WrittenSource:
    """The source of `node`, all of which is a place of its own where `node` is an original one."""
    if not hasattr(node, "lineno"):
        return source
    return WrittenSource(source.text, (*source.places, (0, len(source.text), node)))


def _joined(*parts: str | WrittenSource) -> WrittenSource:
    texts: list[str] = []
    places: list[tuple[int, int, ast.expr]] = []
    length = 0
    for part in parts:
        text = part
        if isinstance(part, WrittenSource):
            text = part.text
            places += [(length + start, length + end, node) for start, end, node in part.places]
        assert isinstance(text, str)
        texts.append(text)
        length += len(text)
    return WrittenSource("".join(texts), tuple(places))


def _listed(parts: Iterable[WrittenSource]) -> list[str | WrittenSource]:
    listed: list[str | WrittenSource] = []
    for part in parts:
        listed += [", ", part] if listed else [part]
    return listed


def _broken(opening: str, parts: list[WrittenSource], closing: str, indent: str) -> WrittenSource:
    inner = f"\n{indent}{_STEP}"
    lines = [piece for part in parts for piece in (inner, part, ",")]
    return _joined(opening, *lines, f"\n{indent}{closing}")


def _parsed(node: ast.expr | ast.comprehension, text: str) -> WrittenSource:
    """The places in the source of `node`, found by parsing it: equal trees have equal shapes.

    Both trees are walked side by side, so that the place of each original node is that of its twin.
    """
    if not any(hasattr(one, "lineno") for one in ast.walk(node)):
        return WrittenSource(text)
    opening = "[" if isinstance(node, ast.expr) else "[0 "
    around = f"{opening}{text}]"
    list_of_it = ast.parse(around, mode="eval").body
    twin = list_of_it.elts[0] if isinstance(list_of_it, ast.List) else list_of_it.generators[0]  # type: ignore[attr-defined]
    offsets = Offsets(around)
    lines = around.split("\n")

    def offset(line: int, column: int) -> int:  # `ast` counts columns in bytes of UTF-8; the package counts code points
        return offsets.offset(line, len(lines[line - 1].encode()[:column].decode())) - len(opening)

    places = []
    pending: list[tuple[ast.AST, ast.AST]] = [(node, twin)]
    while pending:
        original, copy = pending.pop()
        if type(original) is not type(copy):
            continue
        if isinstance(original, ast.expr) and isinstance(copy, ast.expr) and hasattr(original, "lineno"):
            start, end = offset(copy.lineno, copy.col_offset), offset(copy.end_lineno or 1, copy.end_col_offset or 0)
            places.append((start, end, original))
        if not isinstance(original, ast.JoinedStr):  # in an f-string Python before 3.12 knows no places: it stays whole
            pending.extend(zip(ast.iter_child_nodes(original), ast.iter_child_nodes(copy), strict=False))
    return WrittenSource(text, tuple(places))
