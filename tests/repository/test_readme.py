"""What the pages show is what the commands print, and counts. `pytest --golden` writes it anew."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from sls_lab.bench.published import IN_THE_WILD, PUBLISHED

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
SHOWN = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```\n", re.DOTALL)
PAGES = [README, ROOT / "docs" / "what-it-prints.md"]
COMMANDS = [
    pytest.param(page, match["command"], id=match["command"])
    for page in PAGES
    for match in SHOWN.finditer(page.read_text(encoding="utf-8"))
]
# What differs from one machine to the next, or from one run to the next.
VARYING = [
    # What the doctor finds is named, with or without a remedy; the details are the machine's.
    (re.compile(r"^[✓✗–] (.+?) {2,}.*(?:\n +→.*)*$", re.MULTILINE), r"looked at: \1"),
    (re.compile(r"\b\d+(?:\.\d+)? ?(?:ms|s|seconds)\b"), "1 s"),
    (re.compile(r"(?<=\S) {2,}"), "  "),
]


def printed(command: str, cache: Path) -> str:
    """The standard output of one command line, run in the repository with a cache that knows nothing."""
    beside = Path(sys.executable).parent
    environment = {
        **os.environ,
        "PATH": f"{beside}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
        "XDG_CACHE_HOME": str(cache),
    }
    answer = subprocess.run(
        ["/bin/sh", "-c", command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def comparable(text: str) -> str:
    """The text without what varies."""
    for pattern, same in VARYING:
        text = pattern.sub(same, text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@pytest.mark.live
@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_a_page_shows_what_the_command_prints(
    page: Path, command: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    text = printed(command, tmp_path).replace(str(tmp_path), "~/.cache").replace(str(ROOT), "~/sls-lab")
    output = "\n".join(line.rstrip() for line in text.strip().splitlines())
    text = page.read_text(encoding="utf-8")
    block = next(match for match in SHOWN.finditer(text) if match["command"] == command)
    if request.config.getoption("--golden"):
        new = f"```console\n$ {command}\n{output}\n```\n"
        page.write_text(text[: block.start()] + new + text[block.end() :], encoding="utf-8")
        return
    assert comparable(block["output"]) == comparable(output), f"{page.name} is out of date: run pytest with --golden"


def test_no_long_output_is_left_in_the_readme() -> None:
    assert COMMANDS
    for shown in SHOWN.finditer(README.read_text(encoding="utf-8")):
        assert shown["output"].count("\n") <= 12, shown["command"]


def test_the_readme_gives_the_published_figures() -> None:
    text = README.read_text(encoding="utf-8")
    for figure in PUBLISHED:
        row = next(line for line in text.splitlines() if line.startswith("|") and figure.source in line)
        _, _, _, found, beyond, missed, _ = row.split("|")
        numbers = [re.findall(r"\d+", cell)[0] for cell in (found, beyond, missed)]
        assert numbers == [str(figure.true), str(figure.false), str(figure.missed)]
    wild = re.findall(r"\d+", IN_THE_WILD.split("(")[0])
    assert re.findall(r"\d+", text.split("A flow is not yet a vulnerability:")[1])[: len(wild)] == wild


def test_the_readme_counts_the_applications_as_they_are(request: pytest.FixtureRequest) -> None:
    files = (ROOT / "code-examples" / "apps").glob("*/expected.yml")
    expected = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    kinds = [one["kind"] for one in expected]
    flows, absent, edges = (sum(len(one.get(key) or []) for one in expected) for key in ("flows", "absent", "edges"))
    sayings = {
        r"of the \d+ applications in `code-examples/apps`": len(expected),
        r"\(\d+ vulnerable": kinds.count("vulnerable"),
        r"\d+ safe\), all": kinds.count("safe"),
        r"all \d+ flows": flows,
        r"none of the \d+ places": absent,
        r"the \d+ edges": edges,
    }
    text = README.read_text(encoding="utf-8")
    for saying, number in sayings.items():
        pattern = saying.replace(" ", r"\s+")
        found = re.search(pattern, text)
        assert found, saying
        text = text.replace(found[0], re.sub(r"\d+", str(number), found[0]), 1)
    if request.config.getoption("--golden"):
        README.write_text(text, encoding="utf-8")
    assert text == README.read_text(encoding="utf-8"), "the counts are out of date: run pytest with --golden"


def test_every_make_target_that_the_texts_name_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for name in ("README.md", "CONTRIBUTING.md", ".ci/run"):
        named = set(re.findall(r"\bmake (lab|test|bench|lock|clean|[a-z]+(?=`))", (ROOT / name).read_text()))
        assert named
        assert named <= targets, name


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", "docs/what-it-prints.md", "docs/instructors-guide.md"]
)
def test_every_link_into_the_repository_leads_somewhere(name: str) -> None:
    page = ROOT / name
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if not target.startswith("https://"):
            assert (page.parent / target).exists(), target
