"""The behaviour of all services, found in `sls_lab/services/behaviour`: adding a class there is enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from sls_lab.services import behaviour
from sls_lab.services.service import Service


def _found() -> Iterator[Service]:
    for module in sorted(entry.name for entry in iter_modules(behaviour.__path__)):
        found: Service = import_module(f"{behaviour.__name__}.{module}").BEHAVIOUR
        yield found


#: the behaviour of each service by the name of its boto3 client
SERVICES: Mapping[str, Service] = MappingProxyType({service.client: service for service in _found()})
