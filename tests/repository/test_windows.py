"""What Windows does not have is used by two rooms alone, and no file of the repository troubles it.

Which functions and modules a system has is what typeshed says of it, which comes with mypy
(https://github.com/python/typeshed/tree/main/stdlib).
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PureWindowsPath

import mypy
import pytest

from tests.repository.test_rooms import DATA, PACKAGE, ROOT, modules
from tests.repository.test_tracked_files import tracked

STUBS = Path(mypy.__file__).parent / "typeshed" / "stdlib"
#: The rooms that start and limit programs. Each asks `sls_lab/facts/surroundings.py` first.
STARTING = ("taint/run/", "replay/")
#: What is run from a clone by whoever has no `make`.
SCRIPTS = ("setup.py", "lab.py", "packages.py", "chromium.py")
#: Folders that a POSIX system has.
POSIX_PLACE = re.compile(r"/(bin|dev|etc|proc|tmp|usr|var)(/|$)")
#: https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
NOT_IN_NAMES = re.compile(r'[<>:"|?*\\\x00-\x1f]|[ .]$')
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
LONGEST = 200  # of the 260 characters of a path, so that a clone may lie some folders deep


def holds(test: ast.expr, platform: str) -> bool:
    """Whether a condition of a stub holds on a platform; what asks for versions of Python counts as true."""
    match test:
        case ast.BoolOp(op=ast.And(), values=values):
            return all(holds(one, platform) for one in values)
        case ast.BoolOp(op=ast.Or(), values=values):
            return any(holds(one, platform) for one in values)
        case ast.Compare(
            left=ast.Attribute(attr="platform"), ops=[ast.Eq()], comparators=[ast.Constant(value=str(name))]
        ):
            return name == platform
        case ast.Compare(
            left=ast.Attribute(attr="platform"), ops=[ast.NotEq()], comparators=[ast.Constant(value=str(name))]
        ):
            return name != platform
    return True


def defined(body: list[ast.stmt], platform: str) -> Iterator[str]:
    """The names that a stub defines for a platform; what it only imports for itself is not among them."""
    for node in body:
        match node:
            case ast.If():
                asks_version = "version_info" in ast.unparse(node.test)
                yes = holds(node.test, platform)
                yield from defined(node.body if yes else [], platform)
                yield from defined(node.orelse if not yes or asks_version else [], platform)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                yield name
            case ast.ImportFrom(names=names):
                yield from (one.asname for one in names if one.asname == one.name)


@cache
def posix_names(module: str) -> frozenset[str] | None:
    """The names of a module of the standard library that Windows has not; None where it has not the module itself."""
    base = STUBS.joinpath(*module.split("."))
    file = next((one for one in (base.with_suffix(".pyi"), base / "__init__.pyi") if one.is_file()), None)
    if file is None:
        return frozenset()
    body = ast.parse(file.read_text(encoding="utf-8")).body
    windows, others = set(defined(body, "win32")), {*defined(body, "linux"), *defined(body, "darwin")}
    return frozenset(others - windows) if windows or not others else None


def posix_uses(source: str) -> Iterator[str]:
    """What a program uses that Windows has not, each with its line."""
    tree = ast.parse(source)
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for one in names:
                    modules[one.asname or one.name] = one.name
                    if posix_names(one.name) is None:
                        yield f"{node.lineno}: {one.name}"
            case ast.ImportFrom(module=str(module), names=names):
                absent = posix_names(module)
                yield from (
                    f"{node.lineno}: {module}.{one.name}" for one in names if absent is None or one.name in absent
                )
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if attribute in (
                posix_names(modules.get(name, "")) or ()
            ):
                yield f"{node.lineno}: {modules[name]}.{attribute}"
            case ast.Call(func=ast.Name(id="Path" | "open"), args=[ast.Constant(value=str(place)), *_]):
                if POSIX_PLACE.match(place):
                    yield f"{node.lineno}: {place}"


@pytest.mark.parametrize(
    ("program", "found"),
    [
        ("import fcntl", ["1: fcntl"]),
        ("def f():\n    from resource import RLIMIT_AS", ["2: resource.RLIMIT_AS"]),
        ("import os\nos.fork()", ["2: os.fork"]),
        ("import os as system\nsystem.O_NOFOLLOW", ["2: os.O_NOFOLLOW"]),
        ("from os import geteuid, getpid", ["1: os.geteuid"]),
        ("import signal\nsignal.SIGKILL, signal.SIGTERM", ["2: signal.SIGKILL"]),
        ("import time\ntime.tzset()", ["2: time.tzset"]),
        ("from pathlib import Path\nPath('/dev/shm')", ["2: /dev/shm"]),
        ("import os\nos.getpid(), os.umask(0), os.replace", []),
        ("import os\ngetattr(os, 'O_NOFOLLOW', 0)", []),
    ],
)
def test_what_windows_has_not_is_recognised(program: str, found: list[str]) -> None:
    assert list(posix_uses(program)) == found


def test_only_the_rooms_that_limit_programs_use_what_windows_has_not() -> None:
    using = {
        module.as_posix(): list(posix_uses((PACKAGE / module).read_text(encoding="utf-8"))) for module in modules()
    }
    assert any(uses for module, uses in using.items() if module.startswith(STARTING))
    assert not {module: uses for module, uses in using.items() if uses and not module.startswith(STARTING)}


def at_import(tree: ast.Module) -> ast.Module:
    """What a module runs when it is imported: functions without their bodies, but for their decorators and defaults."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [ast.Pass()]
        elif isinstance(node, ast.Lambda):
            node.body = ast.Constant(None)
    return tree


