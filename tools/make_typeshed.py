"""Generate the tables in `sls_lab/taint/typeshed` from the typeshed that Pyrefly brings along.

`stdlib.json` has each stub of the standard library in a plain form, from which a run takes what its code mentions:
one statement a line, no docstrings, conditions on version and platform decided, imports absolute and one name each,
`*` replaced by the names it stands for. `third_party.json` says what the stubs of each other package take from the
standard library, and which packages they import. `protocols.json` has the names of the members of each protocol.

Usage: `python -m tools.make_typeshed`, with Pyrefly as `pyproject.toml` pins it.
"""

from __future__ import annotations

import ast
import operator
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from sls_lab.taint.run.pysa import PLATFORM, PYTHON, find_programs
from tools.generated import TYPESHED, today, write

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.GtE: operator.ge,
    ast.Gt: operator.gt,
    ast.LtE: operator.le,
    ast.Lt: operator.lt,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


class Stub:
    """One stub: its path below the folder of stubs, its module's name, and its statements without conditions."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        parts = path.with_suffix("").parts
        self.is_package = parts[-1] == "__init__"
        self.module = ".".join(parts[:-1] if self.is_package else parts)
        self.body = list(decided(ast.parse(text).body))

    def source(self, node: ast.ImportFrom) -> str:
        """The absolute name of the module that a statement imports from."""
        if not node.level:
            return node.module or ""
        parts = self.module.split(".") + ([""] if self.is_package else [])
        return ".".join([*parts[: len(parts) - node.level], *([node.module] if node.module else [])])


def main() -> int:
    """Write both tables anew."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "empty.py").touch()
        command = [str(find_programs().pyrefly), "check", "--report-pysa", "types", "empty.py"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        stubs = {stub.module: stub for stub in read(folder / "types" / "typeshed")}
        others = [*read(folder / "types" / "typeshed_third_party"), *read(folder / "types" / "third_party")]
    source = (
        f"the typeshed of pyrefly {metadata.version('pyrefly')}, for Python {'.'.join(map(str, PYTHON))} on {PLATFORM}"
    )
    tool = Path(__file__).name
    protocols = {stub.module: members for stub in stubs.values() if (members := protocol_members(stub))}
    texts = {stub.path.as_posix(): "".join(f"{line}\n" for line in plain(stub, stubs)) for stub in stubs.values()}
    for table, content in (("stdlib", texts), ("protocols", protocols), ("third_party", dict(taken(others, stubs)))):
        write(f"{table}.json", tool, source, today(), content, TYPESHED)
    return 0


def read(folder: Path) -> Iterator[Stub]:
    """All stubs in a folder, the packages `NAME-stubs` under the names that they are imported by."""
    for file in sorted(folder.rglob("*.pyi")):
        first, *rest = file.relative_to(folder).parts
        yield Stub(Path(first.removesuffix("-stubs"), *rest), file.read_text(encoding="utf-8"))


def decided(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements without docstrings and placeholders, and of each condition the branch that counts."""
    for node in body:
        if isinstance(node, ast.If):
            yield from decided(node.body if holds(node.test) else node.orelse)
        elif not isinstance(node, ast.Expr | ast.Pass):
            yield node


def holds(test: ast.expr) -> bool:
    """Whether a condition holds for the version and the platform of all runs. Raises ValueError for another kind."""
    match test:
        case ast.BoolOp(op=ast.And(), values=values):
            return all(map(holds, values))
        case ast.BoolOp(op=ast.Or(), values=values):
            return any(map(holds, values))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not holds(operand)
        case ast.Name(id="TYPE_CHECKING"):
            return True
        case ast.Compare(left=left, ops=[comparison], comparators=[right]):
            known = {"sys.version_info": PYTHON, "sys.platform": PLATFORM}[ast.unparse(left)]
            return _COMPARISONS[type(comparison)](known, ast.literal_eval(right))
    raise ValueError(ast.unparse(test))


def plain(stub: Stub, stubs: Mapping[str, Stub]) -> Iterator[str]:
    """The lines of a stub in the form that `sls_lab.taint.staging.library` reads."""
    for node in stub.body:
        if isinstance(node, ast.ImportFrom):
            source = stub.source(node)
            if node.names[0].name == "*":
                yield from (f"from {source} import {name} as {name}" for name in public(stubs[source], stubs))
            elif node.names[0].name == "__all__":
                yield f"__all__ = {public(stubs[source], stubs)!r}"
            else:
                yield from (f"from {source} import {ast.unparse(alias)}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (f"import {ast.unparse(alias)}" for alias in node.names)
        elif "__all__" not in bound(node):
            yield from written(node)
    listed = exported(stub.body)
    if listed is not None:
        yield f"__all__ = {listed!r}"


def written(node: ast.stmt, indent: str = "") -> Iterator[str]:
    """The lines of a definition or an assignment, a class's with those of its members."""
    if not isinstance(node, (ast.ClassDef, *_FUNCTIONS)):
        yield indent + ast.unparse(node)
        return
    yield from (f"{indent}@{ast.unparse(decorator)}" for decorator in node.decorator_list)
    members = list(decided(node.body)) if isinstance(node, ast.ClassDef) else []
    node.decorator_list, node.body = [], [ast.Pass()]
    yield indent + ast.unparse(node).removesuffix("\n    pass") + ("" if members else " ...")
    for member in members:
        yield from written(member, indent + "    ")


def public(stub: Stub, stubs: Mapping[str, Stub]) -> list[str]:
    """The names that `from MODULE import *` gives."""
    listed = exported(stub.body)
    if listed is not None:
        return listed
    names: list[str] = []
    for node in stub.body:
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            names += public(stubs[stub.source(node)], stubs)
        elif isinstance(node, ast.Import | ast.ImportFrom):  # handed on when it is imported under its own name
            names += [alias.name for alias in node.names if alias.asname == alias.name]
        else:
            names += bound(node)
    return [name for name in dict.fromkeys(names) if not name.startswith("_")]


def exported(body: Iterable[ast.stmt]) -> list[str] | None:
    """The names in `__all__`, None where there is none."""
    names: list[str] | None = None
    for node in body:
        if "__all__" in bound(node) and isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value:
            names = [*(names or []), *ast.literal_eval(node.value)]
    return names


def bound(node: ast.stmt) -> list[str]:
    """The names that a definition or an assignment binds."""
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [ast.unparse(target) for target in targets]
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            return [ast.unparse(target)]
    return []


def protocol_members(stub: Stub) -> list[str]:
    """The names that a class must have to be taken for one of a module's protocols, but for those between `__`."""
    names: set[str] = set()
    for node in (node for statement in stub.body for node in ast.walk(statement) if isinstance(node, ast.ClassDef)):
        if any(ast.unparse(base).partition("[")[0] in ("Protocol", "typing.Protocol") for base in node.bases):
            names |= {name for member in decided(node.body) for name in bound(member)}
    return sorted(name for name in names if not name.startswith("__"))


def taken(others: Iterable[Stub], stubs: Mapping[str, Stub]) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """For each package its `names` of the standard library, as `module:name`, the `packages` that it imports, and the
    `members` of its protocols.
    """
    names: dict[str, set[str]] = {}
    packages: dict[str, set[str]] = {}
    members: dict[str, set[str]] = {}
    builtins = {name for node in stubs["builtins"].body for name in bound(node)}
    for stub in others:
        package = stub.module.partition(".")[0]
        own, imported = names.setdefault(package, set()), packages.setdefault(package, set())
        members.setdefault(package, set()).update(protocol_members(stub))
        modules: dict[str, str] = {}
        nodes = [node for statement in stub.body for node in ast.walk(statement)]
        for node in nodes:
            if isinstance(node, ast.ImportFrom):
                source = stub.source(node)
                own |= {f"{source}:{alias.name}" for alias in node.names if source in stubs}
                imported.add(source.partition(".")[0])
                modules |= {alias.asname or alias.name: f"{source}.{alias.name}" for alias in node.names}
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    own |= {f"{alias.name}:"} if alias.name in stubs else set()
                    first = alias.name.partition(".")[0]
                    imported.add(first)
                    modules[alias.asname or first] = alias.name if alias.asname else first
        for node in nodes:
            if isinstance(node, ast.Name) and node.id in builtins:
                own.add(f"builtins:{node.id}")
            elif isinstance(node, ast.Attribute):
                first, _, rest = ast.unparse(node).partition(".")
                if modules.get(first) in stubs:
                    own.add(f"{modules[first]}:{rest}")
    for package in sorted(names):
        known = packages[package] & set(names) - {package}
        yield package, {"names": sorted(names[package]), "packages": sorted(known), "members": sorted(members[package])}


if __name__ == "__main__":
    sys.exit(main())
