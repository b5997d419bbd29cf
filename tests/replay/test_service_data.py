"""What botocore knows of services is read once, and an application's own description of them stays its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore import loaders
from botocore.session import Session

from sls_lab.replay.child import service_data


@pytest.fixture
def _shared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(loaders.Loader, "__init__", loaders.Loader.__init__)  # put back afterwards
    monkeypatch.setattr(service_data, "_READ", {})
    service_data.share_service_data()
    yield


@pytest.mark.usefixtures("_shared")
def test_a_second_session_reads_nothing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Session().get_service_data("sqs")
    monkeypatch.setattr(loaders.JSONFileLoader, "load_file", lambda *_: pytest.fail("read again"))
    assert Session().get_service_data("sqs") is first


@pytest.mark.usefixtures("_shared")
def test_services_that_an_application_describes_are_its_own(tmp_path: Path) -> None:
    described = tmp_path / "sqs" / "2999-01-01"
    described.mkdir(parents=True)
    (described / "service-2.json").write_text(json.dumps({"metadata": {"serviceFullName": "Own"}}), encoding="utf-8")
    own = Session()
    own.set_config_variable("data_path", str(tmp_path))
    for _ in range(2):  # the usual loader's memory is filled by then
        assert own.get_service_data("sqs")["metadata"] == {"serviceFullName": "Own"}
        assert "operations" in Session().get_service_data("sqs")