def test_every_test_can_be_collected_on_windows() -> None:
    """What needs another system is marked `posix`, and is then not run; but all modules of tests are imported."""
    found = {}
    for file in sorted((ROOT / "tests").rglob("*.py")):
        if "fixtures" not in file.parts:
            uses = list(posix_uses(ast.unparse(at_import(ast.parse(file.read_text(encoding="utf-8"))))))
            found[file.relative_to(ROOT).as_posix()] = uses
    assert len(found) > 100
    assert not {name: uses for name, uses in found.items() if uses}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_clone_is_set_up_and_started_without_it_too(name: str) -> None:
    assert not list(posix_uses((ROOT / "scripts" / name).read_text(encoding="utf-8")))


def test_names_of_files_are_possible_on_windows_and_differ_in_more_than_case() -> None:
    names = [file.relative_to(ROOT) for file in tracked()]
    assert not [name for name in names if any(NOT_IN_NAMES.search(part) or RESERVED.match(part) for part in name.parts)]
    assert not [name for name in names if len(str(PureWindowsPath(name))) > LONGEST]
    folded = Counter(name.as_posix().casefold() for name in names)
    assert not [name for name, count in folded.items() if count > 1]


def test_git_writes_the_same_line_ends_on_every_system() -> None:
    """Golden files, recordings and hashes are compared byte by byte."""
    assert (ROOT / ".gitattributes").read_text(encoding="utf-8").splitlines()[-1] == "* text=auto eol=lf"


def test_every_file_of_the_kit_says_which_encoding_it_reads_and_writes() -> None:
    """Windows reads and writes another one where none is named: https://peps.python.org/pep-0597/."""
    found = []
    for module in (*modules(), *(Path("..", "scripts", name) for name in SCRIPTS)):
        for node in ast.walk(ast.parse((PACKAGE / module).read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="read_text" | "write_text" as name), args=args, keywords=words):
                    given = len(args) > (0 if name == "read_text" else 1)
                    if not given and not any(word.arg == "encoding" for word in words):
                        found.append(f"{module}:{node.lineno}")
    assert not found


def test_the_walk_over_the_package_leaves_out_data_alone() -> None:
    assert {module.parts[0] for module in modules()} > {"taint", "replay", "survey"}
    assert all(not module.as_posix().startswith(DATA) for module in modules())
