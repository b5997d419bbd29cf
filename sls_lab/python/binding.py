"""One place that binds a name, or changes what it holds."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from enum import Enum, auto


class BindingKind(Enum):
    """What happens to a name."""

    VALUE = auto()  #: `name = value`
    PART = auto()  #: it becomes something of `value`: `for name in value`, `with value as name`, `case {"k": name}`
    PARAMETER = auto()  #: `value` is its default
    OTHER = auto()  #: an import, a definition, `except … as name`
    ITEM = auto()  #: `name[key] = value`
    ADDED = auto()  #: `name.append(value)`
    ATTRIBUTE = auto()  #: `name.attribute = value`
    CHANGED = auto()  #: `name += value`, `name.extend(value)`, `name[0][1] = value`, and what `value` does not show
    DECLARED = auto()  #: `name: type`, which makes the name local and gives it nothing
    DELETED = auto()  #: `del name`


_BINDING = frozenset(
    {BindingKind.VALUE, BindingKind.PART, BindingKind.PARAMETER, BindingKind.OTHER}
    | {BindingKind.DECLARED, BindingKind.DELETED}
)


@dataclass(frozen=True, slots=True)
class Binding:
    """One place that binds a name or changes what it holds.

    `node` is the statement, clause or call that does; `target` what is written for the name where that is an expression
    (`x`, `x[0]`, `x.y`), `key` the key of an ITEM.
    """

    name: str
    kind: BindingKind
    node: ast.AST
    value: ast.expr | None = None
    target: ast.expr | None = None
    key: ast.expr | None = None
    #: what an import binds: (module, dots before it, name in it or None for the module itself)
    imported: tuple[str, int, str | None] | None = None

    @property
    def binds(self) -> bool:
        """Whether the name itself is bound or unbound, so that it is local; else what it holds is changed."""
        return self.kind in _BINDING or (isinstance(self.node, ast.AugAssign) and isinstance(self.target, ast.Name))
