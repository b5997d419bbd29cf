"""Every service is whole: a class of behaviour, with facts, and a test of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab.aws.registry import FACTS
from sls_lab.services import SERVICES, behaviour
from sls_lab.services.service import Service


def test_every_file_of_behaviour_is_found() -> None:
    files = {file.stem for file in Path(behaviour.__path__[0]).glob("*.py")} - {"__init__"}
    assert {client.replace("-", "_") for client in SERVICES} == {name.rstrip("_") for name in files}


@pytest.mark.parametrize("client", SERVICES)
def test_a_service_with_behaviour_has_facts(client: str) -> None:
    assert FACTS[client].client == client


def test_whatever_is_named_as_a_target_has_behaviour() -> None:
    assert {client for client, facts in FACTS.items() if facts.target} <= set(SERVICES)


def test_a_class_that_lacks_a_member_cannot_be_made() -> None:
    class Lacking(Service):
        client = "lacking"

    with pytest.raises(TypeError, match="abstract"):
        Lacking()  # type: ignore[abstract]
