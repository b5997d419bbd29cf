"""Loading of modules: each is run once for all handlers that see the same environment in it.

To run a module's top level is most of the work, and the handlers of an application share most modules. So a load
records everything that it did (`Loaded`: changes to the heap, calls of boto3, notes) and everything that it depended on
(the environment variables that were read, the modules that were needed). A later handler replays the record instead of
running the module, if all of that is the same for it. A module in a circle of imports is never replayed, since what it
saw of the others depends on where the circle was entered.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sls_lab.code.imports import Located, Roots
from sls_lab.code.interpret.budget import NAMES_IN_A_STEP
from sls_lab.code.interpret.frames import Frame
from sls_lab.code.interpret.heap import HeapMark, new_number
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.memory import Loaded
from sls_lab.code.interpret.module_state import ModuleState
from sls_lab.code.interpret.objects import ModuleRef
from sls_lab.code.interpret.values import External, Value
from sls_lab.code.module_index import Import
from sls_lab.facts import Diagnostic

#: So many of the latest loads of one file are compared with what a handler needs.
_REMEMBERED = 16


def environment_read(machine: Machine, name: str) -> None:
    """Remember that the modules being loaded depend on a variable."""
    for loading in machine.loads.running:
        loading.reads[name] = machine.environment.fingerprint(name)


def load_module(machine: Machine, file: str, folder: str | None, roots: Roots) -> Value:
    """The module in a file (or the package in a folder without one), run if it was not yet."""
    known = machine.loads.states.get(file or folder or "")
    if known is not None:
        for loading in machine.loads.running:
            loading.needed[file or folder or ""] = known
            # Inside a circle of imports what was seen of the other module is not all of it.
            if any(other.state is known for other in machine.loads.running):
                loading.reusable = False
        return (ModuleRef(known),)
    for earlier in machine.loads.earlier.get((file, roots), [])[-_REMEMBERED:]:
        if _fits(machine, earlier):
            _reuse(machine, earlier)
            return (ModuleRef(earlier.state),)
    module = machine.index.module(file) if file else None
    if isinstance(module, Diagnostic):
        module = None
    rebound = machine.index.facts(module).rebound if module is not None else frozenset()
    state = ModuleState(new_number(), file, folder, module, roots, rebound)
    machine.loads.states[file or folder or ""] = state
    for other in machine.loads.running:
        other.states[file or folder or ""] = state
    if module is None:
        return (ModuleRef(state),)
    loading = Loaded(state)
    loading.states[file] = state
    with _apart(machine, loading) as mark:
        machine.block(module.tree.body, Frame(state.oid, state, module, None, mark=mark))
    if loading.reusable:
        machine.loads.earlier.setdefault((file, roots), []).append(loading)
    return (ModuleRef(state),)


@contextmanager
def _apart(machine: Machine, loading: Loaded) -> Iterator[HeapMark]:
    """Run a module apart from what imports it, and note in `loading` what it did."""
    machine.loads.running.append(loading)
    mark = machine.store.mark()
    met, notes, undeclared = len(machine.recorder.met), dict(machine.notes), dict(machine.environment.diagnostics)
    statement, running, machine.running = machine.statement, machine.running, []
    incomplete, machine.incomplete = machine.incomplete, None
    handed_over, machine.handed_over = machine.handed_over, set()
    machine.depth += 1
    try:
        yield mark
    finally:
        machine.depth -= 1
        machine.statement, machine.running = statement, running
        machine.loads.running.pop()
    loading.incomplete, machine.incomplete = machine.incomplete, incomplete or machine.incomplete
    loading.handed_over = machine.handed_over
    machine.handed_over = handed_over | loading.handed_over
    loading.changes = machine.store.changes(mark)
    loading.met = machine.recorder.met[met:]
    loading.notes = {key: note for key, note in machine.notes.items() if key not in notes}
    loading.undeclared = {k: note for k, note in machine.environment.diagnostics.items() if k not in undeclared}


def _fits(machine: Machine, earlier: Loaded) -> bool:
    """Whether what was loaded for an earlier handler is what this one would load."""
    if any(machine.environment.fingerprint(name) != seen for name, seen in earlier.reads.items()):
        return False
    states = {**earlier.states, **earlier.needed}
    return all(machine.loads.states.get(file, state) is state for file, state in states.items()) and all(
        file in machine.loads.states for file in earlier.needed if file not in earlier.states
    )


def _reuse(machine: Machine, earlier: Loaded) -> None:
    if machine.loads.running or machine.store.cells:
        machine.step(len(earlier.changes) // NAMES_IN_A_STEP)
        machine.store.apply(earlier.changes)
    else:
        machine.store.begin_with(earlier.changes)
    machine.recorder.met.extend(earlier.met)
    machine.notes.update(earlier.notes)
    machine.incomplete = machine.incomplete or earlier.incomplete
    machine.handed_over |= earlier.handed_over
    for name, note in earlier.undeclared.items():
        machine.environment.diagnostics.setdefault(name, note)
    machine.loads.states.update(earlier.states)
    for loading in machine.loads.running:
        loading.states.update(earlier.states)
        loading.reads.update(earlier.reads)


def import_module(machine: Machine, name: str, level: int, frame: Frame) -> Value:
    """Load the module that an import means; an external name where it is not of the application."""
    located = machine.index.locate(Import(name, level, ()), frame.state.file, frame.state.roots)
    if located is None:
        return (External(name or "."),)
    if not level:
        _load_packages(machine, name, frame)
    return _located(machine, located, frame.state.roots)


def _load_packages(machine: Machine, name: str, frame: Frame) -> None:
    """`import a.b.c` loads a and a.b first, and binds each in the one before."""
    pieces = name.split(".")
    above: Value = ()
    for count in range(1, len(pieces) + 1):
        located = machine.index.resolver.absolute(".".join(pieces[:count]), frame.state.roots, frame.state.file)
        if located is None:
            return
        value = _located(machine, located, frame.state.roots)
        for atom in above:
            if isinstance(atom, ModuleRef) and machine.store.read((atom.state.oid, pieces[count - 1])) is None:
                machine.store.write((atom.state.oid, pieces[count - 1]), value)
        above = value


def submodule_of(machine: Machine, state: ModuleState, name: str) -> Value:
    """The submodule of a package, loaded; empty if there is none."""
    if state.folder is None or not name.isidentifier():
        return ()
    located = machine.index.resolver.inside(Located(state.file or None, state.folder), name)
    return _located(machine, located, state.roots) if located is not None else ()


def _located(machine: Machine, located: Located, roots: Roots) -> Value:
    return load_module(machine, located.file or "", located.folder, roots)
