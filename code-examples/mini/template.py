"""Step 1, read the template: which functions there are, what wakes them, and what their variables hold."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

VARIABLE = re.compile(r"\$\{([^{}]+)\}")
PUBLIC = ("http", "httpApi")
UNKNOWN = "*"  # what is written for the part of a string that nobody knows before deployment


@dataclass(frozen=True)
class Trigger:
    """What wakes a function: a service, the name of the resource, and how an object's key must start and end."""

    service: str
    resource: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True)
class Function:
    """A function of the template: `handler` is its name in `file`. Anyone may wake a public one."""

    name: str
    file: str
    handler: str
    environment: Mapping[str, str]
    triggers: tuple[Trigger, ...]
    public: bool


class Loader(yaml.SafeLoader):
    """PyYAML's safe loader; a reference to a resource becomes a variable like all others."""


Loader.add_multi_constructor("!", lambda loader, tag, node: UNKNOWN)
Loader.add_constructor("!Ref", lambda loader, node: f"${{resource:{node.value}}}")
Loader.add_constructor("!GetAtt", lambda loader, node: f"${{resource:{node.value.partition('.')[0]}}}")


def read_template(file: Path) -> tuple[Function, ...]:
    """The functions of a template of the Serverless Framework."""
    root = yaml.load(file.read_text(encoding="utf-8"), Loader)
    return tuple(read_function(name, given, root) for name, given in root["functions"].items())


def read_function(name: str, given: dict[str, Any], root: dict[str, Any]) -> Function:
    """One entry under `functions`; what the provider's `environment` holds is there for every function."""
    module, _, handler = given["handler"].replace(".", "/").rpartition("/")
    environment = {**root["provider"].get("environment", {}), **given.get("environment", {})}
    values = {variable: string(value, root) for variable, value in environment.items()}
    triggers = tuple(read_trigger(event, root) for event in given.get("events", []))
    return Function(name, f"{module}.py", handler, values, triggers, any(one.service in PUBLIC for one in triggers))


def read_trigger(event: dict[str, Any], root: dict[str, Any]) -> Trigger:
    """One entry under `events`."""
    ((kind, given),) = event.items()
    match kind:
        case "s3":
            ends = {end: text for rule in given.get("rules", []) for end, text in rule.items()}
            return Trigger("s3", string(given["bucket"], root), **ends)
        case "sqs" | "stream":
            return Trigger(given.get("type", kind), string(given["arn"], root))
    return Trigger(kind, UNKNOWN)


def string(value: Any, root: dict[str, Any]) -> str:
    """A value of the template as a string, with its variables filled in."""
    text = str(value)
    for _ in range(20):  # a variable that holds itself has no end
        text = VARIABLE.sub(lambda found: variable(found[1], root), text)
    return VARIABLE.sub(UNKNOWN, text)


def variable(inside: str, root: dict[str, Any]) -> str:
    """The value of `self:custom.bucket`, of `opt:stage, 'dev'`, or of `resource:Table`, which is the table's name."""
    name, _, default = (part.strip() for part in inside.partition(","))
    kind, _, path = name.partition(":")
    if kind == "resource":
        properties = root["resources"]["Resources"].get(path, {}).get("Properties", {})
        return str(next((text for key, text in properties.items() if key.endswith("Name")), path))
    value: Any = root if kind == "self" else None
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return str(value) if value is not None else default.strip("'\"") or UNKNOWN
