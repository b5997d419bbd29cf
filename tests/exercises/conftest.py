from __future__ import annotations

import pytest

from sls_lab import analyse, load_app
from sls_lab.exercises import exercises, setting_of, variants
from sls_lab.recordings import edited_copy


@pytest.fixture(scope="session")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Solutions and typical wrong answers of the whole course, analysed in one run of Pysa and then in the cache."""
    folders = dict.fromkeys(setting_of(exercise).folder for exercise in exercises())
    analyse(
        [
            edited_copy(load_app(folder), edited, tmp_path_factory.mktemp("copy"))
            for folder in folders
            for edited in variants(folder).values()
            if not edited.models
        ]
    )
