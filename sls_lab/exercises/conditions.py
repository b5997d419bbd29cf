"""What must hold of an application after an edit. Each condition says in words what it expects and what it found."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from sls_lab.app import App
from sls_lab.exercises.behaviour import looks_at, matching
from sls_lab.exercises.fields import Fields, mistake
from sls_lab.exercises.happened import Happened
from sls_lab.exercises.trial import Trial
from sls_lab.facts import Pattern, Verdict
from sls_lab.taint import Flow
from sls_lab.template.iam.decision import decide
from sls_lab.template.shared.trigger_settings import rules

#: What a condition needs: the files as they are read, what happens when requests are sent, or the flows.
Needs = Literal["files", "requests", "flows"]


@dataclass(frozen=True, slots=True)
class Changed:
    """The application before and after an edit, and what happened when requests were sent to it, where they were."""

    before: App
    after: App
    happened: Happened | None = None


#: What is wrong, in words; empty where the condition holds.
Test = Callable[[Changed], str]


@dataclass(frozen=True, slots=True)
class Condition:
    """`test` is given an edit with the evidence that it `needs`."""

    expected: str
    test: Test
    needs: Needs = "files"


def read_condition(fields: Fields) -> Condition:
    """One condition of a lesson file: a word with what it is about, and `expected`, the learner's sentence."""
    name = next((name for name in _READERS if fields.has(name)), None)
    if name is None:
        raise mistake(fields.node, f"a condition is one of {', '.join(_READERS)}")
    expected = fields.text("expected", "")
    test, words = _READERS[name](fields, name)
    fields.done()
    return Condition(expected or words, test, _NEEDS.get(name, "files"))


def conditions_of(trial: Trial) -> tuple[Condition, ...]:
    """What a trial asks of every answer: whether attacks arrive, that honest requests work, and what is reported.

    Of a fix, that the analysis reports nothing is a proof. Of the two mistakes that a learner is to bring about, what
    it reports is half of the mistake.
    """

    def works(edit: Changed) -> str:
        if edit.happened is None or edit.happened.failed is None:
            return _UNTRIED
        return "; ".join(f"{name}: {missing}" for name, missing in edit.happened.failed[:1])

    honest = Condition(trial.works, works, "requests")
    if trial.attacks is None:
        return (honest,)
    safe, aim = trial.attacks.safe, trial.attacks.aim
    gone = _no_flow(trial.attacks.category, trial.attacks.file)

    def comes_to(edit: Changed) -> str:
        if edit.happened is None:
            return _UNTRIED
        if aim.arrives:
            return "" if edit.happened.arrived else "no attack arrives, so nothing is missed"
        return edit.happened.arrived or edit.happened.stuck

    def is_reported(edit: Changed) -> str:
        return "" if gone(edit) else "the analysis reports no flow, so there is no alarm"

    return (
        Condition(safe, comes_to, "requests"),
        honest,
        Condition(safe, is_reported if aim.reported else gone, "flows"),
    )


def _flow(fields: Fields, name: str) -> tuple[Test, str]:
    about = Fields(fields.node_of(name), f"`{name}`")
    category, file = about.text("category", ""), about.text("file", "")
    about.done()

    gone = _no_flow(category, file)

    def there(edit: Changed) -> str:
        return "" if gone(edit) else "the analysis finds no such flow"

    what = f"{category or 'flow'}{f' in {file}' if file else ''}"
    return (gone, f"no {what}") if name == "no_flow" else (there, f"a {what}")


def _no_flow(category: str, file: str) -> Test:
    def is_meant(flow: Flow) -> bool:
        return category in ("", flow.rule.category) and file in ("", flow.sink.span.file)

    def test(edit: Changed) -> str:
        left = [flow.sink for flow in edit.after.flows.flows if is_meant(flow)]
        return f"the analysis still finds a flow to {left[0].span.place} `{_short(left[0].text)}`" if left else ""

    return test


def _arrives(fields: Fields, name: str) -> tuple[Test, str]:
    fields.flag(name)

    def test(edit: Changed) -> str:
        return "" if edit.happened and edit.happened.arrived else "no attack arrives"

    return test, "an attack arrives"


def _fails(fields: Fields, name: str) -> tuple[Test, str]:
    part = fields.text(name)

    def test(edit: Changed) -> str:
        if edit.happened is None or edit.happened.failed is None:
            return _UNTRIED
        failed = any(part in f"{request}: {missing}" for request, missing in edit.happened.failed)
        return "" if failed is (name == "fails") else f"{part}: it is otherwise"

    return test, f"{part} {'no longer works' if name == 'fails' else 'works'}"


