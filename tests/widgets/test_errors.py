"""What a notebook shows where an application cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell


def test_an_error_of_the_kit_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shell = InteractiveShell()
    shell.run_cell(f"import sls_lab; sls_lab.load_app({str(tmp_path / 'nothing')!r}).template")
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("UnreadableApplication: ")
    assert "nothing" in line


def test_any_other_error_keeps_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    InteractiveShell().run_cell("1 / 0")
    assert "Traceback" in capsys.readouterr().out
