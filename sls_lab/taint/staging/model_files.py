"""Choose and write the models for one run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from sls_lab.code import Receiver
from sls_lab.rewrite.kept_data import KEPT
from sls_lab.taint.rules import KEPT_DATA, USER_CONTROLLED, taint_config
from sls_lab.taint.run.pysa import MODELS
from sls_lab.taint.secret_rules import RESPONSE
from sls_lab.taint.staging.staged_folder import StagedApp
from sls_lab.taint.staging.stub_files import write_stubs

_WORD = re.compile(r"[\w-]+")
_MODULES = re.compile(r"^# modules: (.+)$", re.MULTILINE)
_SOURCES = re.compile(r"^# sources: (.+)$", re.MULTILINE)
_ENVIRONMENT = "sls_lab_environment.py"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of models. `needs` are the names one of which an application must write for them to matter.

    `modules` must be part of the run for Pysa to accept the models: it refuses models of functions it cannot find.
    With `sources`, the models are sinks of flows that begin at one of these functions alone, and matter only beside
    one of them.
    """

    name: str
    text: str
    needs: tuple[str, ...]
    modules: tuple[str, ...]
    sources: frozenset[str] = frozenset()


@cache
def model_files() -> tuple[ModelFile, ...]:
    """All models that the package brings: generic ones by Python module, those of AWS by service."""
    files = []
    for folder in (resources.files("sls_lab.taint") / "models", resources.files("sls_lab.services") / "pysa"):
        for file in sorted(folder.iterdir(), key=lambda item: item.name):
            if file.name.endswith(".pysa"):
                files.append(_model_file(file))
    return tuple(files)


def left_out(app: StagedApp) -> tuple[str, ...]:
    """The names of the model files of whose modules the application mentions none, so that there is nothing to find."""
    words = _words([app])
    return tuple(file.name for file in model_files() if not file.sources and not _matters(file, words))


def write_models(folder: Path, apps: Sequence[StagedApp], refused: Set[str] = frozenset()) -> None:
    """Write configuration, models, stubs and support module below `folder`: what matters to any of `apps`.

    The callables `refused` are made no sources.

    Raises OSError.
    """
    models = folder / MODELS
    models.mkdir()
    (models / "taint.config").write_text(json.dumps(taint_config()), encoding="utf-8")
    support = resources.files("sls_lab.taint") / "support"
    (folder / "sls_lab_support.py").write_text((support / "sls_lab_support.py").read_text("utf-8"), encoding="utf-8")
    (models / "support.pysa").write_text((support / "support.pysa").read_text("utf-8"), encoding="utf-8")
    words = _words(apps)
    chosen = [file for file in model_files() if _matters(file, words)]
    for file in chosen:
        (models / f"{file.name}.pysa").write_text(file.text, encoding="utf-8")
    modules = sorted({module for file in chosen for module in file.modules})
    kept = sorted({name for app in apps for name in app.subject.rewriting.kept})
    (folder / f"{KEPT}.py").write_text("".join(_kept_functions(kept)), encoding="utf-8")
    (models / f"{KEPT}.pysa").write_text("".join(_kept_models(kept)), encoding="utf-8")
    imports = "".join(f"import {module}\n" for module in (*modules, "sls_lab_support", KEPT))
    (folder / _ENVIRONMENT).write_text(imports, encoding="utf-8")
    (models / "sources.pysa").write_text("".join(_source_models(apps, refused)), encoding="utf-8")
    for app in apps:
        if app.subject.models:
            (models / f"{app.package}.pysa").write_text(app.models, encoding="utf-8")
    write_stubs(folder, words)


def _model_file(file: Traversable) -> ModelFile:
    text = file.read_text(encoding="utf-8")
    name = file.name.removesuffix(".pysa")
    declared = _MODULES.search(text)
    modules = tuple(module.strip() for module in declared[1].split(",")) if declared else (name,)
    sources = _SOURCES.search(text)
    return ModelFile(
        name,
        text,
        (name.removesuffix("_secrets"),),
        modules,
        frozenset(sources[1].split(", ")) if sources else frozenset(),
    )


def _words(apps: Iterable[StagedApp]) -> set[str]:
    return {word for app in apps for file in app.files.values() for word in _WORD.findall(file.text)}


def _matters(file: ModelFile, words: set[str]) -> bool:
    if file.sources and not file.sources & words:
        return False
    named = {need.rstrip("_") for need in file.needs} | {module.split(".")[0] for module in file.modules}
    return bool(named & words) or "builtins" in file.name


def _kept_functions(names: Sequence[str]) -> Iterable[str]:
    """What rewritten functions call where they leave data to others, and where they find what others left."""
    yield "from typing import Any, TypeVar\nfrom sls_lab_event import Event\nT = TypeVar('T')\n"
    for name in names:
        yield f"def keep_{name}(content: T) -> T:\n    return content\n"
        yield f"def kept_{name}() -> Event | Any: ...\n"


def _kept_models(names: Sequence[str]) -> Iterable[str]:
    for name in names:
        yield f"def {KEPT}.keep_{name}(content: TaintSink[{KEPT_DATA}[{name}]]): ...\n"
        yield f"def {KEPT}.kept_{name}() -> TaintSource[{KEPT_DATA}[{name}]]: ...\n"


def _source_models(apps: Sequence[StagedApp], refused: Set[str]) -> Iterable[str]:
    """One model for each function that is given what outsiders send, or that answers them.

    Two functions of a template may share one.
    """
    parameters: dict[str, str] = {}
    answering: set[str] = set()
    for app in apps:
        for name in app.handlers:
            counts = app.subject.events.entries[name].kind in app.subject.sources
            for receiver, callable_name in app.sources(name):
                if counts and receiver.parameters and callable_name not in refused:
                    parameters.setdefault(callable_name, ", ".join(_signature(receiver)))
            answering |= app.answering(name) - refused
    for callable_name in {**parameters, **dict.fromkeys(sorted(answering))}:
        answer = f" -> TaintSink[{RESPONSE}]" if callable_name in answering else ""
        yield f"def {callable_name}({parameters.get(callable_name, '')}){answer}: ...\n"


def _signature(receiver: Receiver) -> Iterator[str]:
    """The parameters of a source's model, those that are given by keyword alone after a `*`."""
    arguments = receiver.definition.args
    by_keyword = {one.arg for one in arguments.kwonlyargs}
    for word in receiver.parameters:
        if word in by_keyword:
            if arguments.vararg is None:
                yield "*"
            by_keyword = set()
        yield f"{word}: TaintSource[{USER_CONTROLLED}]"
