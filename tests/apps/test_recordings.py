"""What is recorded beside each example application is what a live run gives."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sls_lab import App, analyse, exercises, load_app
from sls_lab.recordings import edited_copy, variants_of
from sls_lab.taint import live_run, recorded
from sls_lab.taint.run.pysa import PysaPrograms, PysaUnavailable

FOLDERS = sorted(path.parent for path in (Path(__file__).parents[2] / "code-examples/apps").glob("*/expected.yml"))
NAMES = [folder.name for folder in FOLDERS]


@pytest.fixture(scope="module")
def variants(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, App]]:
    """Every application with all that is recorded of it, answers to exercises included, live."""
    found = {}
    for folder in FOLDERS:
        app = load_app(folder)
        copies = {
            what: edited_copy(app, edited, tmp_path_factory.mktemp("copy"))
            for what, edited in exercises.variants(folder).items()
        }
        found[folder.name] = {**variants_of(app), **copies}
    analyse([app for one in found.values() for app in one.values()], use_cache=False, raw=True)
    return found


@pytest.mark.live
@pytest.mark.parametrize("name", NAMES)
def test_a_recording_is_what_a_live_run_gives(variants: dict[str, dict[str, App]], name: str) -> None:
    for what, app in variants[name].items():
        for subject, live in ((app.subject, app.flows), (app.raw_subject, app.raw_flows)):
            stored = recorded(subject)
            assert live.analysed == "live"
            assert stored.flows == live.flows, f"{what}: run `make record`"
            assert set(stored.unseen) == set(live.unseen), f"{what}: run `make record`"
            assert (stored.considered, stored.left_out) == (live.considered, live.left_out), (
                f"{what}: run `make record`"
            )


def test_every_example_is_shown_without_pysa(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> PysaPrograms:
        raise PysaUnavailable("pyre-check not found")

    monkeypatch.setattr(live_run, "find_programs", none)
    apps = [load_app(folder) for folder in FOLDERS]
    analyse(apps, use_cache=False, raw=True)
    for app in apps:
        assert (app.flows.analysed, app.raw_flows.analysed) == ("recorded", "recorded"), app.name
        expected = yaml.safe_load((app.path / "expected.yml").read_text(encoding="utf-8"))
        assert bool(app.flows.flows) >= bool(expected["flows"]), app.name
        assert bool(app.flows.flows) <= bool(expected["flows"] or expected["optional_flows"]), app.name
