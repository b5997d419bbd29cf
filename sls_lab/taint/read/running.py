"""Which handlers run a function."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from sls_lab.python.module import FunctionNode
from sls_lab.taint.read.paths import FramePath
from sls_lab.taint.read.pysa_output import PysaResults
from sls_lab.taint.staging.staged_folder import StagedApp

#: How Pysa names the methods that a call may mean where classes below redefine one: `Overrides{app.Base.work}`.
_OVERRIDES = "Overrides{"


class Running:
    """Which handlers run functions themselves, without an event in between."""

    def __init__(self, app: StagedApp, results: PysaResults) -> None:
        """Nothing is computed before it is asked for."""
        self._app = app
        self._handlers = app.handlers
        self._entries = {one for callables in app.handlers.values() for one in callables}
        self._calls = results.calls
        self._reached: dict[str, frozenset[str]] = {}
        self._methods: Mapping[str, tuple[tuple[str, ast.AST], ...]] | None = None

    def along(self, to_source: FramePath) -> tuple[str, ...]:
        """The handlers that run a source and those functions to which its data is returned, in the template's order.

        The answer of a handler that was woken is another handler's.
        """
        running = set(self._handlers)
        for hop in reversed(to_source):
            if hop is not to_source[-1] and self._entries & set(hop.frame.callees):
                break
            running = {name for name in running if hop.callable in self._from(name)}
        return tuple(name for name in self._handlers if name in running)

    def _from(self, name: str) -> frozenset[str]:
        """What a handler calls, and what that calls, other handlers left out."""
        if name not in self._reached:
            own = self._handlers[name]
            reached, waiting = set(own), list(own)
            others = self._entries - reached
            while waiting:
                for target in self._calls.get(waiting.pop(), ()):
                    for called in self._meant(name, target):
                        if called not in reached and called not in others:
                            reached.add(called)
                            waiting.append(called)
            self._reached[name] = frozenset(reached)
        return self._reached[name]

    def _meant(self, handler: str, target: str) -> Iterator[str]:
        """What a call means: of the methods that redefine one, those which the handler runs, where that is known."""
        if not target.startswith(_OVERRIDES):
            yield target
            return
        base = target.removeprefix(_OVERRIDES).rstrip("}")
        yield base
        run = self._app.subject.code.methods.run.get(handler)
        if self._methods is None:
            self._methods = self._all_methods()
        for called, node in self._methods.get(base.rpartition(".")[2], ()):
            if run is None or node in run:
                yield called

    def _all_methods(self) -> Mapping[str, tuple[tuple[str, ast.AST], ...]]:
        """The methods of the application as Pysa calls them, with their definitions, by their last name."""
        found: dict[str, tuple[tuple[str, ast.AST], ...]] = {}
        for file, module in self._app.subject.code.modules.items():
            home = f"{self._app.package}.{self._app.subject.rewriting.modules[file]}"
            for called, node in _methods_in(module.tree.body, home):
                found[node.name] = (*found.get(node.name, ()), (called, node))
        return found


def _methods_in(body: list[ast.stmt], home: str) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for one in body:
        if isinstance(one, ast.ClassDef):
            for inner in one.body:
                if isinstance(inner, FunctionNode):
                    yield f"{home}.{one.name}.{inner.name}", inner
            yield from _methods_in([each for each in one.body if isinstance(each, ast.ClassDef)], f"{home}.{one.name}")
