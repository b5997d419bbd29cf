"""Loading of modules: each is run once for all handlers that see the same environment in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from sls_lab.code.imports import Located, Roots
from sls_lab.code.interpret.call_log import Met
from sls_lab.code.interpret.frames import Frame, ModuleState
from sls_lab.code.interpret.heap import Changes, new_number
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.values import External, ModuleRef, Value
from sls_lab.code.modules import Import
from sls_lab.facts import Diagnostic, Pattern
from sls_lab.template.model import Variable


@dataclass(eq=False, slots=True)
class Loaded:
    """What loading one module did.

    `reads` are the variables it depends on, `changes` what it wrote, `met` its boto3 calls, `states` the modules that
    it loaded and `needed` those that it found loaded.
    """

    state: ModuleState
    reads: dict[str, Variable | Pattern | None] = field(default_factory=dict)
    changes: Changes = field(default_factory=dict)
    met: list[Met] = field(default_factory=list)
    states: dict[str, ModuleState] = field(default_factory=dict)
    needed: dict[str, ModuleState] = field(default_factory=dict)
    notes: dict[tuple[str, str, int], Diagnostic] = field(default_factory=dict)
    undeclared: dict[str, Diagnostic] = field(default_factory=dict)
    handed_over: set[str] = field(default_factory=set)
    incomplete: Diagnostic | None = None
    reusable: bool = True


#: So many of the latest loads of one file are compared with what a handler needs.
_REMEMBERED = 16
#: What was loaded for earlier handlers, by file and roots.
Library = dict[tuple[str, Roots], list[Loaded]]


class Loading(Machine):
    """Imports."""

    def __init__(self, *parts: object) -> None:
        """Nothing loaded yet."""
        super().__init__(*parts)  # type: ignore[arg-type]
        self.loaded: Library = {}
        self.states: dict[str, ModuleState] = {}
        self._loading: list[Loaded] = []

    def environment_read(self, name: str) -> None:
        """Remember that the modules being loaded depend on a variable."""
        for loading in self._loading:
            loading.reads[name] = self.environment.fingerprint(name)

    def load(self, file: str, folder: str | None, roots: Roots) -> Value:
        """The module in a file (or the package in a folder without one), run if it was not yet."""
        known = self.states.get(file or folder or "")
        if known is not None:
            for loading in self._loading:
                loading.needed[file or folder or ""] = known
                # Inside a circle of imports what was seen of the other module is not all of it.
                if any(other.state is known for other in self._loading):
                    loading.reusable = False
            return (ModuleRef(known),)
        for earlier in self.loaded.get((file, roots), [])[-_REMEMBERED:]:
            if self._fits(earlier):
                self._reuse(earlier)
                return (ModuleRef(earlier.state),)
        module = self.index.module(file) if file else None
        if isinstance(module, Diagnostic):
            module = None
        rebound = self.index.facts(module).rebound if module is not None else frozenset()
        state = ModuleState(new_number(), file, folder, module, roots, rebound)
        self.states[file or folder or ""] = state
        for other in self._loading:
            other.states[file or folder or ""] = state
        if module is None:
            return (ModuleRef(state),)
        loading = Loaded(state)
        loading.states[file] = state
        self._loading.append(loading)
        mark = self.store.mark()
        met, notes, undeclared = len(self.recorder.met), dict(self.notes), dict(self.environment.diagnostics)
        statement, running, self.running = self.statement, self.running, []
        incomplete, self.incomplete = self.incomplete, None
        handed_over, self.handed_over = self.handed_over, set()
        frame = Frame(state.oid, state, module, None, mark=mark)
        self.depth += 1
        try:
            self.block(module.tree.body, frame)
        finally:
            self.depth -= 1
            self.statement, self.running = statement, running
            self._loading.pop()
        loading.incomplete, self.incomplete = self.incomplete, incomplete or self.incomplete
        loading.handed_over = self.handed_over
        self.handed_over = handed_over | loading.handed_over
        loading.changes = self.store.changes(mark)
        loading.met = self.recorder.met[met:]
        loading.notes = {key: note for key, note in self.notes.items() if key not in notes}
        loading.undeclared = {k: note for k, note in self.environment.diagnostics.items() if k not in undeclared}
        if loading.reusable:
            self.loaded.setdefault((file, roots), []).append(loading)
        return (ModuleRef(state),)

    def _fits(self, earlier: Loaded) -> bool:
        """Whether what was loaded for an earlier handler is what this one would load."""
        if any(self.environment.fingerprint(name) != seen for name, seen in earlier.reads.items()):
            return False
        states = {**earlier.states, **earlier.needed}
        return all(self.states.get(file, state) is state for file, state in states.items()) and all(
            file in self.states for file in earlier.needed if file not in earlier.states
        )

    def _reuse(self, earlier: Loaded) -> None:
        self.store.apply(earlier.changes)
        self.recorder.met.extend(earlier.met)
        self.notes.update(earlier.notes)
        self.incomplete = self.incomplete or earlier.incomplete
        self.handed_over |= earlier.handed_over
        for name, note in earlier.undeclared.items():
            self.environment.diagnostics.setdefault(name, note)
        self.states.update(earlier.states)
        for loading in self._loading:
            loading.states.update(earlier.states)
            loading.reads.update(earlier.reads)

    def import_module(self, name: str, level: int, frame: Frame) -> Value:
        """Load the module that an import means; an external name where it is not of the application."""
        located = self.index.locate(Import(name, level, ()), frame.state.file, frame.state.roots)
        if located is None:
            return (External(name or "."),)
        if not level:
            self._load_packages(name, frame)
        return self._located(located, frame.state.roots)

    def _load_packages(self, name: str, frame: Frame) -> None:
        """`import a.b.c` loads a and a.b first, and binds each in the one before."""
        pieces = name.split(".")
        above: Value = ()
        for count in range(1, len(pieces) + 1):
            located = self.index.resolver.absolute(".".join(pieces[:count]), frame.state.roots, frame.state.file)
            if located is None:
                return
            value = self._located(located, frame.state.roots)
            for atom in above:
                if isinstance(atom, ModuleRef) and self.store.read((atom.state.oid, pieces[count - 1])) is None:
                    self.store.write((atom.state.oid, pieces[count - 1]), value)
            above = value

    def submodule(self, state: ModuleState, name: str) -> Value:
        """The submodule of a package, loaded; empty where there is none."""
        if state.folder is None or not name.isidentifier():
            return ()
        located = self.index.resolver.inside(Located(state.file or None, state.folder), name)
        return self._located(located, state.roots) if located is not None else ()

    def _located(self, located: Located, roots: Roots) -> Value:
        return self.load(located.file or "", located.folder, roots)
