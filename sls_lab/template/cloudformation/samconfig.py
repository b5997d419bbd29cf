"""What `samconfig.toml` gives for a deployment: parameters, the region and the stack's name.

Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
"""

from __future__ import annotations

import posixpath
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sls_lab.facts import Diagnostic, Span
from sls_lab.template.shared.application_files import inside, is_file, read_text
from sls_lab.template.shared.template_part import Log

NAME = "samconfig.toml"


@dataclass(frozen=True, slots=True)
class SamConfig:
    """The settings of the environment `default`, empty if there are none."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    region: str | None = None
    stack: str | None = None


def read_samconfig(root: Path, folder: str, log: Log) -> SamConfig:
    """The configuration beside a template, `folder` relative to `root`; one that does not parse is a diagnostic."""
    file = posixpath.join(folder, NAME)
    path = inside(root, file)
    if isinstance(path, Diagnostic) or not is_file(path):
        return SamConfig()
    text = read_text(root, file)
    if isinstance(text, Diagnostic):
        log.add(text)
        return SamConfig()
    try:
        tree = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        message = f"{file} does not parse and is left out: fix its syntax."
        log.say("samconfig-broken", message, Span(file, line, 0, line, 0))
        return SamConfig()
    merged = {**_parameters(tree, "global"), **_parameters(tree, "deploy")}
    region, stack = merged.get("region"), merged.get("stack_name")
    return SamConfig(
        parameters=_overrides(merged.get("parameter_overrides")),
        region=region if isinstance(region, str) else None,
        stack=stack if isinstance(stack, str) else None,
    )


def _parameters(tree: Mapping[str, object], command: str) -> Mapping[str, object]:
    found: object = tree
    for key in ("default", command, "parameters"):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _overrides(written: object) -> Mapping[str, str]:
    """`Stage="dev" Table=x`, in one string or a list; the older `ParameterKey=…,ParameterValue=…` as well."""
    items: list[str] = []
    for text in written if isinstance(written, list) else [written]:
        if isinstance(text, str):
            try:
                items.extend(shlex.split(text))
            except ValueError:  # quotes that do not close
                continue
    found: dict[str, str] = {}
    for item in items:
        if item.startswith("ParameterKey="):
            key, _, value = item.removeprefix("ParameterKey=").partition(",ParameterValue=")
        else:
            key, _, value = item.partition("=")
        found[key] = value
    return found
