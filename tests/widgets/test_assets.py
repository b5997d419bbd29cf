"""The scripts of the widgets."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

import sls_lab.widgets
from sls_lab.widgets.assets import SHARED, script

STATIC = Path(sls_lab.widgets.__file__).parent / "static"
OWN = sorted(file.name for file in STATIC.glob("*.js") if file.name not in SHARED)
DECLARED = re.compile(r"^(?:const|let|class|(?:async )?function) ([A-Za-z_$][\w$]*)", re.MULTILINE)


@pytest.mark.parametrize("name", OWN)
def test_a_script_declares_each_name_once(name: str) -> None:
    """It is one module with the shared scripts: a browser refuses a module that declares a name twice."""
    declared = Counter(DECLARED.findall(script(name)))
    assert {"render", "lab", "h"} <= set(declared)
    assert [word for word, count in declared.items() if count > 1] == []
