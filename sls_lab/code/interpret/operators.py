"""Operators and conversions of strings and numbers."""

from __future__ import annotations

import ast
from itertools import product

from sls_lab.code.interpret.attributes import attribute_of
from sls_lab.code.interpret.elements import elements_of, subscript_of
from sls_lab.code.interpret.formatting import fields, formatted, path, percent
from sls_lab.code.interpret.joining import MAX_ALTERNATIVES, bounded, concatenated, join, with_record
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.objects import EnumMember
from sls_lab.code.interpret.string_operations import concatenation, joined_path
from sls_lab.code.interpret.values import (
    Arguments,
    Atom,
    Because,
    DictRef,
    ListRef,
    PathText,
    Record,
    Scalar,
    Sequence,
    Text,
    Value,
    scalar,
    text,
    unknown,
)
from sls_lab.facts import Hole, Pattern

_TEXTS = (Text, PathText)
#: Numbers beyond this are not computed.
_LARGE = 2**63
_REPEATED = 1_000


def as_text(machine: Machine, value: Value, as_repr: bool = False) -> Value:
    """`str(value)`: a string for each alternative."""
    return bounded(tuple(dict.fromkeys(_text_of(machine, atom, as_repr) for atom in value))) if value else text("")


def _text_of(machine: Machine, atom: Atom, as_repr: bool) -> Text:
    match atom:
        case Text() if not as_repr or atom.pattern.text is None:
            return atom
        case Text():
            return Text(Pattern.of(repr(atom.pattern.text)), atom.because, atom.deployed)
        case PathText():
            return Text(atom.pattern, atom.because, atom.deployed)
        case Scalar(missing=label) if label:
            return Text(Pattern.fixed(label), atom.because, deployed=True)
        case Scalar(value=value) if isinstance(value, int | float | None):
            return Text(Pattern.of(str(value)))
        case EnumMember(value=inner):
            return _text_of(machine, inner[0], as_repr) if inner else Text(Pattern.any(atom.name))
    return Text(Pattern.of(Hole(machine.label((atom,)))), machine.because((atom,)))


def format_value(machine: Machine, value: Value, specification: Value, as_repr: bool) -> Value:
    """`format(value, specification)`."""
    asked = specification[0].pattern.text if len(specification) == 1 and isinstance(specification[0], Text) else None
    results: list[Atom] = []
    for atom in value:
        shown = _text_of(machine, atom, as_repr)
        inner = (atom,) if not as_repr else ()
        results.append(Text(formatted(shown.pattern, inner, asked), shown.because, shown.deployed))
    return bounded(tuple(dict.fromkeys(results)))


def operate(machine: Machine, operator: ast.operator, left: Value, right: Value) -> Value:
    """An operator, for each pair of alternatives."""
    if not left or not right:
        return unknown("…")
    if isinstance(operator, ast.Mod) and any(isinstance(atom, Text) for atom in left):
        return _percent(machine, left, right)
    pairs = list(product(left, right))
    results = [_pair(machine, operator, one, other) for one, other in pairs[: MAX_ALTERNATIVES**2]]
    return join(*results)


def _pair(machine: Machine, operator: ast.operator, left: Atom, right: Atom) -> Value:
    match operator:
        case ast.Add():
            return _sum(machine, left, right)
        case ast.Div() if isinstance(left, PathText) or isinstance(right, PathText):
            one, other = _text_of(machine, left, False), _text_of(machine, right, False)
            whole = joined_path((one.pattern, other.pattern))
            return (PathText(whole, _both(one, other), one.deployed or other.deployed),)
        case ast.Mult():
            return _product(machine, left, right)
        case ast.BitOr() if isinstance(left, DictRef) and isinstance(right, DictRef):
            return _union(machine, left, right)
    if isinstance(left, Scalar) and isinstance(right, Scalar):
        return _number(operator, left.value, right.value)
    return unknown("…", machine.because((left,)) or machine.because((right,)))


def _sum(machine: Machine, left: Atom, right: Atom) -> Value:
    if isinstance(left, Scalar) and isinstance(right, Scalar):
        return _number(ast.Add(), left.value, right.value)
    if isinstance(left, Text) or isinstance(right, Text):
        one, other = _text_of(machine, left, False), _text_of(machine, right, False)
        whole = concatenation(one.pattern, other.pattern)
        return (Text(whole, _both(one, other), one.deployed or other.deployed),)
    if isinstance(left, Sequence | ListRef) or isinstance(right, Sequence | ListRef):
        first, second = elements_of(machine, (left,)), elements_of(machine, (right,))
        together = concatenated(first, second)
        if isinstance(left, ListRef) or len(together.items) > MAX_ALTERNATIVES:
            return machine.new_list(together.items, together.rest)
        return (together,)
    # Two unknown values may be texts: both are in the result.
    if isinstance(left, Scalar) or isinstance(right, Scalar):
        return unknown("…", machine.because((left,)) or machine.because((right,)))
    one, other = _text_of(machine, left, False), _text_of(machine, right, False)
    return (Text(concatenation(one.pattern, other.pattern), _both(one, other)),)


def _product(machine: Machine, left: Atom, right: Atom) -> Value:
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Text) and isinstance(other, Scalar) and isinstance(other.value, int):
            if one.pattern.text is not None and len(one.pattern.text) * other.value <= _REPEATED:
                return text(one.pattern.text * other.value, one.because, one.deployed)
            return text(Pattern.any("…"), one.because)
    if isinstance(left, Scalar) and isinstance(right, Scalar):
        return _number(ast.Mult(), left.value, right.value)
    for one in (left, right):
        if isinstance(one, Sequence | ListRef):
            inner = elements_of(machine, (one,))
            return machine.new_list((), join(*inner.items, inner.rest))
    return unknown("…")


