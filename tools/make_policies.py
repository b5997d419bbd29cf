"""Generate the policies that are known by name, in `sls_lab/aws/data`.

`managed_policies.json` has AWS's managed policies, in the copy that moto keeps; `sam_policies.json` the policy
templates and `connectors.json` the connectors of the SAM translator.

Usage: `python -m tools.make_policies`, with the dependency group `stubs`.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data

from tools.generated import today, write

TOOL = Path(__file__).name
#: Policies that nobody can attach to the role of a function.
NOT_ATTACHED = ("/aws-service-role/", "/root-task/")
#: Longer ones are made for people and for AWS's own services; those named here are given to functions all the same.
MOST_CHARACTERS = 4000
LONG = ("AmazonBedrockFullAccess", "AmazonVPCFullAccess", "CloudWatchFullAccessV2", "ReadOnlyAccess", "ViewOnlyAccess")


def main() -> int:
    """Rewrite all three files."""
    documents: dict[str, Any] = json.loads(aws_managed_policies_data)
    wanted = {name: entry for name, entry in documents.items() if name in LONG or _wanted(entry)}
    managed = {name: statements(entry["Document"]["Statement"]) for name, entry in wanted.items()}
    write("managed_policies.json", TOOL, f"moto {metadata.version('moto')}", today(), managed)
    translator = f"aws-sam-translator {metadata.version('aws-sam-translator')}"
    data = resources.files("samtranslator")
    templates = json.loads(data.joinpath("policy_templates_data", "policy_templates.json").read_text())["Templates"]
    sam = {name: statements(entry["Definition"]["Statement"]) for name, entry in templates.items()}
    write("sam_policies.json", TOOL, translator, today(), sam)
    profiles = json.loads(data.joinpath("model", "connector_profiles", "profiles.json").read_text())
    connectors = {
        f"{target} {access}": statements(entry["Statement"])
        for target, profile in profiles["Permissions"]["AWS::Lambda::Function"].items()
        for access, entry in profile["Properties"].get("AccessCategories", {}).items()
    }
    write("connectors.json", TOOL, translator, today(), connectors)
    return 0


def _wanted(entry: Mapping[str, Any]) -> bool:
    return entry.get("Path") not in NOT_ATTACHED and len(json.dumps(entry["Document"])) <= MOST_CHARACTERS


def statements(written: Any) -> list[dict[str, Any]]:
    """The statements of a policy in the short form that `sls_lab.template.iam.managed_policies` reads."""
    return [_short(statement) for statement in _listed(written)]


def _short(statement: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, short in (("Action", "actions"), ("NotAction", "not_actions")):
        if key in statement:
            found[short] = _by_service(_listed(statement[key]))
    for key, short in (("Resource", "resources"), ("NotResource", "not_resources")):
        if key in statement:
            found[short] = [_filled(resource) for resource in _listed(statement[key])]
    if statement["Effect"] == "Deny":
        found["effect"] = "Deny"
    if statement.get("Condition"):
        found["conditional"] = True
    return found


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _by_service(actions: Iterable[str]) -> dict[str, str]:
    """`{"s3": "GetObject PutObject"}`; every action of every service is `{"*": "*"}`."""
    found: dict[str, list[str]] = {}
    for action in dict.fromkeys(actions):
        service, _, name = action.partition(":")
        found.setdefault(service, []).append(name or "*")
    return {service: " ".join(names) for service, names in found.items()}


def _filled(resource: Any) -> str:
    """A resource with `${Name}` for each parameter of the policy; connectors write `%{Destination.Name}`."""
    if isinstance(resource, str):
        return _plain(re.sub(r"%\{Destination\.(\w+)\}", r"${\1}", resource))
    if "Ref" in resource:
        return f"${{{resource['Ref']}}}"
    written = resource["Fn::Sub"]
    text, values = written if isinstance(written, list) else (written, {})
    for name, value in values.items():
        text = text.replace(f"${{{name}}}", _filled(value))
    return _plain(str(text))


def _plain(resource: str) -> str:
    return resource.replace("${AWS::Partition}", "aws")


if __name__ == "__main__":
    sys.exit(main())
