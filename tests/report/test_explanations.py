"""What codes and categories mean, and the page that is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab.advice import CHECKS
from sls_lab.facts import CODES
from sls_lab.report.explanations import UnknownCode, explanation, names, page

PAGE = Path(__file__).parents[2] / "docs" / "diagnostics.md"


@pytest.mark.parametrize("name", names())
def test_all_that_reports_name_is_explained(name: str) -> None:
    text = explanation(name)
    assert text.startswith(f"{name} (")
    assert "What to do: " in text


def test_advice_tells_its_risk_and_source() -> None:
    assert "Risk SAS-2; see https://docs.aws.amazon.com/" in explanation("no-authoriser")


def test_a_category_tells_each_of_its_rules() -> None:
    text = explanation("ssrf")
    assert "RequestUrl: An outsider chooses where a request goes (CWE-918, https://cwe.mitre.org/" in text


@pytest.mark.parametrize(("name", "hint"), [("no-authorizer", "did you mean no-authoriser?"), ("x", "--all")])
def test_what_is_unknown_gets_a_hint(name: str, hint: str) -> None:
    with pytest.raises(UnknownCode, match="is not a code") as told:
        explanation(name)
    assert hint in str(told.value)


def test_each_code_of_advice_has_one_check() -> None:
    checked = [code for check in CHECKS for code in check.codes]
    assert sorted(checked) == sorted(code.name for code in CODES.values() if code.level == "advice")


def test_the_page_is_as_the_registry_says(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--golden"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page(), "run `sls-lab explain --all > docs/diagnostics.md`"
