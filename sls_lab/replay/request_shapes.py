"""Requests for an application that brings none: their shape is read from what its handlers take out of the event.

The code is read, not run: `json.loads(event["body"])["title"]` asks for a body of JSON with a title.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sls_lab.code import Code, Module
from sls_lab.replay.http_requests import http_trigger
from sls_lab.replay.requests_file import PLACE, Scenario
from sls_lab.template.model import Template

KeyPath = tuple[str, ...]
_ITEM, _JSON, _YAML, _CSV = "[]", "$json", "$yaml", "$csv"
_KINDS: Final = {"number": "1", "base64": "eA=="}  #: what is sent where no other string would do
_DEPTH: Final = 5
_KEPT: Final = frozenset({"strip", "lower", "upper", "encode", "decode", "copy", "rstrip", "lstrip", "title"})
_LISTS: Final = frozenset({"list", "sorted", "tuple", "reversed", "set", "enumerate"})
_PARTS: Final = {"body": "body", "queryStringParameters": "query", "pathParameters": "path", "headers": "headers"}


def shaped_requests(template: Template, code: Code) -> tuple[Scenario, ...]:
    """One honest request for each handler, and one with `{marker}` for each string in a body of YAML or CSV.

    What one handler takes for a number or for base64, the others' requests have as such under the same name: events
    carry it on.
    """
    trees: dict[str, dict[str, Any]] = {}
    for function in template.functions:
        handler = code.handlers.get(function.name)
        if handler is None or handler.definition is None or handler.event is None:
            continue
        module = code.modules.get(handler.file)
        if module is None:
            continue
        reader = _ShapeReader(code, module)
        reader.function(handler.definition, {handler.event: ()}, module)
        trees[function.name] = reader.tree
    kinds = dict(pair for tree in trees.values() for pair in _kinds(tree))
    found: list[Scenario] = []
    for name, tree in trees.items():
        found += _scenarios(name, _with_kinds(tree, kinds), http_trigger(template.function(name)) is not None)
    return tuple(found)


def _kinds(tree: Any) -> Iterator[tuple[str, str]]:
    """The names under which something else than a string is expected."""
    for key, inner in tree.items():
        if isinstance(inner, str):
            yield key, inner
        else:
            yield from _kinds(inner)


def _with_kinds(tree: dict[str, Any], kinds: Mapping[str, str]) -> dict[str, Any]:
    return {
        key: inner if isinstance(inner, str) else _with_kinds(inner, kinds) if inner else kinds.get(key, {})
        for key, inner in tree.items()
    }


def _scenarios(name: str, tree: dict[str, Any], http: bool) -> list[Scenario]:
    if not http:
        return [Scenario(f"an event for {name}", name, False, {"event": _built(tree)} if tree else {})]
    parts: dict[str, Any] = {}
    for key, word in _PARTS.items():
        if key in tree:
            parts[word] = _body(tree[key]) if key == "body" else _built(tree[key])
    # Where the code does not tell what it takes, the body as a whole is all that there is to try.
    found = [Scenario(f"a request to {name}", name, False, parts or {"body": "x"})]
    body = tree.get("body")
    if isinstance(body, dict) and (_YAML in body or _CSV in body):
        marked = {**parts, "body": _body(body, PLACE)}
        found += [Scenario(f"an attack on {name}", name, True, marked)]
        found += [Scenario(f"an attack on all of {name}", name, True, {**parts, "body": PLACE})]
    return found


def _body(tree: Any, text: str = "x") -> Any:
    """The body: JSON as a value (it is written out later), YAML and CSV as text."""
    if isinstance(tree, dict) and _JSON in tree:
        return _built(tree[_JSON], text)
    if isinstance(tree, dict) and _YAML in tree:
        return json.dumps(_built(tree[_YAML], text))  # JSON is YAML
    if isinstance(tree, dict) and _CSV in tree:
        row = _built(tree[_CSV], text)
        row = row[0] if isinstance(row, list) and row and isinstance(row[0], dict) else {"x": text}
        return ",".join(row) + "\n" + ",".join(map(str, row.values())) + "\n"
    return _built(tree, text)


def _built(tree: Any, text: str = "x") -> Any:
    """A value of the shape; `text` in the place of each string."""
    if isinstance(tree, str):
        return _KINDS[tree]
    if not isinstance(tree, dict) or not tree:
        return text
    if _ITEM in tree:
        return [_built(tree[_ITEM], text)]
    if _JSON in tree:
        return json.dumps(_built(tree[_JSON], text))
    return {key: _built(inner, text) for key, inner in tree.items() if not key.startswith("$")} or text


@dataclass
class _ShapeReader:
    """Follows what comes from the event through names, loops and calls of the application's own functions."""

    code: Code
    module: Module
    tree: dict[str, Any] = field(default_factory=dict)
    _depth: int = 0

    def function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, names: dict[str, KeyPath], module: Module
    ) -> KeyPath | None:
        """Read one function with some of its parameters known; what it returns, where that is of the event."""
        before, self.module = self.module, module
        self._depth += 1
        returned: KeyPath | None = None
        if self._depth <= _DEPTH:
            if isinstance(node, ast.Lambda):
                returned = self._expression(node.body, names)
            else:
                returned = self._block(node.body, names)
        self._depth -= 1
        self.module = before
        return returned

    def _block(self, statements: Sequence[ast.stmt], names: dict[str, KeyPath]) -> KeyPath | None:
        returned: KeyPath | None = None
        for statement in statements:
            match statement:
                case ast.Assign(targets=targets, value=value):
                    found = self._expression(value, names)
                    for target in targets:
                        self._bind(target, found, names)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    self._bind(target, self._expression(value, names), names)
                case ast.For(target=target, iter=listed):
                    self._bind(target, self._item(self._expression(listed, names)), names)
                case ast.Return(value=ast.expr() as value):
                    returned = self._expression(value, names) or returned
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    continue
                case _:
                    for child in ast.iter_child_nodes(statement):
                        if isinstance(child, ast.withitem):
                            found = self._expression(child.context_expr, names)
                            if child.optional_vars is not None:
                                self._bind(child.optional_vars, found, names)
                        elif isinstance(child, ast.expr):
                            self._expression(child, names)
            for word in ("body", "orelse", "finalbody"):
                inner = getattr(statement, word, None)
                if isinstance(inner, list):
                    returned = self._block([one for one in inner if isinstance(one, ast.stmt)], names) or returned
            for handler in getattr(statement, "handlers", []):
                self._block(handler.body, names)
        return returned

    def _bind(self, target: ast.expr, path: KeyPath | None, names: dict[str, KeyPath]) -> None:
        if isinstance(target, ast.Name):
            if path is None:
                names.pop(target.id, None)
            else:
                names[target.id] = path
        elif isinstance(target, ast.Tuple) and path is not None and target.elts:
            self._bind(target.elts[-1], path, names)  # the value of `for index, value in enumerate(…)`

    def _expression(self, node: ast.expr, names: dict[str, KeyPath]) -> KeyPath | None:
        match node:
            case ast.Name(id=name):
                return names.get(name)
            case ast.Subscript(value=value, slice=ast.Constant(value=str() as key)):
                return self._step(self._expression(value, names), key)
            case ast.Subscript(value=value):
                return self._item(self._expression(value, names))
            case ast.BoolOp(values=values):
                found = [self._expression(value, names) for value in values]
                return next((one for one in found if one is not None), None)
            case ast.Call():
                return self._call(node, names)
            case ast.ListComp(elt=elt, generators=generators) | ast.GeneratorExp(elt=elt, generators=generators):
                inner = dict(names)
                for generator in generators:
                    self._bind(generator.target, self._item(self._expression(generator.iter, inner)), inner)
                self._expression(elt, inner)
                return None
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self._expression(child, names)
        return None

    def _call(self, node: ast.Call, names: dict[str, KeyPath]) -> KeyPath | None:
        given = [self._expression(argument, names) for argument in node.args]
        named = {one.arg: self._expression(one.value, names) for one in node.keywords if one.arg is not None}
        written = ast.unparse(node.func)
        first = next((path for path in given if path is not None), None)
        if isinstance(node.func, ast.Attribute):
            receiver = self._expression(node.func.value, names)
            if receiver is not None:
                if node.func.attr == "get" and node.args and isinstance(node.args[0], ast.Constant):
                    return self._step(receiver, str(node.args[0].value))
                return receiver if node.func.attr in _KEPT else None
        if first is not None:
            if written.endswith("json.loads") or written == "loads":
                return self._step(first, _JSON)
            if "yaml." in written:
                return self._step(first, _YAML)
            if written.endswith("DictReader"):
                return self._step(first, _CSV)
            if written.endswith("b64decode"):
                self._note(first, "base64")
                return first
            if written in ("int", "float"):
                self._note(first, "number")
                return None
            if written in ("str", *_LISTS) or written.endswith(("StringIO", "BytesIO", "unquote_plus")):
                return first
        return self._own(node, given, named)

    def _own(
        self, node: ast.Call, given: Sequence[KeyPath | None], named: Mapping[str, KeyPath | None]
    ) -> KeyPath | None:
        """A call of a function of the application, by its name in this file or in the one it is imported from."""
        if not isinstance(node.func, ast.Name) or not any(path is not None for path in (*given, *named.values())):
            return None
        found = self._definition(node.func.id)
        if found is None:
            return None
        function, module = found
        parameters = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
        names = {name: path for name, path in zip(parameters, given, strict=False) if path is not None}
        names |= {name: path for name, path in named.items() if path is not None}
        return self.function(function, names, module)

    def _definition(self, name: str) -> tuple[ast.FunctionDef | ast.AsyncFunctionDef, Module] | None:
        for statement in self.module.tree.body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and statement.name == name:
                return statement, self.module
            if isinstance(statement, ast.ImportFrom) and any(
                (one.asname or one.name) == name for one in statement.names
            ):
                original = next(one.name for one in statement.names if (one.asname or one.name) == name)
                ending = (statement.module or "").replace(".", "/") + ".py"
                for file, module in self.code.modules.items():
                    for inner in module.tree.body if file.endswith(ending) else ():
                        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) and inner.name == original:
                            return inner, module
        return None

    def _step(self, path: KeyPath | None, key: str) -> KeyPath | None:
        if path is None:
            return None
        self._note((*path, key))
        return (*path, key)

    def _item(self, path: KeyPath | None) -> KeyPath | None:
        return self._step(path, _ITEM)

    def _note(self, path: KeyPath, kind: str = "") -> None:
        """Write a path down in the tree; a leaf is an empty mapping, or a kind."""
        tree = self.tree
        for step in path[:-1]:
            inner = tree.get(step)
            if not isinstance(inner, dict):
                inner = tree[step] = {}
            tree = inner
        if path and not tree.get(path[-1]):
            tree[path[-1]] = kind or {}
