"""What the steps do to Python's garbage collector while they run."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

import sls_lab

CHAIN = Path(__file__).parents[2] / "code-examples" / "apps" / "upload-chain"


@pytest.mark.parametrize("usual", [(700, 10, 10), (500_000, 10, 10), (0, 10, 10)])
def test_it_looks_rarely_during_a_step_and_as_before_behind_it(
    usual: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int, int]] = []

    def fail(*_: object) -> None:
        seen.append(gc.get_threshold())
        raise LookupError

    monkeypatch.setattr("sls_lab.app.read_template", fail)
    before = gc.get_threshold()
    gc.set_threshold(*usual)
    try:
        with pytest.raises(LookupError):
            sls_lab.load_app(CHAIN).template  # noqa: B018  (the property's value is computed when it is asked for)
        after = gc.get_threshold()
    finally:
        gc.set_threshold(*before)
    assert after == usual
    assert seen == [(usual[0] and max(usual[0], 100_000), 10, 10)]
