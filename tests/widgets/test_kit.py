"""The kit's source, shown in a notebook."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

import sls_lab
from sls_lab.events import link_events
from sls_lab.widgets.kit import look_into

ROOT = Path(sls_lab.__file__).parent.parent


@pytest.mark.parametrize(("folder", "way"), [("notebooks", ".."), ("code-examples/apps/upload-chain", "../../..")])
def test_the_source_stands_at_the_line_that_is_named(folder: str, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / folder)
    shown = look_into(link_events)
    first = (ROOT / shown.file).read_text().splitlines()[shown.line - 1]
    assert first.startswith("def link_events(")
    assert f"{shown.line} def link_events(" in repr(shown)
    page = shown._repr_html_()
    # JupyterLab's lines count from 0.
    assert f'href="{way}/{shown.file}#line={shown.line - 1}"' in page
    assert "link_events" in page


def test_what_gives_an_answer_away_is_folded() -> None:
    before, _, after = look_into(link_events, folded="Open it later")._repr_html_().partition("Open it later</summary>")
    assert "def " not in before
    assert "def " in after
    assert "<summary>" not in look_into(link_events)._repr_html_()


def test_what_has_no_python_source_is_refused() -> None:
    with pytest.raises(TypeError):
        look_into(len)


def test_what_jupyterlab_cannot_open_has_no_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere_it_is.py").write_text("def double(number):\n    return 2 * number\n")
    monkeypatch.syspath_prepend(tmp_path)
    shown = look_into(importlib.import_module("elsewhere_it_is").double)
    assert shown.file == "elsewhere_it_is.py"
    assert "<a " not in shown._repr_html_()
    assert "return 2 * number" in repr(shown)
