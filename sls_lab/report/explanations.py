"""What codes, categories and rules mean: for `sls-lab explain`, and as the page `docs/diagnostics.md`."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from sls_lab.advice import CHECKS, Check
from sls_lab.facts import CODES, RegisteredCode, SlsLabError
from sls_lab.facts.codes import PARTS
from sls_lab.report.summary import enumerate_words
from sls_lab.taint.model import Rule
from sls_lab.taint.rules import RULES

_LEVELS = {
    "error": "something was not analysed because of it",
    "warning": "a part was left out or guessed",
    "note": "nothing is missing, but a reader should know",
    "advice": "not a flow, but worth fixing",
}
_HEAD = """\
# Diagnostics, advice and flows

<!-- Written by `sls-lab explain --all`; a test compares it. Change the registry in sls_lab/facts/codes instead. -->

Every message of `sls-lab` has a code, and this page explains each one. `sls-lab explain CODE` shows the same in a
terminal. A level says how much depends on it:

"""


_SILENCING = """\

## Silencing a finding

A flow or a piece of advice that you have judged can be silenced at its line (of a flow, the line of the sink) by a
comment with its code, in Python or YAML. Flows are named by their category or their rule. The reason is required:

```python
os.system(command)  # sls-lab: ignore[code-injection] the command is one of three, see parse()
```

`sls-lab analyse APP --write-baseline FILE` accepts all that is found today, and `--baseline FILE` silences it from then
on. A finding is recognised by its code, its file and the source at its place (a flow also by its handlers), so moved
lines change nothing. Silenced findings are counted in every report and do not change the exit status. Diagnostics
cannot be silenced: what was not analysed stays so.
"""


class UnknownCode(SlsLabError):
    """What was asked for is not a code, a category or a rule."""


def explanation(name: str) -> str:
    """What a code, a flow's category or a rule means, in a few paragraphs. Raises UnknownCode."""
    if name in CODES:
        return "\n".join(_of_code(CODES[name]))
    rules = [rule for rule in RULES if name in (rule.category, rule.name)]
    if rules:
        return "\n".join(_of_rules(name, rules))
    near = get_close_matches(name, names(), n=1)
    hint = f"did you mean {near[0]}?" if near else "sls-lab explain --all lists them all"
    raise UnknownCode(f"{name} is not a code, a category of flows or a rule: {hint}")


def names() -> tuple[str, ...]:
    """All that can be asked for."""
    return (*CODES, *dict.fromkeys(rule.category for rule in RULES), *(rule.name for rule in RULES))


def page() -> str:
    """All explanations, as Markdown."""
    lines = [_HEAD + "\n".join(f"- **{level}**: {words}." for level, words in _LEVELS.items())]
    for title, codes in PARTS.items():
        lines += ["", f"## {title}"]
        for code in codes:
            check = _check(code)
            level = f"{code.level}, SAS-{check.risk}" if check is not None else code.level
            lines += ["", f"### {code.name}", "", f"**{code.title}** ({level}). {code.meaning}", ""]
            lines += ["```text", code.example, "```", "", f"*What to do:* {code.remedy}"]
            if check is not None:
                lines.append(f"*Source:* <{check.source}>")
    lines += ["", "## Flows by category"]
    for category in dict.fromkeys(rule.category for rule in RULES):
        lines += ["", f"### {category}", ""]
        lines += ["| rule | severity | weakness | what to do |", "|---|---|---|---|"]
        for rule in (rule for rule in RULES if rule.category == category):
            link = f"[{rule.cwe}]({_cwe_page(rule)})"
            words = f"{rule.title}. {rule.remedy}".replace("|", "\\|")
            lines.append(f"| `{rule.name}` | {rule.severity} | {link} | {words} |")
    return "\n".join(lines) + "\n" + _SILENCING


def _of_code(code: RegisteredCode) -> Iterator[str]:
    check = _check(code)
    yield f"{code.name} ({code.level}: {_LEVELS[code.level]})"
    yield f"{code.title}."
    yield ""
    yield code.meaning
    yield f"What to do: {code.remedy}"
    yield ""
    yield "For example:"
    yield from (f"    {line}" for line in code.example.split("\n"))
    if check is not None:
        yield ""
        yield f"Risk SAS-{check.risk}; see {check.source}"


def _of_rules(name: str, rules: list[Rule]) -> Iterator[str]:
    what = "rule" if rules[0].name == name else "category of flows"
    yield f"{name} ({what}, severity {enumerate_words(list(dict.fromkeys(rule.severity for rule in rules)))})"
    for rule in rules:
        yield ""
        yield f"{rule.name}: {rule.title} ({rule.cwe}, {_cwe_page(rule)})."
        yield f"What to do: {rule.remedy}"


def _cwe_page(rule: Rule) -> str:
    return f"https://cwe.mitre.org/data/definitions/{rule.cwe.removeprefix('CWE-')}.html"


def _check(code: RegisteredCode) -> Check | None:
    return next((check for check in CHECKS if code.name in check.codes), None)
