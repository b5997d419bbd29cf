"""Applications for replays, written where a test needs them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from sls_lab.replay import Child, Simulation
from sls_lab.template import Template, read_template

Written = Callable[..., Template]


def service(functions: Mapping[str, str], more: str = "") -> str:
    """A template of the Serverless Framework with functions by name, each with its entries as YAML."""
    lines = ["service: trial", "provider:", "  name: aws", "  runtime: python3.12", "  region: eu-west-1"]
    lines += ["  iam:", "    role:", "      statements:"]
    lines += ['        - {Effect: Allow, Action: "*", Resource: "*"}', "functions:"]
    for name, entries in functions.items():
        lines += [f"  {name}:", textwrap.indent(textwrap.dedent(entries).strip(), "    ")]
    return "\n".join(lines) + "\n" + textwrap.dedent(more)


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Write an application and read its template: `written(files, functions, more)`."""

    def write(files: Mapping[str, str], functions: Mapping[str, str], more: str = "") -> Template:
        folder = tmp_path / "trial"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(textwrap.dedent(text), encoding="utf-8")
        (folder / "serverless.yml").write_text(service(functions, more), encoding="utf-8")
        return read_template(folder)

    return write


@pytest.fixture(scope="session")
def child() -> Iterator[Child]:
    """One child process for all tests that ask nothing special of it."""
    with Child() as process:
        yield process


@pytest.fixture
def simulated(child: Child) -> Callable[[Template], Simulation]:
    """Simulations in that child."""
    return lambda template: Simulation(template, child)
