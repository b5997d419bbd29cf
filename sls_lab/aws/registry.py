"""All facts by service, found in `sls_lab/aws/services`: adding a file there is enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from sls_lab.aws import services
from sls_lab.aws.model import ResourceType, ServiceFacts, TriggerFacts


def _found() -> Iterator[ServiceFacts]:
    for module in sorted(entry.name for entry in iter_modules(services.__path__)):
        facts = import_module(f"{services.__name__}.{module}").FACTS
        yield from facts if isinstance(facts, tuple) else (facts,)


#: the facts of each service by the name of its boto3 client
FACTS: Mapping[str, ServiceFacts] = MappingProxyType({facts.client: facts for facts in _found()})

_BY_WORD: Mapping[str, ServiceFacts] = MappingProxyType(
    {facts.word: facts for facts in sorted(FACTS.values(), key=lambda facts: (facts.target, facts.client))}
)
_BY_TYPE: Mapping[str, tuple[ServiceFacts, ResourceType]] = MappingProxyType(
    {name: (facts, kind) for facts in FACTS.values() for name, kind in facts.types.items()}
)
_BY_KIND: Mapping[str, tuple[tuple[ServiceFacts, TriggerFacts], ...]] = MappingProxyType(
    {
        kind: tuple((facts, one) for facts in FACTS.values() for one in facts.triggers if one.kind == kind)
        for kind in {one.kind for facts in FACTS.values() for one in facts.triggers}
    }
)


def facts_of(service: str) -> ServiceFacts:
    """The facts of a service by its boto3 client's name, or by the word in its ARNs; bare ones for an unknown one."""
    return FACTS.get(service) or _BY_WORD.get(service) or ServiceFacts(service)


def facts_by_word(word: str) -> ServiceFacts | None:
    """The facts of the service that ARNs call `word`, None for one that is not known."""
    return _BY_WORD.get(word)


def type_facts(type_name: str) -> tuple[ServiceFacts, ResourceType] | None:
    """The service and the facts of a CloudFormation type, None for one that is not known."""
    return _BY_TYPE.get(type_name)


def trigger_facts(kind: str, service: str | None = None) -> tuple[ServiceFacts, TriggerFacts] | None:
    """The service and the facts of a kind of trigger, of `service` where several have that kind; None if unknown."""
    found = _BY_KIND.get(kind, ())
    of_service = [one for one in found if one[0].client == service]
    return next(iter((*of_service, *found)), None)


#: the methods that raise events, by which a call on an unknown object is noticed
RAISING: frozenset[str] = frozenset(method for facts in FACTS.values() for method in facts.raising)
