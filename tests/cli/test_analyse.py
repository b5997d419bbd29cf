from __future__ import annotations

import json
from pathlib import Path

import pytest

from sls_lab.cli import main
from sls_lab.template.model import Options
from tests.cli.fakes import World

Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["flow"], 0),
        (["flow", "--fail-on-flow"], 1),
        (["clean", "--fail-on-flow", "--strict"], 0),
        (["part"], 0),
        (["part", "--strict"], 3),
        (["not-run"], 3),
        (["unreadable"], 2),
        (["clean", "unreadable"], 2),
        (["clean", "flow", "--fail-on-flow"], 1),
        (["clean", "not-run"], 3),
        (["sample", "--strict", "--fail-on-flow"], 1),
    ],
)
def test_the_exit_status(arguments: list[str], status: int, world: World) -> None:
    assert main(["analyse", *arguments]) == status


@pytest.mark.parametrize("name", ["analyse", "analyze"])
def test_both_spellings(name: str, world: World) -> None:
    assert main([name, "clean"]) == 0


@pytest.mark.parametrize("form", ["json", "sarif", "html"])
def test_standard_output_holds_the_result_alone(form: str, world: World, capsys: Captured) -> None:
    world.steps = ("flow: unchanged, answered from the cache",)
    assert main(["analyse", "flow", "clean", "--format", form]) == 0
    said = capsys.readouterr()
    if form == "html":
        assert said.out.startswith("<!DOCTYPE html>")
        assert said.out.endswith("</html>\n")
    else:
        json.loads(said.out)
    assert "flow: unchanged, answered from the cache" in said.err
    assert "flow: 1 flow found" in said.err
    assert "clean: No flow found in the code that was analysed" in said.err


@pytest.mark.parametrize("form", ["junit", "gitlab", "sarif"])
def test_files_are_named_from_a_root_that_holds_the_application(
    form: str, world: World, capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["analyse", "team/flow", "--format", form, "--root", "."]) == 0
    assert "team/flow/src/resize.py" in capsys.readouterr().out
    assert main(["analyse", "team/flow", "--format", form, "--root", "other"]) == 2
    assert "team/flow does not lie in other" in capsys.readouterr().err
    assert len(world.calls) == 1  # the second was refused before time was spent


def test_the_rest_goes_on_where_one_cannot_be_read(world: World, capsys: Captured) -> None:
    assert main(["analyse", "unreadable", "clean", "--format", "json"]) == 2
    said = capsys.readouterr()
    assert [app["app"]["path"] for app in json.loads(said.out)] == ["clean"]
    assert "sls-lab: unreadable is no folder" in said.err
    assert world.calls[0]["apps"] == ["clean"]


def test_several_applications_are_analysed_in_one_run(world: World, capsys: Captured) -> None:
    assert main(["analyse", "flow", "clean", "part"]) == 0
    assert [call["apps"] for call in world.calls] == [["flow", "clean", "part"]]
    assert "ALL APPLICATIONS" in capsys.readouterr().out


def test_settings_are_handed_on(world: World) -> None:
    given = "--no-cache --recorded --sources external,public --stage prod --region eu-west-1 --opt a=b=c --opt d="
    given += " --env TOKEN=x --param Bucket=photos --template one.yml --template two.yml"
    assert main(["analyse", "clean", *given.split()]) == 0
    assert world.calls == [{"apps": ["clean"], "use_cache": False, "use_recording": True}]
    (app,) = world.loaded
    assert app.sources == {"public", "external"}
    assert app.options == Options(
        opt={"a": "b=c", "d": "", "stage": "prod", "region": "eu-west-1"},
        env={"TOKEN": "x"},
        param={"Bucket": "photos"},
        templates=("one.yml", "two.yml"),
    )


def test_by_default_the_cache_answers_and_public_events_are_sources(world: World) -> None:
    main(["analyse", "clean"])
    assert world.calls == [{"apps": ["clean"], "use_cache": True, "use_recording": False}]
    assert world.loaded[0].sources == {"public"}
    assert world.loaded[0].options == Options()


@pytest.mark.posix
def test_a_file_takes_the_result(world: World, capsys: Captured, tmp_path: Path) -> None:
    file = tmp_path / "flows.json"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o640)
    assert main(["analyse", "flow", "--format", "json", "--output", str(file)]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "flow: 1 flow found" in said.err
    assert json.loads(file.read_text(encoding="utf-8"))["flows"]
    assert file.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["flows.json"]


@pytest.mark.parametrize("where", [".", "no/such/folder/flows.json"])
def test_a_file_that_cannot_be_written_is_said_before_the_analysis(
    where: str, world: World, capsys: Captured, tmp_path: Path
) -> None:
    assert main(["analyse", "flow", "--output", str(tmp_path / where)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert world.calls == []


def test_explain_adds_reasons(world: World, capsys: Captured) -> None:
    main(["analyse", "flow"])
    short = capsys.readouterr().out
    main(["analyse", "flow", "--explain"])
    assert len(capsys.readouterr().out) > len(short)


def test_quiet_says_nothing_about_progress(world: World, capsys: Captured) -> None:
    world.steps = ("clean: unchanged, answered from the cache",)
    main(["analyse", "clean", "--quiet"])
    assert capsys.readouterr().err == ""


def test_columns_of_the_environment_are_kept(world: World, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    main(["analyse", "sample"])
    assert max(map(len, capsys.readouterr().out.split("\n"))) <= 60


def test_each_application_of_a_folder_by_itself(world: World, tmp_path: Path, capsys: Captured) -> None:
    stack = "Resources: {F: {Type: AWS::Lambda::Function}}\n"
    for name in ("clean", "flow"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "template.yaml").write_text(stack, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    assert main(["analyse", str(tmp_path), "--each", "--format", "json"]) == 0
    assert world.calls[0]["apps"] == ["clean", "flow"]
    assert len(json.loads(capsys.readouterr().out)) == 2
