"""Applications as Windows keeps them: lines that end in CR LF, folders named with a drive and backslashes."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path, PureWindowsPath
from typing import Any, cast

import pytest

from sls_lab import load_app
from sls_lab.cli import main
from sls_lab.report.gitlab import as_gitlab
from sls_lab.report.json import as_json
from sls_lab.report.junit import as_junit
from sls_lab.report.repository import OutsideRoot, prefix_of
from sls_lab.report.sarif import as_sarif
from tests.report.sample import Sample, sample

APPS = Path(__file__).resolve().parents[2] / "code-examples" / "apps"
#: One for each kind of template, each with a recording.
EXAMPLES = ("upload-chain", "order-scan", "sam-notes")
TEXT = {".py", ".yml", ".yaml", ".json", ".txt", ".md"}


class WindowsFolder(PureWindowsPath):
    """A folder of Windows, seen from anywhere."""

    def resolve(self) -> WindowsFolder:
        return self

    def absolute(self) -> WindowsFolder:
        return self


def carriage_returns(application: Path, folder: Path) -> Path:
    """A copy of an application whose lines end as Windows' editors write them."""
    copy = shutil.copytree(application, folder / application.name)
    for file in copy.rglob("*"):
        if file.is_file() and file.suffix in TEXT and file.name != "recorded.json":
            file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    return copy


def report(application: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The recorded analysis, without what differs between two places and moments."""
    assert main(["analyse", str(application), "--recorded", "--trust-recording", "--format", "json", "--quiet"]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    del result["app"]["path"], result["timings"]
    return result


@pytest.mark.parametrize("name", EXAMPLES)
def test_line_ends_change_no_answer_and_no_place(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    usual = report(APPS / name, capsys)
    assert usual["analysed"] == "recorded"
    assert usual["flows"]
    assert report(carriage_returns(APPS / name, tmp_path), capsys) == usual


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_rewritten_file_keeps_its_line_ends(name: str, tmp_path: Path) -> None:
    usual = load_app(APPS / name).rewriting
    windows = load_app(carriage_returns(APPS / name, tmp_path)).rewriting
    assert any(file.edits for file in usual.files.values())
    for path, file in windows.files.items():
        assert "\n" not in file.text.replace("\r\n", ""), path
        assert file.text.replace("\r\n", "\n") == usual.files[path].text


def on_windows(folder: str) -> Sample:
    """The sample in a folder of Windows."""
    return replace(sample(), path=WindowsFolder(folder))  # type: ignore[arg-type] # a path of another system


def test_files_are_named_with_slashes_from_the_root_of_a_repository_on_windows() -> None:
    done, root = on_windows(r"C:\course\repo\apps\one two"), cast(Path, WindowsFolder(r"c:\Course\repo"))
    assert prefix_of(done.path, root) == "apps/one two/"
    written = (
        as_sarif([done], version="1", root=root),
        as_gitlab([done], root=root),
        as_junit([done], root=root),
        as_json([done]),
    )
    assert all("\\" not in text.replace("\\n", "").replace('\\"', "") for text in written)
    places = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in json.loads(written[0])["runs"][0]["results"]
    ]
    assert places and all(place.startswith("apps/one%20two/") for place in places)
    assert json.loads(written[3])["app"]["path"] == "C:/course/repo/apps/one two"


def test_absolute_addresses_have_the_drive_as_a_file_address_has_it() -> None:
    run = json.loads(as_sarif([on_windows(r"D:\my apps\one")], version="1", absolute=True))["runs"][0]
    assert run["originalUriBaseIds"]["%SRCROOT%"]["uri"] == "file:///D:/my%20apps/one/"


def test_another_drive_lies_outside() -> None:
    folder, root = (cast(Path, WindowsFolder(name)) for name in (r"D:\repo\app", r"C:\repo"))
    with pytest.raises(OutsideRoot, match="does not lie in"):
        prefix_of(folder, root)
