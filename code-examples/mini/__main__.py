"""Analyse an application: `python -m mini apps/upload-chain`, from the folder `code-examples`."""

import sys
from pathlib import Path

from mini import analyse

analysis = analyse(Path(sys.argv[1]))
for edge in analysis.edges:
    print(f"edge  {edge.source} → {edge.target} ({edge.call.service.name}, line {edge.call.node.lineno})")
for flow in analysis.flows:
    print(f"flow  {flow.kind}: {flow.source} → {flow.sink}")