def _edge(fields: Fields, name: str) -> tuple[Test, str]:
    source, arrow, target = (part.strip() for part in fields.text(name).partition("->"))
    if not arrow:
        raise mistake(fields.node_of(name), f"`{name}` is written as `upload -> resize`")

    def test(edit: Changed) -> str:
        linked = any(edge.linked and (edge.source, edge.target) == (source, target) for edge in edit.after.events.edges)
        if linked is (name == "linked"):
            return ""
        return f"{source} {'still wakes' if linked else 'does not wake'} {target}"

    return test, f"{source} {'wakes' if name == 'linked' else 'does not wake'} {target}"


def _keeps_edges(fields: Fields, name: str) -> tuple[Test, str]:
    fields.flag(name)

    def test(edit: Changed) -> str:
        now = {(edge.source, edge.target) for edge in edit.after.events.edges if edge.linked}
        lost = [edge for edge in edit.before.events.edges if edge.linked and (edge.source, edge.target) not in now]
        return f"{lost[0].source} no longer wakes {lost[0].target}" if lost else ""

    return test, "every function is woken as before"


def _no_advice(fields: Fields, name: str) -> tuple[Test, str]:
    codes = fields.texts(name)

    def test(edit: Changed) -> str:
        left = [advice for advice in edit.after.advice if advice.code in codes]
        return f"{left[0].span.place}: {left[0].message}" if left else ""

    return test, f"no advice on {', '.join(codes)}"


def _permission(fields: Fields, name: str) -> tuple[Test, str]:
    about = Fields(fields.node_of(name), f"`{name}`")
    function, action, resource = about.text("function"), about.text("action"), about.text("resource")
    about.done()

    def test(edit: Changed) -> str:
        role = next((one.role for one in edit.after.template.functions if one.name == function), None)
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

    def test(edit: Changed) -> str:
        triggers = [
            trigger for one in edit.after.template.functions if one.name == function for trigger in one.triggers
        ]
        written = [rule for trigger in triggers for rule in rules(trigger.settings)]
        return "" if any(part in str(text) for _, text, _ in written) else f"no filter of {function} holds {part}"

    return test, f"a filter of {function} holds {part}"


def _calls(fields: Fields, name: str) -> tuple[Test, str]:
    patterns, file = fields.texts(name), fields.text("file")

    def test(edit: Changed) -> str:
        module = edit.after.code.modules.get(file)
        if module is None:
            return f"no handler reaches {file} any more"
        found = matching(module.tree, patterns)
        if bool(found) is (name == "calls"):
            return ""
        if found:
            return f"{file}:{found[0].line} still calls {found[0].name}"
        return f"{file} has no such call"

    return test, f"{file} {'calls' if name == 'calls' else 'does not call'} {' or '.join(patterns)}"


def _tests(fields: Fields, name: str) -> tuple[Test, str]:
    given, file = fields.text(name), fields.text("file")

    def test(edit: Changed) -> str:
        module = edit.after.code.modules.get(file)
        looked = module is not None and looks_at(module.tree, given)
        return "" if looked else f"no condition in {file} looks at {given!r}"

    return test, f"a condition in {file} looks at {given!r}"


def _written(fields: Fields, name: str) -> tuple[Test, str]:
    pattern, file = re.compile(fields.text(name), re.MULTILINE), fields.text("file")

    def test(edit: Changed) -> str:
        found = pattern.search(edit.after.texts.get(file, ""))
        if (found is not None) is (name == "writes"):
            return ""
        return f"{file} holds `{_short(found[0])}`" if found else f"{file} does not hold what is asked for"

    return test, f"{file} {'holds' if name == 'writes' else 'does not hold'} `{pattern.pattern}`"


def _models(fields: Fields, name: str) -> tuple[Test, str]:
    pattern = re.compile(fields.text(name))

    def test(edit: Changed) -> str:
        return "" if pattern.search(edit.after.models) else "the models say something else"

    return test, "the models say so"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"


_UNTRIED = "no request was sent"
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
    "tests": _tests,
    "models": _models,
    "writes": _written,
    "does_not_write": _written,
    "arrives": _arrives,
    "fails": _fails,
    "works": _fails,
}
_NEEDS: Mapping[str, Needs] = {
    **dict.fromkeys(("no_flow", "flow"), "flows"),
    **dict.fromkeys(("arrives", "fails", "works"), "requests"),
}
