"""What `make slides` says where something is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

import slides


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slides, "MARP", tmp_path / "marp")


def test_without_node_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(slides.Failed, match=r"Node\.js 20 or newer"):
        slides.install()


@pytest.mark.posix
def test_where_npm_fails_it_says_so_and_tries_again_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    for _ in range(2):
        with pytest.raises(slides.Failed, match="npm could not install Marp"):
            slides.install()


@pytest.mark.posix
def test_what_is_installed_as_locked_is_not_installed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\nPATH=/usr/bin:/bin\nmkdir -p node_modules/.bin && : > node_modules/.bin/marp\n")
    npm.chmod(0o755)
    program = slides.install()
    npm.unlink()
    assert slides.install() == program == tmp_path / "marp" / "node_modules" / ".bin" / "marp"


def test_without_chromium_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slides, "find_chromium", lambda: None)
    with pytest.raises(slides.Failed, match="no Chromium was found"):
        slides.main()
