"""One Python file of an application, parsed."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from asttokens import ASTText

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
CallableNode = FunctionNode | ast.Lambda
ScopeNode = FunctionNode | ast.Module


@dataclass(frozen=True, slots=True)
class Module:
    """One parsed Python file. `names` are the dotted names under which the application's files import it."""

    file: str
    text: str
    tree: ast.Module
    tokens: ASTText
    names: tuple[str, ...]
