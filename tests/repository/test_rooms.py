"""The rooms stand in one direction, and each keeps to what it may do."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "sls_lab"
# Data that the analysis reads: not modules of the package.
DATA = ("taint/canary", "taint/stubs")
# What each room may import; every room may import itself and `facts`.
# The ground: what is known of Python and of AWS. Each may import `facts` and what is named.
_GROUND = {"python", "aws"}
_WALK = ("template", "code", "services", "events", "rewrite", "taint")
_FACED = {"course", *_GROUND, *_WALK, "linked", "advice", "replay", "silence", "report", "app", "recordings", "scratch"}
MAY_IMPORT = {
    "facts": set(),
    "course": set(),
    "python": set(),
    "aws": set(),
    **{room: {*_GROUND, *_WALK[:place]} for place, room in enumerate(_WALK)},
    "advice": {*_GROUND, "template", "code", "services", "events", "linked"},
    "silence": {*_GROUND, *_WALK, "advice"},
    # Beside the walk: nothing of it imports this room, the one that runs what it is given.
    "replay": {*_GROUND, *_WALK, "scratch"},
    "report": {*_GROUND, *_WALK, "linked", "advice", "replay", "silence"},
    "survey": {*_GROUND, *_WALK, "report", "app", "advice", "silence"},
    "bench": {*_GROUND, *_WALK, "report", "app", "scoring"},
    "exercises": _FACED,
    "room": {*_FACED, "exercises"},
    **{face: {*_FACED, "exercises", "room", "scoring", "bench", "survey"} for face in ("widgets", "cli")},
}
JUPYTER = {"IPython", "anywidget", "ipywidgets", "ipykernel", "jupyter_client", "jupyterlab", "traitlets"}
PROCESSES = {"subprocess", "multiprocessing", "pty"}


def modules() -> list[Path]:
    """The package's modules, relative to it."""
    files = sorted(file.relative_to(PACKAGE) for file in PACKAGE.rglob("*.py"))
    return [file for file in files if not file.as_posix().startswith(DATA)]


@cache
def imports(module: Path) -> frozenset[str]:
    """The dotted names that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse((PACKAGE / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module}: write the import of {node.module} with the package's name"
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def in_room(room: str) -> list[Path]:
    """The modules of one room."""
    return [module for module in modules() if module.parts[0] == room]


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_what_comes_before_it(room: str) -> None:
    assert in_room(room)
    allowed = {f"sls_lab.{name}" for name in MAY_IMPORT[room] | {room, "facts", "__version__"}}
    for module in in_room(room):
        # `from sls_lab.facts import Span` gives `sls_lab.facts` and `sls_lab.facts.Span`: the room stands second.
        own = {name for name in imports(module) if name.startswith("sls_lab.")}
        rooms = {".".join(name.split(".")[:2]) for name in own}
        assert rooms <= allowed, f"sls_lab/{module} imports {sorted(rooms - allowed)}"


def test_no_module_of_the_walk_imports_itself_by_way_of_others() -> None:
    # A package's `__init__` hands on names of its modules, so that it is left out.
    rooms = {"facts", *_GROUND, *_WALK}
    files = [module for module in modules() if module.parts[0] in rooms and module.name != "__init__.py"]
    names = {".".join(("sls_lab", *module.with_suffix("").parts)): module for module in files}
    imported = {
        name: {other for other in imports(module) if other in names and other != name} for name, module in names.items()
    }
    while imported:
        leaves = {name for name, others in imported.items() if not others & imported.keys()}
        assert leaves, f"these import each other in a circle: {sorted(imported)}"
        imported = {name: others for name, others in imported.items() if name not in leaves}


def top_level(module: Path) -> set[str]:
    """The packages that a module imports."""
    return {name.partition(".")[0] for name in imports(module)}


def test_only_the_widgets_know_jupyter() -> None:
    knowing = [module for module in modules() if top_level(module) & JUPYTER and module.parts[0] != "widgets"]
    assert not knowing


def test_only_pysa_and_the_replay_are_started_as_processes() -> None:
    starting = {module.parts[0] for module in modules() if top_level(module) & PROCESSES}
    assert starting <= {"taint", "replay"}


def test_the_kits_own_process_never_imports_what_runs_in_the_child() -> None:
    child = {module for module in modules() if module.parts[:2] == ("replay", "child")}
    assert child
    for module in set(modules()) - child:
        assert not {name for name in imports(module) if name.startswith("sls_lab.replay.child")}, module


def named_types(module: Path) -> Iterator[str]:
    """The classes that a module defines, wherever in it, and the names that it gives to types for others to use."""
    tree = ast.parse((PACKAGE / module).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield node.name
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if name[0].isupper() and not name.isupper():
                    yield name


def test_no_name_of_a_type_has_two_meanings() -> None:
    defined: dict[str, list[str]] = {}
    for module in modules():
        for name in named_types(module):
            defined.setdefault(name, []).append(module.as_posix())
    assert len(defined) > 300
    assert not {name: files for name, files in defined.items() if len(files) > 1}


def test_modules_stay_short() -> None:
    lengths = {str(module): len((PACKAGE / module).read_bytes().splitlines()) for module in modules()}
    assert not {module: length for module, length in lengths.items() if length > 400}


def test_importing_the_package_starts_nothing_and_imports_no_jupyter() -> None:
    program = """
import json, sys
started = []
def listen(event, arguments):
    if event.split(".")[0] == "subprocess" or event in {"os.fork", "os.exec", "os.posix_spawn", "os.system"}:
        started.append(event)
    if event == "socket.connect":
        started.append(event)
sys.addaudithook(listen)
import sls_lab
print(json.dumps([started, sorted(sys.modules)]))
"""
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    started, loaded = json.loads(answer.stdout)
    assert answer.stderr == ""
    assert started == []
    assert "sls_lab" in loaded
    assert not {name.partition(".")[0] for name in loaded} & (JUPYTER | {"botocore", "boto3", "multiprocessing"})


def test_the_page_on_the_rooms_has_each_of_them_and_names_what_is_there() -> None:
    page = (ROOT / "docs" / "inside.md").read_text(encoding="utf-8")
    sections = re.split(r"^## (.+)\n", page, flags=re.MULTILINE)[1:]
    assert {title.partition(" ")[0] for title in sections[::2]} == {
        file.parent.name for file in PACKAGE.glob("*/__init__.py")
    }
    for section in sections[1::2]:
        assert len(section.splitlines()) <= 20
        begin = section.partition("Begin with ")[2]
        files = [ROOT / name for name in re.findall(r"`(sls_lab/[\w/]+\.py)`", begin)]
        assert files and all(file.is_file() for file in files), section
        texts = "\n".join(file.read_text(encoding="utf-8") for file in files)
        for name in re.findall(r"`(\w+)`", begin):
            assert re.search(rf"^(?:def|class) {name}\b|\b{name} = ", texts, re.MULTILINE), name
