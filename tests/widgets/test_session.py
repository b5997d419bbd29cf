"""Widgets of one app follow each other, and changes stay in a copy."""

from __future__ import annotations

import gc
import shutil
from pathlib import Path

import pytest

from sls_lab.app import App, load_app
from sls_lab.facts import Span, UnreadableApplication
from sls_lab.scratch import Scratch, UnusableChange
from sls_lab.template import Options
from sls_lab.widgets import session as session_module
from sls_lab.widgets.session import Focus, session_of

EXAMPLE = Path(__file__).resolve().parents[2] / "code-examples" / "apps" / "upload-chain"


class Witness:
    """A widget that writes down what it is told."""

    def __init__(self) -> None:
        self.followed: list[Focus] = []
        self.reread_count = 0

    def follow(self, focus: Focus) -> None:
        self.followed.append(focus)

    def reread(self) -> None:
        self.reread_count += 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of an example, so that a fault of the code under test does not harm it."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "upload-chain"))


def test_an_app_has_one_session_for_as_long_as_it_is_used() -> None:
    app = load_app(EXAMPLE)
    session = session_of(app)
    assert session_of(app) is session
    assert session_of(load_app(EXAMPLE)) is not session


def test_a_focus_reaches_all_but_the_one_that_chose_it() -> None:
    session = session_of(load_app(EXAMPLE))
    one, two = Witness(), Witness()
    session.join(one)
    session.join(two)
    focus = Focus(Span("handlers/convert.py", 16, 8, 16, 17), "convert")
    session.choose(focus, one)
    assert (one.followed, two.followed, session.focus) == ([], [focus], focus)


def test_a_widget_that_is_gone_is_forgotten() -> None:
    session = session_of(load_app(EXAMPLE))
    gone, there = Witness(), Witness()
    session.join(gone)
    session.join(there)
    del gone
    gc.collect()
    session.choose(Focus(handler="store"), there)
    assert session.focus.handler == "store"


@pytest.mark.live
def test_a_change_is_seen_after_analysis_and_only_in_the_copy(folder: Path) -> None:
    app = load_app(folder)
    session, witness = session_of(app), Witness()
    session.join(witness)
    before = (folder / "serverless.yml").read_text()
    assert app.template.texts["serverless.yml"] == before
    session.write("serverless.yml", before.replace("httpApi: POST", "httpApi: PUT"))
    assert session.changed
    assert app.template.texts["serverless.yml"] == before
    session.analyse(lambda _: None)
    assert "httpApi: PUT" in app.template.texts["serverless.yml"]
    assert (folder / "serverless.yml").read_text() == before
    assert app.name == "upload-chain"
    assert witness.reread_count == 1
    session.reset()
    session.analyse(lambda _: None)
    assert app.template.texts["serverless.yml"] == before
    assert not session.changed


def test_a_new_analysis_is_asked_with_what_the_first_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = App(
        folder, Options({"stage": "prod"}), frozenset({"external"}), frozenset({"filters"}), "def handlers.run(): ..."
    )
    wanted = {name: value for name, value in vars(app).items() if name != "path"}
    monkeypatch.setattr(session_module, "analyse", lambda apps, progress: None)
    session = session_of(app)
    session.write("handlers/store.py", "x = 1\n")
    session.analyse(lambda _: None)
    assert app.path != folder
    assert {name: value for name, value in vars(app).items() if name != "path"} == wanted


def test_a_change_that_leaves_nothing_to_read_keeps_what_is_shown() -> None:
    app = load_app(EXAMPLE.parent / "sam-notes")
    session, witness = session_of(app), Witness()
    session.join(witness)
    functions = app.template.functions
    session.write("template.yaml", "nothing: here\n")
    with pytest.raises(UnreadableApplication):
        session.analyse(lambda _: None)
    assert app.template.functions == functions
    assert witness.reread_count == 0


@pytest.mark.parametrize("file", ["../outside.py", "/etc/hosts", "a/../../outside.py", "link/outside.py"])
def test_no_change_leaves_the_application(folder: Path, tmp_path: Path, file: str) -> None:
    (folder / "link").symlink_to(tmp_path)
    scratch = Scratch(folder)
    with pytest.raises(UnusableChange, match=r"does not lie in the application"):
        scratch.write(file, "x = 1\n")
    assert not (tmp_path / "outside.py").exists()


def test_a_scratch_copy_goes_with_its_owner(folder: Path) -> None:
    scratch = Scratch(folder)
    copy = scratch.folder
    scratch.apply({"handlers/extra/new.py": "x = 1\n"})
    assert (copy / "handlers/extra/new.py").read_text() == "x = 1\n"
    scratch.reset()
    assert not (copy / "handlers/extra").exists()
    assert (copy / "serverless.yml").is_file()
    del scratch
    gc.collect()
    assert not copy.exists()
