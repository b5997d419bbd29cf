"""What can be read off the text of one function about its strings and lists."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from sls_lab.python.module import CallableNode, NamespaceNode
from sls_lab.python.scopes import constant

#: Deeper than this no expression is followed; names may be defined by each other.
_DEPTH: Final = 12


class Scope:
    """The names of one function and of its module, each with the expression that alone gives it its value."""

    #: Stands in a text for a setting of the deployment, whose value is fixed but not known here.
    SETTING: Final = "\ue000"
    #: Stands for the end of what is known.
    _END: Final = "\ue001"

    def __init__(self, module: ast.Module, function: CallableNode | None) -> None:
        """`function` is None for code at the top of the module."""
        self._scopes: tuple[NamespaceNode, ...] = (module,) if function is None else (function, module)

    def resolved(self, expression: ast.expr, depth: int = _DEPTH) -> ast.expr:
        """The expression behind a name that has one value, else the expression itself."""
        while isinstance(expression, ast.Name) and depth:
            found = constant(expression.id, self._scopes)
            if found is None:
                break
            expression = found
            depth -= 1
        return expression

    def text(self, expression: ast.expr | None) -> str | None:
        """The string that `expression` is, where all of it is written out."""
        if expression is None:
            return None
        leading = self.leading(expression)
        return None if self._END in leading or self.SETTING in leading else leading

    def leading(self, expression: ast.expr) -> str:
        """The known beginning of a string; a setting in it is `SETTING`, and what is not known ends it."""
        pieces = []
        for piece in self._pieces(expression, _DEPTH):
            pieces.append(piece)
            if piece == self._END:
                break
        return "".join(pieces)

    def leaves(self, expression: ast.expr, depth: int = _DEPTH) -> list[ast.expr]:
        """The parts of which a string or path is put together, in order, names replaced by what they stand for."""
        node = self.resolved(expression, depth)
        if depth:
            parts = _parts(node)
            if parts is not None:
                return [leaf for part in parts for leaf in self.leaves(part, depth - 1)]
        return [node]

    def list_of(self, expression: ast.expr | None) -> list[ast.expr] | None:
        """The elements with which a list begins, as far as they are written out; None where it is no list."""
        if expression is None:
            return None
        node = self.resolved(expression)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self.list_of(node.left)
        if not isinstance(node, ast.List | ast.Tuple):
            return None
        elements: list[ast.expr] = []
        for element in node.elts:
            if isinstance(element, ast.Starred):
                break
            elements.append(element)
        return elements

    def _pieces(self, expression: ast.expr, depth: int) -> Iterator[str]:
        for leaf in self.leaves(expression, depth):
            if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str):
                yield leaf.value
            elif is_setting(leaf):
                yield self.SETTING
            else:
                yield self._END


def _parts(node: ast.expr) -> list[ast.expr] | None:
    """The parts that an expression puts together in order; None where it does something else."""
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [left, right]
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return [left, ast.Constant("/"), right]
        case ast.JoinedStr(values=values):
            return list(values)
        case ast.FormattedValue(value=value):
            return [value]
        case ast.BinOp(left=ast.Constant(value=str(template)), op=ast.Mod(), right=right):
            values = right.elts if isinstance(right, ast.Tuple) else [right]
            return [ast.Constant(template.partition("%")[0]), *values]
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(template)), attr="format")):
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            return [ast.Constant(template.partition("{")[0]), *given]
        case ast.Call(func=ast.Attribute(attr="join", value=ast.Attribute(attr="path")), args=parts, keywords=[]):
            return _slashed(parts)
        case ast.Call(func=ast.Name(id="Path") | ast.Attribute(attr="Path"), args=[_, *_] as parts, keywords=[]):
            return _slashed(parts)
        case ast.Call(func=ast.Name(id="str"), args=[inner], keywords=[]):
            return [inner]
        case ast.Call(func=ast.Attribute(attr="strip" | "lower" | "upper", value=inner), args=[]):
            return [inner]
    return None


def _slashed(parts: list[ast.expr]) -> list[ast.expr]:
    pieces = [piece for part in parts for piece in (ast.Constant("/"), part)]
    return pieces[1:]


def is_setting(node: ast.expr) -> bool:
    """Whether the value is one of the environment: `os.environ[…]`, `os.environ.get(…)`, `os.getenv(…)`."""
    match node:
        case ast.Subscript(value=ast.Attribute(attr="environ") | ast.Name(id="environ")):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="environ") | ast.Name(id="environ"), attr="get")):
            return True
        case ast.Call(func=ast.Attribute(attr="getenv") | ast.Name(id="getenv")):
            return True
    return False
