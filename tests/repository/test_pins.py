"""The versions in pyproject.toml, in the lock files and in environment.yml are the same versions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
#: A cluster is nobody's laptop: its extra is among the tests' packages, and not among those of `make lab`.
LAB_EXTRAS = tuple(extra for extra in PROJECT["project"]["optional-dependencies"] if extra != "cluster")
LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-mutants.lock", "requirements-hub.lock")
LITE = "requirements-lite.lock"
COMPARED = "requirements-compare.lock"
LOCK = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)(?: ; (?P<marker>[^\\]+?))? \\$", re.MULTILINE)
# Where conda-forge has another name than PyPI.
CONDA_NAMES = {"graphviz": "python-graphviz"}
WITH_WHEELS = [
    {"sys_platform": "linux", "platform_machine": "x86_64"},
    {"sys_platform": "darwin", "platform_machine": "arm64"},
]
WITHOUT_WHEELS = [
    {"sys_platform": "linux", "platform_machine": "aarch64"},
    {"sys_platform": "darwin", "platform_machine": "x86_64"},
    {"sys_platform": "win32", "platform_machine": "AMD64"},
]


def locked(name: str) -> dict[str, tuple[str, str | None]]:
    """The packages of a lock file: version and marker by name."""
    found = LOCK.finditer((ROOT / name).read_text())
    return {canonicalize_name(match["name"]): (match["version"], match["marker"]) for match in found}


def requirements(*groups: str, extras: Iterable[str] = LAB_EXTRAS) -> list[Requirement]:
    """The kit's own requirements with those of extras and dependency groups."""
    texts = [*PROJECT["project"]["dependencies"]]
    for extra in extras:
        texts += PROJECT["project"]["optional-dependencies"][extra]
    for group in groups:
        texts += PROJECT["dependency-groups"][group]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        ("requirements.lock", ["build"]),
        ("requirements-test.lock", ["build", "test"]),
        ("requirements-mutants.lock", ["build", "test", "mutants"]),
        ("requirements-hub.lock", ["build", "hub"]),
    ],
)
def test_the_lock_holds_an_allowed_version_of_every_requirement(name: str, groups: list[str]) -> None:
    versions = locked(name)
    for requirement in requirements(*groups):
        version, _ = versions[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{name} has {requirement.name} {version}: run `make lock`"


@pytest.mark.parametrize("name", LOCKS[1:])
def test_the_tests_run_with_the_versions_that_users_get(name: str) -> None:
    kit, more = locked("requirements.lock"), locked(name)
    assert {name: more.get(name, (None,))[0] for name in kit} == {name: version for name, (version, _) in kit.items()}


def test_the_browser_edition_is_built_with_what_it_asks_for_beside_the_kit() -> None:
    kit, lite = locked("requirements.lock"), locked(LITE)
    for requirement in map(Requirement, PROJECT["dependency-groups"]["lite"]):
        assert requirement.specifier.contains(lite[canonicalize_name(requirement.name)][0])
    assert {name: kit[name][0] for name in kit.keys() & lite.keys()} == {
        name: lite[name][0] for name in kit.keys() & lite.keys()
    }


def test_what_the_kit_is_compared_with_is_locked() -> None:
    others = locked(COMPARED)
    for requirement in map(Requirement, PROJECT["dependency-groups"]["compare"]):
        assert requirement.specifier.contains(others[canonicalize_name(requirement.name)][0])


@pytest.mark.parametrize("name", [*LOCKS, LITE, COMPARED])
def test_every_locked_version_has_hashes_and_no_index_is_named(name: str) -> None:
    text = (ROOT / name).read_text()
    blocks = [block for block in re.split(r"\n(?=\S)", text.strip()) if not block.startswith("#")]
    assert len(blocks) == len(LOCK.findall(text))
    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"index-url|find-links|https?:|file:", text)


def test_the_analyser_alone_needs_no_jupyter() -> None:
    names = {requirement.name for requirement in requirements(extras=())}
    assert names == {"asttokens", "graphviz", "pyre-check", "pyrefly", "pygments", "pyyaml", "rich"}


def test_pysa_and_pyrefly_are_pinned_together_to_one_version_each() -> None:
    pinned = {requirement.name: requirement for requirement in requirements()}
    pysa, pyrefly = pinned["pyre-check"], pinned["pyrefly"]
    assert str(pysa.specifier) == "==0.10.0"
    assert str(pyrefly.specifier) == "==1.4.1"
    assert str(pysa.marker) == str(pyrefly.marker)


@pytest.mark.parametrize("name", ["pyre-check", "pyrefly"])
def test_pysa_is_asked_for_only_where_it_has_a_wheel(name: str) -> None:
    own = next(requirement.marker for requirement in requirements() if requirement.name == name)
    in_lock = locked("requirements.lock")[name][1]
    assert own is not None
    assert in_lock is not None
    for marker in (own, Marker(in_lock)):
        assert [marker.evaluate(platform) for platform in WITH_WHEELS] == [True, True]
        assert [marker.evaluate(platform) for platform in WITHOUT_WHEELS] == [False, False, False]


def test_environment_yml_has_the_same_packages_in_the_locked_release_lines() -> None:
    dependencies = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    from_pip = next(entry["pip"] for entry in dependencies if isinstance(entry, dict))
    conda = dict(
        entry.split("=", 1) for entry in dependencies if isinstance(entry, str) and re.match(r"[\w-]+=", entry)
    )
    versions = locked("requirements.lock")
    by_pip = {Requirement(text).name: Requirement(text) for text in from_pip if not text.startswith("-")}
    for requirement in requirements():
        if requirement.name in by_pip:
            assert by_pip[requirement.name] == requirement
            continue
        line = conda.pop(CONDA_NAMES.get(requirement.name, requirement.name))
        version, _ = versions[canonicalize_name(requirement.name)]
        assert f"{version}.".startswith(f"{line}."), f"environment.yml has {requirement.name} {line}, not {version}"
    assert not conda, f"environment.yml has what pyproject.toml has not: {conda}"
    assert "-e ." in from_pip
