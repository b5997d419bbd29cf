"""The table of the twelve risks agrees with the applications it names and with what the kit says of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sls_lab import analyse, load_app
from sls_lab.advice import CHECKS, RISKS, Check
from sls_lab.taint.rules import RULES

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "code-examples"
README = EXAMPLES / "README.md"
ROW = re.compile(
    r"^\| SAS-(?P<number>\d+) (?P<name>[^|]+) \| (?P<application>[^|]+) \| (?P<look>[^|]+) \|$", re.MULTILINE
)
CATEGORIES = {rule.category for rule in RULES}


def rows() -> dict[int, re.Match[str]]:
    found = list(ROW.finditer(README.read_text(encoding="utf-8")))
    return {int(row["number"]): row for row in found}


def application(row: re.Match[str]) -> str | None:
    link = re.fullmatch(r"\[(?P<name>[a-z-]+)\]\(apps/(?P=name)\)", row["application"])
    return link["name"] if link else None


SHOWN = {number: name for number, row in rows().items() if (name := application(row))}
each_risk = pytest.mark.parametrize(("number", "name"), SHOWN.items(), ids=SHOWN.values())


def named(number: int) -> set[str]:
    return set(re.findall(r"`([a-z-]+)`", rows()[number]["look"]))


def test_all_twelve_are_there_and_every_gap_is_explained() -> None:
    assert {number: row["name"] for number, row in rows().items()} == RISKS
    text = README.read_text(encoding="utf-8")
    for number in set(rows()) - set(SHOWN):
        assert f"- **SAS-{number}** altogether." in text


def test_every_code_of_advice_is_named() -> None:
    text = README.read_text(encoding="utf-8")
    assert not {code for check in CHECKS for code in check.codes if f"`{code}`" not in text}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_check_and_the_table_agree_on_the_risk(check: Check) -> None:
    assert set(check.codes) & named(check.risk)


@each_risk
def test_the_application_gives_the_advice_that_is_named(number: int, name: str) -> None:
    app = load_app(EXAMPLES / "apps" / name)
    assert named(number)
    assert named(number) - CATEGORIES <= {advice.code for advice in app.advice}


@pytest.mark.live
def test_the_applications_have_the_flows_that_are_named() -> None:
    apps = [load_app(EXAMPLES / "apps" / name) for name in SHOWN.values()]
    analyse(apps, use_cache=False)
    for number, app in zip(SHOWN, apps, strict=True):
        assert named(number) & CATEGORIES <= {flow.rule.category for flow in app.flows.flows}, app.name


TWINS = {
    "holiday-flats": {"plain-secret", "hard-coded-secret", "secret-logged", "request-logged", "no-authoriser"},
    "night-bus": {"verbose-error"},
    "postcard-loop": {"event-loop"},
    "ticket-office": {"side-entrance"},
}


@pytest.mark.parametrize("name", TWINS)
def test_a_safe_twin_lacks_what_its_brother_has(name: str) -> None:
    given, left = (
        {advice.code for advice in load_app(EXAMPLES / "apps" / folder).advice} for folder in (name, f"safe-{name}")
    )
    assert TWINS[name] <= given
    assert not TWINS[name] & left
