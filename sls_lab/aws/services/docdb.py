"""Amazon DocumentDB."""

from __future__ import annotations

from sls_lab.aws.model import ServiceFacts, TriggerFacts

FACTS = ServiceFacts(
    client="docdb",
    triggers=(TriggerFacts("documentDb", sam=("DocumentDB",), settings={"collection": "CollectionName"}),),
)
