"""Hand the fields that a method such as `__post_init__` changes to it and back, instead of setting them before.

`self.count = int(self.count)` takes nothing from what Pysa knows of an object that was given the data. So the
constructor hands such fields over, `self.__post_init__(count)`; the method reads the parameter `sls_lab_count`
wherever it reads the field, sets it wherever it sets the field, and returns it for the constructor to keep.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence, Set

from sls_lab.python.walking import children, own_nodes
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Setting = ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr
_PREFIX = "sls_lab_"


def changed_after(method: _Function, inherited: Set[str], declared: Set[str]) -> Sequence[str]:
    """The attributes of its object that a method sets, where it can be seen how it uses each of them.

    The object has `inherited` fields, which a method of a class above may read, and those that its own class has
    `declared`. Empty where the method does anything else with its object, such as calling a method
    that may read what is set.
    """
    parameters = [*method.args.posonlyargs, *method.args.args]
    if not parameters or isinstance(method, ast.AsyncFunctionDef) or method.args.vararg or method.args.kwonlyargs:
        return ()
    own = parameters[0].arg
    nodes = list(own_nodes(method))
    names = {node: name for node in nodes if (name := _set_by_name(node, own))}
    attributes = {node.value: node for node in nodes if isinstance(node, ast.Attribute)}
    changed = dict.fromkeys(names.values())
    within = {id(inner) for node in nodes if isinstance(node, ast.JoinedStr) for inner in ast.walk(node)}
    by_name = {node.value.args[0] for node in names if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)}
    for node in nodes:
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=name, ctx=ast.Store()) if owner == own:
                changed[name] = None
            case ast.Yield() | ast.YieldFrom() | ast.Lambda() | ast.FunctionDef() | ast.ClassDef() | ast.Delete():
                return ()
            case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
                return ()
            case (
                ast.For(target=target) | ast.withitem(optional_vars=ast.expr() as target) | ast.NamedExpr(target=target)
            ):
                if any(isinstance(one, ast.Attribute) for one in ast.walk(target)):
                    return ()
    goes_up = any(isinstance(node, ast.Name) and node.id == "super" for node in nodes)
    if goes_up and not changed.keys() <= declared - inherited:
        return ()
    for node in nodes:
        if isinstance(node, ast.Name) and node.id == own and node not in by_name:
            attribute = attributes.get(node)
            if attribute is None or attribute.attr not in inherited | declared | changed.keys():
                return ()
            if attribute.attr in changed and id(node) in within:
                return ()  # no edit is made within an f-string
    return tuple(changed)


def after_edits(draft: Draft, method: _Function, names: Sequence[str]) -> Iterator[Edit]:
    """The edits after which a method takes and returns these attributes."""
    if not names:
        return
    parameters = [*method.args.posonlyargs, *method.args.args]
    own = parameters[0].arg
    reason = draft.reason("the object keeps what becomes of its fields here", method)

    def edit(place: tuple[int, int], text: str) -> Edit:
        return draft.edit("dataclass-init", place, text, reason)

    last = max(draft.range(one)[1] for one in parameters)
    last = max(last, *(draft.range(one)[1] for one in method.args.defaults)) if method.args.defaults else last
    yield edit((last, last), "".join(f", {_PREFIX}{name}=None" for name in names))
    if method.returns is not None:
        yield edit(draft.range(method.returns), "dict")
    returned = "return {" + ", ".join(f"{name!r}: {_PREFIX}{name}" for name in names) + "}"
    for node in _nodes(method):
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=name, ctx=ast.Load()) if owner == own and name in names:
                yield edit(draft.range(node), f"{_PREFIX}{name}")
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign() | ast.Expr():
                end = draft.range(node)[1]
                for name in _set(node, own):
                    before = f"{_PREFIX}{name} or " if isinstance(node, ast.AugAssign) else ""
                    yield edit((end, end), f"; {_PREFIX}{name} = {before}{own}.{name}")
            case ast.Return():
                yield edit(draft.range(node), returned)
    if not isinstance(method.body[-1], ast.Return | ast.Raise):
        (start, _), (_, end) = draft.range(method.body[0]), draft.range(method.body[-1])
        indent = draft.text[draft.text.rfind("\n", 0, start) + 1 : start]
        yield edit((end, end), ("; " if indent.strip() else f"\n{indent}") + returned)


def _nodes(method: _Function) -> Iterator[ast.AST]:
    """What is in a method and may be edited, outer nodes first."""
    pending: list[ast.AST] = list(method.body)
    while pending:
        node = pending.pop()
        if not isinstance(node, ast.JoinedStr):
            yield node
            pending.extend(children(node)[::-1])


def _set(statement: _Setting, own: str) -> Iterator[str]:
    """The attributes of the object `own` that a statement sets."""
    name = _set_by_name(statement, own)
    if name is not None:
        yield name
    for node in ast.walk(statement):
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=attribute, ctx=ast.Store()) if owner == own:
                yield attribute


def _set_by_name(statement: ast.AST, own: str) -> str | None:
    """The attribute that a call sets by its name: `object.__setattr__(self, "count", 1)`."""
    match statement:
        case ast.Expr(
            value=ast.Call(
                func=ast.Name(id="setattr") | ast.Attribute(value=ast.Name(id="object"), attr="__setattr__"),
                args=[ast.Name(id=owner), ast.Constant(value=str() as name), _],
                keywords=[],
            )
        ) if owner == own and name.isidentifier():
            return name
    return None
