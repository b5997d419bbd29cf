"""The table of rules and the configuration made from it."""

from __future__ import annotations

import json
import re

import pytest

from sls_lab.rewrite.analyser.secret_reads import MARKING
from sls_lab.taint.rules import (
    KEEPING,
    LOADED,
    OPEN_CALL,
    RULES,
    STORED,
    STORED_OBJECT_KEY,
    STORES,
    rule_of,
    sources_of,
    taint_config,
)
from sls_lab.taint.secret_rules import SECRETS
from tests.taint.models.conftest import model_texts

CATEGORIES = {
    *("code-injection", "deserialisation", "sql-injection", "nosql-injection", "template-injection"),
    *("information-leak", "integrity", "path-traversal", "ssrf", "privilege", "secret-exposure"),
}


def test_every_category_has_a_rule_and_no_other_is_used() -> None:
    assert {rule.category for rule in RULES} == CATEGORIES


def test_every_form_of_a_rule_leads_back_to_it() -> None:
    codes = [entry["code"] for entry in taint_config()["rules"]]
    assert len(codes) == len(set(codes)) == (len(RULES) + 2) * (STORES + 1)
    for entry in taint_config()["rules"]:
        assert entry["sinks"] == [rule_of(entry["code"]).name]
    with pytest.raises(KeyError):
        rule_of(1)


def test_the_forms_of_a_rule_differ_in_how_often_data_was_stored() -> None:
    rules = [entry for entry in taint_config(RULES[:1], stores=2)["rules"] if rule_of(entry["code"]) is RULES[0]]
    assert [entry["transforms"] for entry in rules] == [[], [STORED, LOADED], [STORED, LOADED] * 2]


def test_all_kinds_are_declared_whatever_rules_are_chosen() -> None:
    config = taint_config(RULES[:1], features=["x"])
    assert {sink["name"] for sink in config["sinks"]} == {rule.name for rule in (KEEPING, OPEN_CALL, *RULES)}
    assert config["features"] == [{"name": "x"}]
    assert json.loads(json.dumps(config)) == config


def test_a_listing_is_no_source_where_it_harms_nobody() -> None:
    by_name = {rule.name: sources_of(rule) for rule in RULES}
    assert STORED_OBJECT_KEY in by_name["ShellCommand"]
    assert STORED_OBJECT_KEY not in by_name["SnsMessage"]
    assert STORED_OBJECT_KEY not in by_name["ObjectDeletion"]


def test_rules_say_what_is_wrong_and_what_to_do() -> None:
    for rule in RULES:
        assert re.fullmatch(r"CWE-\d+", rule.cwe)
        assert rule.title[0].isupper() and not rule.title.endswith(".")
        assert rule.remedy.endswith(".")


def test_models_name_no_unknown_kind() -> None:
    kinds = {rule.name for rule in (OPEN_CALL, *RULES)}
    for name, text in model_texts().items():
        used = {word for found in re.findall(r"TaintSink\[([\w, ]+)", text) for word in re.findall(r"\w+", found)}
        assert used - {"ParameterPath"} <= kinds, name


def test_secrets_lead_to_their_own_sinks_alone() -> None:
    for rule in RULES:
        kinds = set(sources_of(rule))
        assert kinds == set(SECRETS) if rule.category == "secret-exposure" else not kinds & set(SECRETS)
    for entry in taint_config()["rules"]:
        if set(entry["sources"]) & set(SECRETS):
            assert set(entry["sources"]) == set(SECRETS)


def test_every_kind_of_secret_is_marked_by_a_function_of_its_own() -> None:
    text = next(text for name, text in model_texts().items() if name == "secrets")
    for kind, function in MARKING.items():
        assert f"def sls_lab_event.{function}() -> TaintSource[{kind}]: ..." in text
    assert MARKING.keys() == SECRETS.keys()
