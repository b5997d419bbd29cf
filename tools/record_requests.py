"""Record what the widget `SendRequest` shows of a few requests, for machines without moto.

python -m tools.record_requests
"""

from __future__ import annotations

import json
from pathlib import Path

from sls_lab.app import load_app
from sls_lab.widgets.recorded_requests import RECORDED, key_of
from sls_lab.widgets.send_request import SendRequest

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "sls_lab" / "widgets" / "recorded" / "requests.json"


def main() -> None:
    """Send each request, and write what is shown."""
    found = {}
    for application, field, text in RECORDED:
        widget = SendRequest(load_app(ROOT / "code-examples" / "apps" / application), field)
        widget.act("send", text=text)
        state = widget.state
        found[key_of(application, field, text)] = {word: state[word] for word in ("hops", "ways", "outcome")}
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{len(found)} requests recorded in {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
