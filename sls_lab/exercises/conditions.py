"""What must hold of an application after an edit. Each condition says in words what it expects and what it found."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sls_lab.app import App
from sls_lab.exercises.behaviour import matching, reads, returned_keys, tested
from sls_lab.exercises.fields import Fields, mistake
from sls_lab.facts import Pattern, Verdict
from sls_lab.taint import Flow
from sls_lab.template.iam.decision import decide
from sls_lab.template.shared.trigger_settings import rules

#: What is wrong, in words; empty where the condition holds.
Test = Callable[[App, App], str]


@dataclass(frozen=True, slots=True)
class Condition:
    """`test` gets the application before and after the edit; `needs_flows` says that it asks for step 5."""

    expected: str
    test: Test
    needs_flows: bool


def read_condition(fields: Fields) -> Condition:
    """One condition of a lesson file: a word with what it is about, and `expected`, the learner's sentence."""
    name = next((name for name in _READERS if fields.has(name)), None)
    if name is None:
        raise mistake(fields.node, f"a condition is one of {', '.join(_READERS)}")
    expected = fields.text("expected", "")
    test, words = _READERS[name](fields, name)
    fields.done()
    return Condition(expected or words, test, name in ("no_flow", "flow"))


def _flow(fields: Fields, name: str) -> tuple[Test, str]:
    about = Fields(fields.node_of(name), f"`{name}`")
    category, file = about.text("category", ""), about.text("file", "")
    about.done()

    def is_meant(flow: Flow) -> bool:
        return category in ("", flow.rule.category) and file in ("", flow.sink.span.file)

    def gone(_: App, after: App) -> str:
        left = [flow for flow in after.flows.flows if is_meant(flow)]
        return (
            f"the analysis still finds a flow to {left[0].sink.span.place} `{_short(left[0].sink.text)}`"
            if left
            else ""
        )

    def there(_: App, after: App) -> str:
        return "" if any(map(is_meant, after.flows.flows)) else "the analysis finds no such flow"

    what = f"{category or 'flow'}{f' in {file}' if file else ''}"
    return (gone, f"no {what}") if name == "no_flow" else (there, f"a {what}")


def _edge(fields: Fields, name: str) -> tuple[Test, str]:
    source, arrow, target = (part.strip() for part in fields.text(name).partition("->"))
    if not arrow:
        raise mistake(fields.node_of(name), f"`{name}` is written as `upload -> resize`")

    def test(_: App, after: App) -> str:
        linked = any(edge.linked and (edge.source, edge.target) == (source, target) for edge in after.events.edges)
        if linked is (name == "linked"):
            return ""
        return f"{source} {'still wakes' if linked else 'does not wake'} {target}"

    return test, f"{source} {'wakes' if name == 'linked' else 'does not wake'} {target}"


def _keeps_edges(fields: Fields, name: str) -> tuple[Test, str]:
    fields.flag(name)

    def test(before: App, after: App) -> str:
        now = {(edge.source, edge.target) for edge in after.events.edges if edge.linked}
        lost = [edge for edge in before.events.edges if edge.linked and (edge.source, edge.target) not in now]
        return f"{lost[0].source} no longer wakes {lost[0].target}" if lost else ""

    return test, "every function is woken as before"


def _no_advice(fields: Fields, name: str) -> tuple[Test, str]:
    codes = fields.texts(name)

    def test(_: App, after: App) -> str:
        left = [advice for advice in after.advice if advice.code in codes]
        return f"{left[0].span.place}: {left[0].message}" if left else ""

    return test, f"no advice on {', '.join(codes)}"


def _permission(fields: Fields, name: str) -> tuple[Test, str]:
    about = Fields(fields.node_of(name), f"`{name}`")
    function, action, resource = about.text("function"), about.text("action"), about.text("resource")
    about.done()

    def test(_: App, after: App) -> str:
        role = next((one.role for one in after.template.functions if one.name == function), None)
        if role is None:
            return f"there is no longer a function {function}"
        allowed = decide(role, action, Pattern.of(resource)).verdict is not Verdict.NO
        return (
            ""
            if allowed is (name == "permits")
            else f"{function} {'may' if allowed else 'may not'} {action} on {resource}"
        )

    return test, f"{function} {'may' if name == 'permits' else 'may not'} {action} on {resource}"


