"""Step 2: from a template and its sources to modules, handlers and boto3 calls."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Mapping

from sls_lab.code.handlers import find_entry, run_entry
from sls_lab.code.imports import Roots, roots_of
from sls_lab.code.interpret.budget import MAX_STEPS, MAX_STEPS_TOGETHER, OutOfBudget, deep_stack
from sls_lab.code.interpret.call_log import CallLog, boto_calls, choices, given_objects, iterations, open_calls
from sls_lab.code.interpret.environment import Environment
from sls_lab.code.interpret.interpreter import Machine
from sls_lab.code.interpret.memory import Library
from sls_lab.code.interpret.module_loading import load_module
from sls_lab.code.interpret.objects import ModuleRef
from sls_lab.code.local_packages import LocalPackages
from sls_lab.code.model import Argument, BotoCall, Code, Handler, MethodCalls
from sls_lab.code.module_index import ModuleIndex
from sls_lab.code.secret_reads import secret_reads
from sls_lab.code.source import SourceTree
from sls_lab.code.unresolved import told_elsewhere
from sls_lab.facts import Diagnostic, Span
from sls_lab.python.module import CallableNode, Module
from sls_lab.template.model import Function, Template


def read_code(template: Template) -> Code:
    """Find, parse and interpret the Python that the template's functions reach; nothing is imported or run.

    Each function of the template is in `handlers`, or in `unseen` with the diagnostic that says why not (in both where
    it was found but could not be followed to its end). Whatever the sources hold, this raises nothing.
    """
    reader = _CodeReader(template)
    with deep_stack():
        for function in template.functions:
            reader.read(function)
    return reader.code()


class _CodeReader:
    def __init__(self, template: Template) -> None:
        self._template = template
        tree = SourceTree(template.root)
        self._index = ModuleIndex(tree)
        self._packages = LocalPackages(tree)
        self._loaded: Library = {}
        self._steps = 0
        self._handlers: dict[str, Handler] = {}
        self._calls: list[BotoCall] = []
        self._recorders: list[CallLog] = []
        self._unseen: dict[str, Diagnostic] = {}
        self._handed_over: dict[str, frozenset[str]] = {}
        self._reached: dict[str, tuple[str, ...]] = {}
        self._handed: dict[str, Mapping[ast.Call, tuple[tuple[Argument, ...], ...]]] = {}
        self._run: dict[str, frozenset[CallableNode]] = {}
        self._methods: dict[str, Mapping[ast.Call, frozenset[CallableNode]]] = {}
        self._diagnostics: dict[Diagnostic, None] = {}

    def read(self, function: Function) -> None:
        """Read one function."""
        module = self._module(function)
        if isinstance(module, Diagnostic):
            self._unseen[function.name] = module
            if module not in self._template.diagnostics:
                self._diagnostics.setdefault(module)
            return
        roots = roots_of(function, self._packages.folders(function), self._template.layers)
        self._reached[function.name] = self._index.reach(module.file, roots)
        self._name_module(module.file, roots)
        self._interpret(function, module, roots)

    def code(self) -> Code:
        """Everything that was read."""
        index = self._index
        for file in sorted(index.failed):
            self._diagnostics.setdefault(index.failed[file])
        for path in sorted(index.resolver.refused):
            message = f"{path} leads out of the application's folder, so it is not read: copy the file into the folder."
            self._diagnostics.setdefault(Diagnostic("path-outside", message, Span(path, 1, 0, 1, 0)))
        self._diagnostics.update(self._packages.diagnostics)
        for told in told_elsewhere(self._template.root, index.tree, index.unresolved):
            self._diagnostics.setdefault(told)
        for path in sorted(index.resolver.shadowing):
            message = (
                f"{path} is called like a module that Lambda's runtime has loaded before, so an import of its name "
                "means Python's own: rename the file."
            )
            self._diagnostics.setdefault(Diagnostic("module-shadowed", message, Span(path, 1, 0, 1, 0)))
        return Code(
            modules=index.modules(),
            handlers=self._handlers,
            calls=tuple(self._calls),
            unseen=self._unseen,
            reached=self._reached,
            diagnostics=tuple(self._diagnostics),
            handed_over=self._handed_over,
            objects=given_objects(self._recorders),
            choices=choices(self._recorders),
            open_calls=open_calls(self._recorders),
            iterations=iterations(self._recorders),
            handed=self._handed,
            methods=MethodCalls(self._run, self._methods),
            secrets=secret_reads(self._template.functions, self._calls, index.modules(), self._reached),
        )

    def _module(self, function: Function) -> Module | Diagnostic:
        """The module of a function's handler, or why it is not seen."""
        if function.language != "python":
            return self._foreign(function)
        if function.inline_code is not None:
            return self._index.add_inline(self._inline_file(function), function.inline_code)
        if function.file is None or function.attribute is None:
            return self._told(function) or self._absent(function, function.handler)
        kind = self._index.tree.kind(function.file)
        if kind == "outside":
            message = (
                f"The handler {function.handler} means {function.file}, which leads out of the application's folder, "
                "so it is not read: copy the file into the folder."
            )
            return Diagnostic("path-outside", message, function.handler_span)
        if kind != "file":
            return self._told(function) or self._absent(function, function.file)
        return self._index.module(function.file)

    def _told(self, function: Function) -> Diagnostic | None:
        """The template reader's diagnostic about this handler, if there is one."""
        for diagnostic in self._template.diagnostics:
            if diagnostic.level == "error" and diagnostic.span in (function.handler_span, function.span):
                return diagnostic
        return None

    def _foreign(self, function: Function) -> Diagnostic:
        told = self._told(function)
        if told is not None:
            return told
        if function.runtime is None and function.handler is None:
            message = f"The function {function.name} is a container image, so it is not analysed: read its code apart."
            return Diagnostic("container-image", message, function.handler_span)
        message = (
            f"The function {function.name} runs on {function.runtime or 'another runtime'}, not on Python, so it is "
            "not analysed: use a tool for its language."
        )
        return Diagnostic("not-python", message, function.handler_span)

    def _absent(self, function: Function, path: str | None) -> Diagnostic:
        if path is None:
            message = f"The function {function.name} has no handler, so it is not analysed: write one in the template."
            return Diagnostic("handler-missing", message, function.handler_span)
        file = path if function.file else path.rpartition(".")[0] + ".py"
        near = self._index.tree.near(posixpath.join(function.code_root, file))
        hint = f"correct it (near names are {', '.join(near)})" if near else "add the file"
        message = f"The handler {function.handler} means {file}, which does not exist, so it is not analysed: {hint}."
        return Diagnostic("handler-file-missing", message, function.handler_span)

    def _inline_file(self, function: Function) -> str:
        """A file name for code in the template, which no file of the application has."""
        stem = re.sub(r"[^\w.-]", "_", function.name)
        file = f"inline/{stem}.py"
        while self._index.tree.kind(file) != "none":
            stem += "_"
            file = f"inline/{stem}.py"
        return file

    def _name_module(self, file: str, roots: Roots) -> None:
        """A handler's own dotted name, as Lambda imports it."""
        if not self._index.resolver.importable(file, roots):
            return
        stem = file.removesuffix("/__init__.py").removesuffix(".py")
        for root in (*roots.first, *roots.fallback):
            if not root or stem.startswith(f"{root}/"):
                self._index.note_name(file, (stem[len(root) + 1 :] if root else stem).replace("/", "."))
                return

    def _interpret(self, function: Function, module: Module, roots: Roots) -> None:
        recorder = CallLog()
        self._recorders.append(recorder)
        environment = Environment(function)
        most_steps = min(MAX_STEPS, MAX_STEPS_TOGETHER - self._steps)
        machine = Machine(self._index, environment, recorder, most_steps)
        machine.loads.earlier = self._loaded
        attribute = function.attribute or (function.handler or "handler").rpartition(".")[2]
        try:
            folder = posixpath.dirname(module.file) if posixpath.basename(module.file) == "__init__.py" else None
            loaded = load_module(machine, module.file, folder, roots)
            state = next(atom.state for atom in loaded if isinstance(atom, ModuleRef))
            entry = find_entry(machine, function, module, state, attribute)
            if isinstance(entry, Diagnostic):
                self._unseen[function.name] = entry
                self._diagnostics.setdefault(entry)
                return
            self._handlers[function.name] = entry.handler
            self._handlers[function.name] = run_entry(machine, entry, module, state)
        except (OutOfBudget, RecursionError):
            message = (
                f"{module.file} takes more steps to follow than are spent on one handler, so that calls of "
                f"{function.name} may be missing: split it into smaller functions."
                if most_steps == MAX_STEPS
                else f"The handlers read before take nearly all steps that are spent on one application, so that calls "
                f"of {function.name} may be missing: analyse a smaller part of the application."
            )
            machine.incomplete = Diagnostic("too-complex", message, Span(module.file, 1, 0, 1, 0))
        self._steps += machine.steps
        if machine.incomplete is not None:
            self._unseen[function.name] = machine.incomplete
            self._diagnostics.setdefault(machine.incomplete)
        else:
            self._run[function.name] = frozenset(recorder.run)
            self._methods[function.name] = {node: found for node, found in recorder.methods.items() if found}
        self._handed_over[function.name] = frozenset(machine.handed_over)
        self._calls.extend(boto_calls(function.name, recorder.met))
        self._handed[function.name] = {node: tuple(contexts) for node, contexts in recorder.handed.items()}
        self._diagnostics.update(dict.fromkeys((*machine.notes.values(), *environment.diagnostics.values())))
