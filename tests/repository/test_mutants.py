"""What `make mutants` tries, and how it tells what came of it."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from pathlib import Path

import mutants
import pytest

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]


def test_the_rooms_that_decide_are_tried_and_every_folder_named_exists() -> None:
    rooms = {pattern.removesuffix("/*") for pattern in SETTINGS["only_mutate"]}
    assert rooms >= {f"sls_lab/{room}" for room in ("facts", "aws", "services", "events", "taint/judge")}
    folders = [
        *rooms,
        *SETTINGS["also_copy"],
        *SETTINGS["pytest_add_cli_args_test_selection"],
        *SETTINGS["source_paths"],
    ]
    for folder in folders:
        assert (ROOT / folder).is_dir(), folder


def test_what_tests_import_is_copied_to_where_faults_are_planted() -> None:
    options = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    tops = {folder.partition("/")[0] for folder in options["pythonpath"]}
    assert tops - {"."} <= {*SETTINGS["also_copy"]}


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (['-    Reason("a clock wakes it", span)', '+    Reason("XXa clock wakes itXX", span)'], True),
        (['-    f"`{name}` is denied"', '+    f"`{name}` IS DENIED"'], True),
        (['-    Reason("a clock wakes it", span)', "+    Reason(None, span)"], False),
        (['-    Reason("a clock wakes it", span)', '+    Reason("a clock wakes it", None)'], False),
        (['-    call.api == "put"', '+    call.api == "XXputXX"'], False),
        (["-    a and b", "+    a or b"], False),
    ],
)
def test_a_fault_in_the_words_of_a_message_is_told_from_others(lines: list[str], words: bool) -> None:
    assert mutants.only_words(lines) is words


def test_what_became_of_each_fault_is_read_and_counted_by_module(tmp_path: Path) -> None:
    codes = {"sls_lab.events.x_a__mutmut_1": 1, "sls_lab.events.x_a__mutmut_2": 0, "sls_lab.facts.x_b__mutmut_1": None}
    (tmp_path / "events.py.meta").write_text(json.dumps({"exit_code_by_key": codes}))
    (tmp_path / "facts.py.meta").write_text(json.dumps({"exit_code_by_key": {"sls_lab.facts.x_b__mutmut_2": 33}}))
    outcomes = mutants.read_outcomes(tmp_path)
    assert [*outcomes.values()] == [mutants.KILLED, mutants.SURVIVED, mutants.NOT_TRIED, mutants.NO_TEST]
    rows = [line.split() for line in mutants.table(outcomes, mutants.module_of).splitlines()[1:]]
    assert rows == [
        ["sls_lab.events", "1", "1", "0", "0", "50.0", "%"],
        ["sls_lab.facts", "0", "0", "1", "1", "0.0", "%"],
        ["all", "1", "1", "1", "1", "33.3", "%"],
    ]


def test_a_sample_has_some_faults_of_each_room_and_is_the_same_for_the_same_seed() -> None:
    rooms = ["events", "taint/judge"]
    names = [f"sls_lab.{room}.x_{number}" for room in ("events", "facts", "taint.judge") for number in range(50)]
    found = mutants.sample(names, rooms, 20, 1)
    assert found == mutants.sample(names[::-1], rooms, 20, 1)
    assert found != mutants.sample(names, rooms, 20, 2)
    assert Counter(mutants.room_of(rooms, name) for name in found) == {"events": 20, "taint/judge": 20}
    assert mutants.sample(names, ["facts"], 100, 1) == {name for name in names if ".facts." in name}


def test_data_of_the_package_is_copied_anew(tmp_path: Path) -> None:
    kept, stale = ("a.py", "a.py.meta"), "list.txt"
    for name in (*kept, stale):
        (tmp_path / "sls_lab").mkdir(exist_ok=True)
        (tmp_path / "sls_lab" / name).write_text("")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_renamed_since.py").write_text("")
    mutants.forget_data(tmp_path)
    assert not (tmp_path / "tests").exists()
    assert sorted(file.name for file in (tmp_path / "sls_lab").iterdir()) == sorted(kept)