def _filters(fields: Fields, name: str) -> tuple[Test, str]:
    about = Fields(fields.node_of(name), f"`{name}`")
    function, part = about.text("function"), about.text("holds")
    about.done()

    def test(_: App, after: App) -> str:
        triggers = [trigger for one in after.template.functions if one.name == function for trigger in one.triggers]
        written = [rule for trigger in triggers for rule in rules(trigger.settings)]
        return "" if any(part in str(text) for _, text, _ in written) else f"no filter of {function} holds {part}"

    return test, f"a filter of {function} holds {part}"


def _calls(fields: Fields, name: str) -> tuple[Test, str]:
    patterns, file, given = fields.texts(name), fields.text("file"), fields.text("given", "")

    def test(_: App, after: App) -> str:
        module = after.code.modules.get(file)
        if module is None:
            return f"no handler reaches {file} any more"
        found = matching(module.tree, patterns, given)
        if bool(found) is (name == "calls"):
            return ""
        if found:
            return f"{file}:{found[0].line} still calls {found[0].name}"
        return f"{file} has no such call" + (f" that depends on {given!r}" if given else "")

    how = f" with something that depends on {given!r}" if given else ""
    return test, f"{file} {'calls' if name == 'calls' else 'does not call'} {' or '.join(patterns)}{how}"


def _returns(fields: Fields, name: str) -> tuple[Test, str]:
    key, file, function = fields.text(name), fields.text("file"), fields.text("function", "handler")

    def test(_: App, after: App) -> str:
        module = after.code.modules.get(file)
        found = returned_keys(module.tree, function) if module else set()
        if (key in found) is (name == "returns"):
            return ""
        return f"`{function}` in {file} returns {'a' if key in found else 'no'} {key!r}"

    return test, f"`{function}` in {file} returns {'a' if name == 'returns' else 'no'} {key!r}"


def _looks_at(fields: Fields, name: str) -> tuple[Test, str]:
    given, file = fields.text(name), fields.text("file")

    def test(_: App, after: App) -> str:
        module = after.code.modules.get(file)
        if module is None:
            return f"no handler reaches {file} any more"
        if name == "tests":
            return "" if tested(module.tree, given) else f"no condition in {file} looks at {given!r}"
        return f"{file} still reads {given!r}" if reads(module.tree, given) else ""

    return test, f"a condition in {file} looks at {given!r}" if name == "tests" else f"{file} does not read {given!r}"


def _written(fields: Fields, name: str) -> tuple[Test, str]:
    pattern, file = re.compile(fields.text(name), re.MULTILINE), fields.text("file")

    def test(_: App, after: App) -> str:
        found = pattern.search(after.texts.get(file, ""))
        if (found is not None) is (name == "writes"):
            return ""
        return f"{file} holds `{_short(found[0])}`" if found else f"{file} does not hold what is asked for"

    return test, f"{file} {'holds' if name == 'writes' else 'does not hold'} `{pattern.pattern}`"


def _models(fields: Fields, name: str) -> tuple[Test, str]:
    pattern = re.compile(fields.text(name))

    def test(_: App, after: App) -> str:
        return "" if pattern.search(after.models) else "the models say something else"

    return test, "the models say so"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"


_READERS: Mapping[str, Callable[[Fields, str], tuple[Test, str]]] = {
    "no_flow": _flow,
    "flow": _flow,
    "linked": _edge,
    "not_linked": _edge,
    "keeps_edges": _keeps_edges,
    "filter": _filters,
    "no_advice": _no_advice,
    "permits": _permission,
    "forbids": _permission,
    "calls": _calls,
    "does_not_call": _calls,
    "returns": _returns,
    "does_not_return": _returns,
    "does_not_read": _looks_at,
    "tests": _looks_at,
    "models": _models,
    "writes": _written,
    "does_not_write": _written,
}
