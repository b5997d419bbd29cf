"""One Python file of an application, parsed."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from asttokens import ASTText

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
CallableNode = FunctionNode | ast.Lambda
ScopeNode = FunctionNode | ast.Module
ComprehensionNode = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
#: All that has names of its own (https://docs.python.org/3/reference/executionmodel.html#resolution-of-names).
NamespaceNode = FunctionNode | ast.Lambda | ast.ClassDef | ast.Module | ComprehensionNode


@dataclass(frozen=True, slots=True)
class Module:
    """One parsed Python file. `names` are the dotted names under which the application's files import it."""

    file: str
    text: str
    tree: ast.Module
    tokens: ASTText
    names: tuple[str, ...]
