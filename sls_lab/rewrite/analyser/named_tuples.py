"""Let a named tuple have its fields by their numbers as well.

`Job(name, command)`, for a named tuple of the application, is
`sls_lab_event.numbered((Job(name, command)), (name, command))`: Pysa keeps what the class is given by the names of its
fields alone, and would not find it in `name, command = job`, wherever that is.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from sls_lab.python.imported import Modules
from sls_lab.python.module import Module
from sls_lab.rewrite.analyser.draft import STUB, Draft
from sls_lab.rewrite.model import Edit, Origin

TupleFields = Mapping[str, Sequence[str]]


class NamedTuples:
    """The named tuples of one application, by the names that its files have for them."""

    def __init__(self, modules: Mapping[str, Module]) -> None:
        """`modules` by file."""
        own = {file: dict(_named_tuples(module.tree)) for file, module in modules.items()}
        found = Modules(modules)
        self._known = {file: {**dict(_imported(module, found, own)), **own[file]} for file, module in modules.items()}

    def edits(self, draft: Draft) -> list[Edit]:
        """The edits of the calls that make named tuples."""
        fields = self._known.get(draft.file, {})
        edits: list[Edit] = []
        for node in draft.nodes if fields else ():
            match node:
                case ast.Call(func=ast.Name(id=name)) if name in fields:
                    edits += _numbered(draft, node, fields[name])
        if edits:
            edits.append(draft.import_edit("for `numbered`"))
        return edits


def _imported(module: Module, found: Modules, own: Mapping[str, TupleFields]) -> Iterator[tuple[str, Sequence[str]]]:
    for statement in module.tree.body:
        if isinstance(statement, ast.ImportFrom):
            source = found.find(module, statement.module or "", statement.level)
            for alias in statement.names if source is not None else ():
                if source is not None and alias.name in own[source.file]:
                    yield alias.asname or alias.name, own[source.file][alias.name]


def _named_tuples(tree: ast.Module) -> Iterator[tuple[str, Sequence[str]]]:
    """The fields of the named tuples that a file defines.

    https://docs.python.org/3/library/typing.html#typing.NamedTuple,
    https://docs.python.org/3/library/collections.html#collections.namedtuple
    """
    for statement in tree.body:
        match statement:
            case ast.ClassDef(name=name, bases=[ast.Name(id="NamedTuple") | ast.Attribute(attr="NamedTuple")]):
                targets = [one.target for one in statement.body if isinstance(one, ast.AnnAssign)]
                yield name, [target.id for target in targets if isinstance(target, ast.Name)]
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=ast.Name(id="namedtuple") | ast.Attribute(attr="namedtuple"), args=[_, fields]),
            ):
                match fields:
                    case ast.List(elts=elements) | ast.Tuple(elts=elements):
                        texts = [one.value for one in elements if isinstance(one, ast.Constant)]
                        yield name, [text for text in texts if isinstance(text, str)]
                    case ast.Constant(value=str() as text):
                        yield name, text.replace(",", " ").split()


def _numbered(draft: Draft, call: ast.Call, fields: Sequence[str]) -> Iterator[Edit]:
    """The call with a tuple of what it is given beside it; a field that is left out is None there."""
    starred = any(isinstance(one, ast.Starred) for one in call.args) or any(one.arg is None for one in call.keywords)
    if starred or len(call.args) > len(fields):
        return
    given = dict(zip(fields, call.args, strict=False)) | {one.arg: one.value for one in call.keywords if one.arg}
    text = "), ("
    origins: list[Origin] = []
    for name in fields:
        if name in given:
            start, end = draft.range(given[name])
            written = " ".join(draft.text[start:end].splitlines())
            origins.append(Origin(len(text) + 1, len(text) + 1 + len(written), draft.span(start, end)))
            text += f"({written}), "
        else:
            text += "None, "
    start, end = draft.range(call)
    reason = draft.reason("the fields have numbers as well", call)
    yield draft.edit("named-tuple", (start, start), f"{STUB}.numbered((", reason, about=(start, end))
    yield draft.edit("named-tuple", (end, end), f"{text}))", reason, about=(start, end), origins=tuple(origins))
