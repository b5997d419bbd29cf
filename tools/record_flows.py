"""Record what becomes of the flows of every example when attacks are replayed: run by `make record`.

python -m tools.record_flows
"""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path

from sls_lab.app import analyse, load_app
from sls_lab.replay.tried_flows import FILE
from sls_lab.widgets.static_and_dynamic import RECORDED, recording_of, tried_flows

#: What stands in a recording for the day on which it was made, of which some handlers make names: that of all events.
DAY = "2024-01-01"
ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "sls_lab" / "replay" / FILE


def recorded() -> str:
    """Every application in `code-examples`, with its own requests, and some with one more; as JSON."""
    before = datetime.date.today().isoformat()
    examples = ROOT / "code-examples"
    folders = [file.parent for kind in ("apps", "limits") for file in examples.glob(f"{kind}/*/expected.yml")]
    apps = {folder.name: load_app(folder) for folder in sorted(folders)}
    analyse(list(apps.values()), use_recording=True)
    found = {name: tried_flows(app).as_json() for name, app in apps.items()}
    for name, request in RECORDED:
        found[recording_of(name, request)] = tried_flows(apps[name], request).as_json()
    text = json.dumps(dict(sorted(found.items())), ensure_ascii=False, indent=1)
    return re.sub(rf"{before}|{datetime.date.today().isoformat()}", DAY, text)


if __name__ == "__main__":
    PLACE.write_text(recorded() + "\n", encoding="utf-8", newline="\n")