def _union(machine: Machine, left: DictRef, right: DictRef) -> Value:
    first, second = machine.contents(left), machine.contents(right)
    if not isinstance(first, Record) or not isinstance(second, Record):
        return unknown("…")
    return machine.new_dict(with_record(first, second))


def _percent(machine: Machine, left: Value, right: Value) -> Value:
    results: list[Atom] = []
    for template in left:
        known = template.pattern.text if isinstance(template, Text) else None
        if not isinstance(template, Text) or known is None:
            results.extend(unknown(machine.label((template,))))
            continue
        for given in right:
            values = [*given.items] if isinstance(given, Sequence) else [(given,)]
            reasons = [atom for value in values for atom in value if isinstance(atom, _TEXTS)]
            queue = iter(values)
            record = machine.contents(given) if isinstance(given, DictRef) else None

            def find(key: str | None) -> Value:
                if key is None:
                    return next(queue, unknown("…"))  # noqa: B023 (called before the next round)
                if isinstance(record, Record):  # noqa: B023
                    return record.get(Text(Pattern.of(key))) or record.rest or unknown(key)  # noqa: B023
                return unknown(f'{machine.label((given,))}["{key}"]')  # noqa: B023

            pattern = percent(known, find, lambda value, as_repr: shown(machine, value, as_repr))
            results.append(
                Text(pattern, _all_reasons(reasons), template.deployed or any(one.deployed for one in reasons))
            )
    return bounded(tuple(dict.fromkeys(results)))


def shown(machine: Machine, value: Value, as_repr: bool) -> Pattern:
    """A value within a longer text; alternatives become one pattern."""
    texts = as_text(machine, value, as_repr)
    patterns = [atom.pattern for atom in texts if isinstance(atom, Text)]
    if len(patterns) == 1:
        return patterns[0]
    return Pattern.any(machine.label(value) if len(value) == 1 else " or ".join(map(str, patterns))[:60])


def format_text(machine: Machine, template: Text, arguments: Arguments, mapping: Value = ()) -> Value:
    """`template.format(…)`; `mapping` is the argument of `format_map`."""
    known = template.pattern.text
    if known is None:
        return unknown(f"{machine.label((template,))}.format(…)")
    try:
        pieces = list(fields(known))
    except ValueError:
        return unknown(f"{machine.label((template,))}.format(…)")
    results: list[Text] = [Text(Pattern.of())]
    automatic = 0
    for literal, field, specification, conversion in pieces:
        options: Value = text(literal)
        if field is not None:
            first, steps = path(field)
            if first == "":
                first, automatic = str(automatic), automatic + 1
            value = _field(machine, first, steps, arguments, mapping)
            plain = text(specification or "") if "{" not in (specification or "") else unknown("…")
            shown = format_value(machine, value, plain, conversion in ("r", "a"))
            options = operate(machine, ast.Add(), text(literal), shown)
        results = followed(results, options)
    return bounded(tuple(dict.fromkeys(results)))


def followed(strings: list[Text], options: Value, between: Pattern | None = None) -> list[Text]:
    """Each of `strings` followed by `between` and each string of `options`, with the reasons of both."""
    found = product(strings, (atom for atom in options if isinstance(atom, Text)))
    return [
        Text(
            concatenation(one.pattern, *([between] if between is not None else ()), other.pattern),
            _both(one, other),
            one.deployed or other.deployed,
        )
        for one, other in found
    ][: MAX_ALTERNATIVES * 2]


def _field(machine: Machine, first: str, steps: list[tuple[bool, str]], arguments: Arguments, mapping: Value) -> Value:
    if mapping:
        value = subscript_of(machine, mapping, text(first), None)
    elif first.isdigit():
        index = int(first) if len(first) < 4 else -1
        spare = arguments.open_positional
        if 0 <= index < len(arguments.positional):
            value = arguments.positional[index].value
        else:
            value = spare.value if spare else unknown("…")
    else:
        spare = arguments.open_keywords
        value = arguments.keyword(first) or (spare.value if spare else unknown(first))
    for is_attribute, name in steps:
        if is_attribute:
            value = attribute_of(machine, value, name, None)
        else:
            index_value = scalar(int(name)) if name.isdigit() and len(name) < 6 else text(name)
            value = subscript_of(machine, value, index_value, None)
    return value or unknown(first)


def _number(operator: ast.operator, left: object, right: object) -> Value:
    if type(left) is int and type(right) is int and abs(left) < _LARGE and abs(right) < _LARGE:
        match operator:
            case ast.Add():
                return scalar(left + right)
            case ast.Sub():
                return scalar(left - right)
            case ast.Mult():
                return scalar(left * right)
            case ast.FloorDiv() if right:
                return scalar(left // right)
            case ast.Mod() if right:
                return scalar(left % right)
    return unknown("…")


def _both(left: Text, right: Text) -> Because:
    return left.because if not right.because else tuple(dict.fromkeys((*left.because, *right.because)))[:12]


def _all_reasons(texts: list[Text | PathText]) -> Because:
    return tuple(dict.fromkeys(reason for one in texts for reason in one.because))[:12]
