"""Which expression a call gives for a parameter."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def argument(call: ast.Call, position: int | None, name: str) -> ast.expr | None:
    """The argument given at `position` (from 0; None for keyword-only) or by `name`, None where it cannot be seen."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if position is None or position >= len(call.args) or any(isinstance(arg, ast.Starred) for arg in call.args):
        return None
    return call.args[position]


def arguments_given(called: ast.Call, function: _Function, *, bound: bool) -> Mapping[str, ast.expr]:
    """What a call gives each parameter of `function`, as far as it shows; `bound`: the first is the object."""
    names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)][bound:]
    plain = called.args[: next((at for at, one in enumerate(called.args) if isinstance(one, ast.Starred)), None)]
    known = {*names, *(one.arg for one in function.args.kwonlyargs)}
    return dict(zip(names, plain, strict=False)) | {
        one.arg: one.value for one in called.keywords if one.arg is not None and one.arg in known
    }


def gathered(
    called: ast.Call, function: _Function, given: Mapping[str, ast.expr]
) -> Iterator[tuple[str, list[ast.expr]]]:
    """What a call gives `*parts` and `**named` of `function`; `given` is what the other parameters are given."""
    known = set(map(id, given.values()))
    if function.args.vararg is not None:
        others = [one.value if isinstance(one, ast.Starred) else one for one in called.args]
        yield function.args.vararg.arg, [one for one in others if id(one) not in known]
    if function.args.kwarg is not None:
        yield function.args.kwarg.arg, [one.value for one in called.keywords if id(one.value) not in known]


def is_bound(called: ast.Call, function: _Function) -> bool:
    """Whether the object before the dot is the first argument, which is called `self` or `cls` by convention."""
    static = any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in function.decorator_list)
    first = next(iter([*function.args.posonlyargs, *function.args.args]), None)
    named = first is not None and first.arg in ("self", "cls")
    return isinstance(called.func, ast.Attribute) and named and not static


def default_of(function: _Function, parameter: str) -> ast.expr | None:
    """What a parameter is where a call gives it nothing."""
    positional = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    defaults = function.args.defaults
    known = dict(zip(positional[len(positional) - len(defaults) :], defaults, strict=True))
    named = zip((one.arg for one in function.args.kwonlyargs), function.args.kw_defaults, strict=True)
    return {**known, **dict(named)}.get(parameter)
