"""What `Ref` and `Fn::GetAtt` give for each type of resource."""

from __future__ import annotations

from sls_lab.aws.arn import queue_url, resource_arn, shaped_arn
from sls_lab.aws.model import ArnShape, Form, ResourceType
from sls_lab.aws.registry import type_facts
from sls_lab.facts import Pattern

_NOT_KNOWN = ResourceType(None)


def resource_type(type_name: str) -> ResourceType:
    """The facts of a CloudFormation type; for one the kit does not know, names are generated."""
    found = type_facts(type_name)
    return found[1] if found is not None else _NOT_KNOWN


def reference(type_name: str, name: Pattern, region: Pattern) -> Pattern:
    """What `Ref` gives for a resource of this type called `name`."""
    return _formed(type_name, resource_type(type_name).ref, name, region)


def attribute(type_name: str, name: Pattern, key: str, region: Pattern) -> Pattern | None:
    """What `Fn::GetAtt` gives for the attribute `key`, None where the kit does not know it."""
    found = type_facts(type_name)
    if found is None:
        return None
    form = found[1].attributes.get(key)
    if form is not None:
        return _formed(type_name, form, name, region)
    return _formed(type_name, "arn", name, region) if key == "Arn" else None


def _formed(type_name: str, form: Form, name: Pattern, region: Pattern) -> Pattern:
    match form:
        case "name":
            return name
        case "url":
            return queue_url(name, region=region)
        case "domain":
            return Pattern.of(name, ".s3.amazonaws.com")
        case "stream":
            return resource_arn("dynamodb", name, region=region) + Pattern.of(
                "/stream/", Pattern.fixed(f"{name} stream")
            )
        case "version":
            return Pattern.of(_arn(type_name, name, region), ":", Pattern.fixed(f"{name} version"))
        case "arn":
            return _arn(type_name, name, region)


def _arn(type_name: str, name: Pattern, region: Pattern) -> Pattern:
    found = type_facts(type_name)
    facts, kind = found if found is not None else (None, _NOT_KNOWN)
    shape = kind.arn or (facts.arn if facts is not None else ArnShape())
    return shaped_arn(facts.word if facts is not None else "", shape, name, region=region)
