"""Which files of a folder are templates."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sls_lab.facts import Diagnostic, Span
from sls_lab.template.shared.application_files import read_text

# Folders of dependencies, of tools and of what they build.
_SKIPPED: Final = frozenset(
    {"node_modules", "bower_components", "__pycache__", "site-packages", "venv", "env", "build", "dist", "target"}
    | {"cdk.out"}
)
_SERVERLESS: Final[tuple[str, ...]] = (
    "serverless.yml",
    "serverless.yaml",
    "serverless.json",
)  #: the first of one folder counts
_PROGRAMS: Final[tuple[str, ...]] = ("serverless.ts", "serverless.js", "serverless.cjs", "serverless.mjs")
_ENDINGS: Final = (".yml", ".yaml", ".json", ".template")
_NOT_TEMPLATES: Final = frozenset(
    {"package.json", "package-lock.json", "tsconfig.json", "docker-compose.yml", "docker-compose.yaml"}
    | {"serverless-compose.yml", "serverless-compose.yaml"}
    | {"recorded.json"}  # of sls-lab itself
)
MAX_CANDIDATE: Final = 4 * 1024 * 1024  #: bytes of a file that is looked into without its being called a template
MAX_FOLDERS: Final = 20_000

_TRANSFORM = re.compile(r"AWS::Serverless(?:-2016-10-31|::)")
# At the start of a YAML line, or quoted anywhere as in JSON.
_RESOURCES = re.compile(r"""^Resources\s*:|"Resources"\s*:""", re.MULTILINE)
_TYPED = re.compile(r"""["']?Type["']?\s*:\s*["']?AWS::""")
_SERVICE = re.compile(r"""^service\s*:|"service"\s*:""", re.MULTILINE)
_PROVIDER = re.compile(r"""^provider\s*:|"provider"\s*:""", re.MULTILINE)
_FUNCTIONS = re.compile(r"""^functions\s*:|"functions"\s*:""", re.MULTILINE)
_VARIABLE = re.compile(r"\$\{(?:self|opt|sls|param|env):|\$\{file\(")


@dataclass(frozen=True, slots=True)
class Found:
    """The templates by name (relative, in order), each with its kind, and what was wrong with others."""

    templates: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]


def kind_of(file: str, text: str) -> str | None:
    """`serverless` or `cloudformation` by the file's name and text, None where it is no template."""
    if file.rpartition("/")[2] in _SERVERLESS:
        return "serverless"
    if _SERVICE.search(text) and _PROVIDER.search(text) and _FUNCTIONS.search(text):
        return "serverless"
    # With the Serverless Framework's variables it is a piece of a `serverless.yml`.
    if not _RESOURCES.search(text) or _VARIABLE.search(text):
        return None
    marked = "AWSTemplateFormatVersion" in text or _TRANSFORM.search(text) or _TYPED.search(text)
    return "cloudformation" if marked else None


def find_templates(root: Path) -> Found:
    """The templates in `root` and below, nearest first; links to folders are not followed.

    Where several `serverless.*` stand side by side the first of `.yml`, `.yaml` and `.json` counts. Those of the
    Serverless Framework come first; what they include may be among the others.
    """
    templates: dict[str, str] = {}
    diagnostics: list[Diagnostic] = []
    others: dict[str, str] = {}
    for folder, names in _folders(root):
        serverless = [name for name in _SERVERLESS if name in names]
        for first in serverless[:1]:
            _take(root, _join(folder, first), templates, diagnostics)
        for second in serverless[1:]:
            message = f"{_join(folder, second)} stands beside {serverless[0]}, which counts: remove one of them."
            diagnostics.append(Diagnostic("warning", "two-templates", message, _top(_join(folder, second))))
        for name in _PROGRAMS if not serverless else ():
            if name in names:
                message = f"{name} is a program and is never run, so it is not analysed: write a serverless.yml."
                diagnostics.append(Diagnostic("error", "template-program", message, _top(_join(folder, name))))
        for name in sorted(names):
            if name.endswith(_ENDINGS) and name not in _SERVERLESS and name not in _NOT_TEMPLATES:
                others |= _candidate(root, _join(folder, name))
    taken = {file.rpartition("/")[0] for file in templates}
    for file, kind in others.items():
        # A second configuration beside a serverless.yml is another way to deploy the same functions.
        if not (kind == "serverless" and file.rpartition("/")[0] in taken):
            templates[file] = kind
    return Found(templates, tuple(diagnostics))


def _take(root: Path, file: str, templates: dict[str, str], diagnostics: list[Diagnostic]) -> None:
    text = read_text(root, file)
    if isinstance(text, Diagnostic):
        diagnostics.append(replace(text, span=text.span or _top(file)))
    else:
        templates[file] = "serverless"


def _candidate(root: Path, file: str) -> dict[str, str]:
    path = root / file
    try:
        if path.stat().st_size > MAX_CANDIDATE:
            return {}
    except OSError:
        return {}
    text = read_text(root, file)
    kind = kind_of(file, text) if isinstance(text, str) else None
    return {file: kind} if kind else {}


def _folders(root: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """Each folder relative to `root`, and the names of its files; those nearer to `root` first."""
    waiting = [""]
    for _ in range(MAX_FOLDERS):
        if not waiting:
            return
        below: list[str] = []
        names: set[str] = set()
        folder = waiting.pop(0)
        try:
            with os.scandir(root / folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        if entry.name not in _SKIPPED and not entry.name.startswith("."):
                            below.append(_join(folder, entry.name))
                    else:
                        names.add(entry.name)
        except OSError:
            continue
        waiting.extend(sorted(below))
        yield folder, frozenset(names)


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _top(file: str) -> Span:
    return Span(file, 1, 0, 1, 0)
