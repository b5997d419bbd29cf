"""All edits that serve the analyser alone, made of what the rewriting for events leaves."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sls_lab.code import Code, Handler, span_of
from sls_lab.code.model import SecretRead
from sls_lab.facts import Reason, Span
from sls_lab.python.imported import Modules
from sls_lab.python.later_syntax import parse_module
from sls_lab.python.module import Module
from sls_lab.python.parsing_in_parts import parses_in_parts
from sls_lab.rewrite.analyser.aliases import alias_edits
from sls_lab.rewrite.analyser.attribute_calls import attribute_edits
from sls_lab.rewrite.analyser.class_inits import ClassInits
from sls_lab.rewrite.analyser.class_patterns import pattern_edits
from sls_lab.rewrite.analyser.container_fills import fill_edits
from sls_lab.rewrite.analyser.decorated_handlers import entries_of, entry_edits, middlewares_of
from sls_lab.rewrite.analyser.dependency_calls import dependency_edits
from sls_lab.rewrite.analyser.dict_calls import dict_edits
from sls_lab.rewrite.analyser.dict_parameters import mapping_edits
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.analyser.entered_keys import key_edits
from sls_lab.rewrite.analyser.enumerations import is_enumeration, member_edits
from sls_lab.rewrite.analyser.generators import mapped_edits
from sls_lab.rewrite.analyser.keyed_methods import keyed_edits
from sls_lab.rewrite.analyser.lambda_handlers import lambda_edits
from sls_lab.rewrite.analyser.left_contexts import LeftContexts
from sls_lab.rewrite.analyser.list_slices import slice_edits
from sls_lab.rewrite.analyser.named_arguments import argument_edits
from sls_lab.rewrite.analyser.named_lambdas import named_lambda_edits, own_functions
from sls_lab.rewrite.analyser.named_partials import partial_edits
from sls_lab.rewrite.analyser.named_tuples import NamedTuples
from sls_lab.rewrite.analyser.older_forms import older_edits
from sls_lab.rewrite.analyser.open_calls import open_edits
from sls_lab.rewrite.analyser.package_imports import Importable, import_edits
from sls_lab.rewrite.analyser.powertools_calls import powertools_edits
from sls_lab.rewrite.analyser.pytest_imports import pytest_edits
from sls_lab.rewrite.analyser.registered_names import registered_edits
from sls_lab.rewrite.analyser.returned_functions import returned_edits
from sls_lab.rewrite.analyser.secret_reads import secret_edits
from sls_lab.rewrite.analyser.yields import yield_edits
from sls_lab.rewrite.model import Edit, RewrittenFile
from sls_lab.rewrite.position_map import AnalysedText, PositionMap

#: Edits for one file, the most first; which of them it is given is decided by whether it parses then.
Candidates = tuple[list[Edit], ...]


class AnalyserEdits:
    """Writes the files of one application as the analyser follows them."""

    def __init__(self, code: Code, modules: Mapping[str, str]) -> None:
        """`modules` gives each file its dotted name within the package that the analyser reads."""
        self._importable = Importable(code, modules)
        self._handlers: dict[str, list[Handler]] = {}
        for handler in code.handlers.values():
            self._handlers.setdefault(handler.file, []).append(handler)
        self.entries = entries_of(code)
        found, self._inits = Modules(code.modules), ClassInits(code.modules)
        self._named_tuples = NamedTuples(code.modules)
        self._contexts = LeftContexts(code.modules)
        self._own = {file: set(_own_names(module, found)) for file, module in code.modules.items()}
        self._enumerations = {
            file: set(_classes(module, found, is_enumeration)) for file, module in code.modules.items()
        }
        self._inheriting = {file: set(_classes(module, found, _inherits)) for file, module in code.modules.items()}
        self._middlewares = {file: middlewares_of(module, found) for file, module in code.modules.items()}
        self._secrets: dict[str, list[SecretRead]] = {}
        for read in code.secrets:
            self._secrets.setdefault(read.file, []).append(read)
        self._open: dict[str, set[Span]] = {}
        for one in code.open_calls:
            self._open.setdefault(one.file, set()).add(span_of(code.modules[one.file], one.call))

    def of(self, file: RewrittenFile, tree: ast.Module) -> RewrittenFile:
        """`file` with its edits for the analyser; `tree` is that of its text."""
        return self.chosen(file, self.candidates(file, tree))

    def candidates(self, file: RewrittenFile, tree: ast.Module, unnamed: Iterable[Span] = ()) -> Candidates:
        """All edits for the analyser that `file` may be given; `tree` is that of its text, and is not kept.

        `unnamed` are places of calls in it whose functions could not be named.
        """
        draft = Draft(file.file, file.text, tree)
        rewritten = PositionMap(file.file, file.original, file.edits)
        imports = import_edits(draft, rewritten, self._importable)
        marks = secret_edits(draft, rewritten, self._secrets.get(file.file, ()))
        marks += open_edits(draft, rewritten, self._open.get(file.file, set()).union(unnamed))
        types, forms = self._types(draft), self._forms(draft)
        own = self._own[draft.file] | own_functions(draft.tree)
        forms += named_lambda_edits(draft, own, [*forms, *types, *marks])
        forms += partial_edits(draft, own, [*forms, *types, *marks])
        # At one place the end of an expression comes first, then that of a body, then that of a class.
        inits = list(self._inits.edits(draft))
        # What does not parse is written with fewer edits; without its imports nothing leads to the file.
        return [*forms, *types, *marks, *inits, *imports], [*types, *marks, *imports], imports

    def chosen(self, file: RewrittenFile, candidates: Candidates) -> RewrittenFile:
        """`file` with the first of its candidates after which it parses."""
        for edits in candidates:
            edited = _with(file, edits) if edits else file
            if not edits or _parses(AnalysedText(edited).text):
                break
        if not any(edit.form == "decorated-handler" for edit in edited.for_the_analyser):
            self.entries = {name: entry for name, entry in self.entries.items() if entry.file != file.file}
        return edited

    def _types(self, draft: Draft) -> list[Edit]:
        """What tells the analyser the types and the names of handlers and dictionaries."""
        handlers = self._handlers.get(draft.file, [])
        return [
            *entry_edits(draft, self._entries(draft.file), self._middlewares[draft.file]),
            *mapping_edits(draft, {one.qualified for one in handlers}),
            *lambda_edits(draft, {one.qualified for one in handlers if isinstance(one.definition, ast.Lambda)}),
        ]

    def _forms(self, draft: Draft) -> list[Edit]:
        """What writes expressions and statements in another form."""
        before, after = argument_edits(draft, self._inheriting.get(draft.file, frozenset()))
        return [
            *before,
            *yield_edits(draft),
            *slice_edits(draft),
            *dict_edits(draft),
            *mapped_edits(draft),
            *fill_edits(draft),
            *keyed_edits(draft),
            *alias_edits(draft),
            *key_edits(draft),
            *attribute_edits(draft),
            *member_edits(draft, self._enumerations.get(draft.file, frozenset())),
            *pattern_edits(draft, self._inits),
            *registered_edits(draft),
            *self._named_tuples.edits(draft),
            *powertools_edits(draft),
            *dependency_edits(draft),
            *returned_edits(draft),
            *older_edits(draft),
            *pytest_edits(draft),
            *after,
            *self._contexts.edits(draft),
        ]

    def _entries(self, file: str) -> dict[str, str]:
        """The names of the entries that are written in a file, by those of the functions they call."""
        return {
            entry.definition.name: entry.qualified
            for entry in self.entries.values()
            if entry.file == file and not isinstance(entry.definition, ast.Lambda)
        }


def _own_names(module: Module, modules: Modules) -> Iterator[str]:
    """The names that a file imports from the application."""
    for statement in module.tree.body:
        if isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                dotted = ".".join(filter(None, (statement.module, alias.name)))
                found = (modules.find(module, name, statement.level) for name in (statement.module or "", dotted))
                if any(one is not None for one in found):
                    yield alias.asname or alias.name
        elif isinstance(statement, ast.Import):
            for alias in statement.names:
                if modules.find(module, alias.name, 0) is not None:
                    yield alias.asname or alias.name.partition(".")[0]


def _parses(text: str) -> bool:
    if parses_in_parts(text):
        return True
    try:
        parse_module(text)
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True


def _classes(module: Module, modules: Modules, wanted: Callable[[ast.ClassDef], bool]) -> Iterator[str]:
    """The last words by which a file calls those classes of the application that are wanted."""
    for statement in module.tree.body:
        if isinstance(statement, ast.ClassDef) and wanted(statement):
            yield statement.name
        elif isinstance(statement, ast.ImportFrom):
            source = modules.find(module, statement.module or "", statement.level)
            known = set(_defined(source, wanted))
            yield from (alias.asname or alias.name for alias in statement.names if alias.name in known)
            for alias in statement.names:
                dotted = ".".join(filter(None, (statement.module, alias.name)))
                yield from _defined(modules.find(module, dotted, statement.level), wanted)
        elif isinstance(statement, ast.Import):
            for alias in statement.names:
                yield from _defined(modules.find(module, alias.name, 0), wanted)


def _defined(module: Module | None, wanted: Callable[[ast.ClassDef], bool]) -> Iterator[str]:
    for statement in module.tree.body if module is not None else ():
        if isinstance(statement, ast.ClassDef) and wanted(statement):
            yield statement.name


def _inherits(definition: ast.ClassDef) -> bool:
    """Whether a class has bases, and no constructor of its own."""
    own = (one.name for one in definition.body if isinstance(one, ast.FunctionDef))
    return bool(definition.bases) and "__init__" not in own


def _with(file: RewrittenFile, edits: Sequence[Edit]) -> RewrittenFile:
    """`file` with edits whose reasons are about the original."""
    text = AnalysedText(file)

    def original(reason: Reason) -> Reason:
        return reason if reason.span is None else replace(reason, span=text.original(reason.span))

    told = [replace(edit, because=tuple(map(original, edit.because))) for edit in edits]
    return replace(file, for_the_analyser=tuple(sorted(told, key=lambda edit: (edit.span.line, edit.span.column))))
