"""Choose and write the models for one run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from sls_lab.taint.pysa import MODELS, STUBS
from sls_lab.taint.rules import USER_CONTROLLED, taint_config
from sls_lab.taint.staging import StagedApp
from sls_lab.taint.stubbing import write_stubs

_WORD = re.compile(r"[\w-]+")
_MODULES = re.compile(r"^# modules: (.+)$", re.MULTILINE)
_ENVIRONMENT = "sls_lab_environment.py"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of models. `needs` are the names one of which an application must write for them to matter.

    `modules` must be part of the run for Pysa to accept the models: it refuses models of functions it cannot find.
    """

    name: str
    text: str
    needs: tuple[str, ...]
    modules: tuple[str, ...]


def model_files() -> tuple[ModelFile, ...]:
    """All models that the package brings: generic ones by Python module, those of AWS by service."""
    files = []
    for folder in (resources.files("sls_lab.taint") / "models", resources.files("sls_lab.services") / "pysa"):
        for file in sorted(folder.iterdir(), key=lambda item: item.name):
            if file.name.endswith(".pysa"):
                files.append(_model_file(file))
    return tuple(files)


def write_models(folder: Path, apps: Sequence[StagedApp]) -> tuple[str, ...]:
    """Write configuration, models, stubs and support module below `folder`; returns the names of models left out.

    A model file is left out where no application mentions a module of its. Raises OSError.
    """
    models = folder / MODELS
    models.mkdir()
    (models / "taint.config").write_text(json.dumps(taint_config()), encoding="utf-8")
    support = resources.files("sls_lab.taint") / "support"
    (folder / "sls_lab_support.py").write_text((support / "sls_lab_support.py").read_text("utf-8"), encoding="utf-8")
    (models / "support.pysa").write_text((support / "support.pysa").read_text("utf-8"), encoding="utf-8")
    words = {word for app in apps for file in app.files.values() for word in _WORD.findall(file.text)}
    chosen, left_out = _choose(model_files(), words)
    for file in chosen:
        (models / f"{file.name}.pysa").write_text(file.text, encoding="utf-8")
    modules = sorted({module for file in chosen for module in file.modules})
    imports = "".join(f"import {module}\n" for module in (*modules, "sls_lab_support"))
    (folder / _ENVIRONMENT).write_text(imports, encoding="utf-8")
    (models / "sources.pysa").write_text("".join(_source_models(apps)), encoding="utf-8")
    write_stubs(folder / STUBS, words)
    return tuple(file.name for file in left_out)


def _model_file(file: Traversable) -> ModelFile:
    text = file.read_text(encoding="utf-8")
    name = file.name.removesuffix(".pysa")
    declared = _MODULES.search(text)
    modules = tuple(module.strip() for module in declared[1].split(",")) if declared else (name,)
    return ModelFile(name, text, (name,), modules)


def _choose(files: Iterable[ModelFile], words: set[str]) -> tuple[list[ModelFile], list[ModelFile]]:
    chosen: list[ModelFile] = []
    left_out: list[ModelFile] = []
    for file in files:
        named = {need.rstrip("_") for need in file.needs} | {module.split(".")[0] for module in file.modules}
        (chosen if named & words or "builtins" in file.name else left_out).append(file)
    return chosen, left_out


def _source_models(apps: Sequence[StagedApp]) -> Iterable[str]:
    """One model for each handler whose event outsiders send; two functions of a template may share a handler."""
    declared = set()
    for app in apps:
        for name, callable_name in app.handlers.items():
            handler = app.subject.code.handlers[name]
            if app.subject.events.entries[name].kind not in app.subject.sources or callable_name in declared:
                continue
            declared.add(callable_name)
            variadic = handler.definition.args.vararg
            event = handler.event or (f"*{variadic.arg}" if variadic else None)
            if event is not None:
                yield f"def {callable_name}({event}: TaintSource[{USER_CONTROLLED}]): ...\n"
