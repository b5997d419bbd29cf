"""What `deploy/hub` says fits what is here. The server itself is tried by `benchmarks/class_server.py`."""

from __future__ import annotations

import json
import runpy
import shlex
import sys
from collections import defaultdict
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import hub
import pytest
import yaml

from sls_lab.cli.parser import build_parser

ROOT = Path(__file__).resolve().parents[2]
HUB = ROOT / "deploy" / "hub"
WORD = "lighthouse-42"


class Settings(defaultdict[str, SimpleNamespace]):
    """What a configuration sets, class by class, as JupyterHub's `c` holds it."""

    def __init__(self) -> None:
        super().__init__(SimpleNamespace)

    def __getattr__(self, name: str) -> SimpleNamespace:
        return self[name]


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """The settings of `jupyterhub_config.py`, which JupyterHub runs with a function `get_config`."""
    settings = Settings()
    spawner = ModuleType("jupyterhub.spawner")
    spawner.__dict__["SimpleLocalProcessSpawner"] = object
    monkeypatch.setitem(sys.modules, "jupyterhub", ModuleType("jupyterhub"))
    monkeypatch.setitem(sys.modules, "jupyterhub.spawner", spawner)
    monkeypatch.setenv("SLS_LAB_HUB_FOLDER", str(tmp_path))
    monkeypatch.setenv("SLS_LAB_CLASS_WORD", WORD)
    monkeypatch.setenv("SLS_LAB_HUB_ADDRESS", "http://0.0.0.0:9000")
    ran = runpy.run_path(str(HUB / "jupyterhub_config.py"), {"get_config": lambda: settings})
    settings["ran"].lay = ran["lay"]
    return settings


def command(words: list[str]) -> Any:
    """The arguments that `sls-lab` makes of a command."""
    assert words[0].endswith("sls-lab")
    return build_parser("0").parse_args(words[1:])


def test_the_room_listens_where_learners_send_to(configured: Settings) -> None:
    (room,) = (one for one in configured.JupyterHub.services if one["name"] == "room")
    arguments = command(room["command"])
    sent = configured.Spawner.environment["SLS_LAB_ROOM"]
    assert sent == f"{room['url']}{arguments.prefix}"
    assert urlsplit(sent).port == arguments.port
    assert room["environment"]["SLS_LAB_ROOM_WORD"] == configured.Spawner.environment["SLS_LAB_ROOM_WORD"] == WORD


def test_four_ports_are_used_once_each(configured: Settings) -> None:
    proxy = urlsplit(configured.ConfigurableHTTPProxy.api_url).port
    (room,) = (urlsplit(one["url"]).port for one in configured.JupyterHub.services if "url" in one)
    assert sorted([9000, configured.JupyterHub.hub_port, proxy, room]) == [9000, 9001, 9002, 9003]


def test_only_the_proxy_is_seen_from_outside(configured: Settings) -> None:
    inside = [configured.ConfigurableHTTPProxy.api_url, configured.Spawner.environment["SLS_LAB_ROOM"]]
    assert {urlsplit(address).hostname for address in inside} == {"127.0.0.1"}


def test_the_course_is_laid_into_a_home_once_and_what_was_changed_stays(configured: Settings, tmp_path: Path) -> None:
    learner = SimpleNamespace(user=SimpleNamespace(name="ada"))
    configured.ran.lay(learner)
    home = Path(configured.Spawner.notebook_dir.format(username="ada"))
    first = home / configured.Spawner.default_url.removeprefix("/lab/tree/")
    assert first.is_file()
    first.write_text("mine")
    configured.ran.lay(learner)
    assert first.read_text() == "mine"


def test_a_restart_stops_nobody(configured: Settings, tmp_path: Path) -> None:
    assert configured.JupyterHub.cleanup_servers is False
    assert configured.JupyterHub.cleanup_proxy is False
    assert hub.kept(tmp_path / "key") == hub.kept(tmp_path / "key")
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0


def test_a_name_cannot_lead_out_of_the_homes(configured: Settings) -> None:
    import re

    pattern = configured.Authenticator.username_pattern
    assert re.fullmatch(pattern, "ada.l-1")
    assert not any(re.fullmatch(pattern, name) for name in ("..", "../x", "a/b", "", ".ada", "Ada", "a" * 31))


def test_a_short_word_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["hub.py", "--word", "short"])
    with pytest.raises(hub.Failed, match="8 characters"):
        hub.main()


def test_kubernetes_uses_one_image_one_word_and_one_address() -> None:
    values = yaml.safe_load((HUB / "values.yml").read_text())
    parts = {part["kind"]: part for part in yaml.safe_load_all((HUB / "room.yml").read_text())}
    (container,) = parts["Deployment"]["spec"]["template"]["spec"]["containers"]
    image = values["singleuser"]["image"]
    assert container["image"] == f"{image['name']}:{image['tag']}"
    arguments = command(container["command"])
    address = urlsplit(values["singleuser"]["extraEnv"]["SLS_LAB_ROOM"])
    assert (address.hostname, address.port, address.path) == (
        parts["Service"]["metadata"]["name"],
        arguments.port,
        arguments.prefix,
    )
    assert arguments.port == parts["Service"]["spec"]["ports"][0]["port"] == container["ports"][0]["containerPort"]
    word = values["hub"]["config"]["SharedPasswordAuthenticator"]["user_password"]
    assert word == values["singleuser"]["extraEnv"]["SLS_LAB_ROOM_WORD"] == parts["Secret"]["stringData"]["word"]
    laid = shlex.split(values["singleuser"]["cmd"][2].partition("&&")[0])
    assert command(laid).command == "course"


def test_the_image_is_made_of_what_is_here() -> None:
    text = (HUB / "Dockerfile").read_text()
    copied = [line.split()[1:-1] for line in text.splitlines() if line.startswith("COPY deploy")]
    assert all((ROOT / name).is_file() for names in copied for name in names)
    assert (ROOT / "requirements-hub.lock").is_file()
    assert 'CMD ["python", "scripts/hub.py"' in text


def test_the_proxy_is_pinned_with_hashes() -> None:
    lock = json.loads((HUB / "proxy" / "package-lock.json").read_text())
    packages = {name: about for name, about in lock["packages"].items() if name}
    assert all(about["integrity"].startswith("sha512-") for about in packages.values())
    wanted = json.loads((HUB / "proxy" / "package.json").read_text())["dependencies"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
