"""Variants of one handler, analysed and replayed: what arrives is reported, and what cannot arrive is not confirmed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sls_lab.app import analyse, load_app
from sls_lab.replay import Child, Simulation
from sls_lab.replay.confirming import confirm
from sls_lab.replay.request_shapes import shaped_requests

Written = Callable[..., Any]
#: What a handler does with `value`, and whether an attack arrives with its power.
USES = {
    "bare": ("os.system('print ' + value)", True),
    "single": ("os.system(f\"print '{value}'\")", True),
    "double": ("os.system(f'print \"{value}\"')", True),
    "quoted": ("os.system('print ' + shlex.quote(value))", False),
    "quoted_in_double": ("os.system(f'print \"{shlex.quote(value)}\"')", True),
    "quoted_in_single": ("os.system(f\"print '{shlex.quote(value)}'\")", True),
    "words": ("subprocess.run(['print', value])", False),
    "script": ("subprocess.run(['sh', '-c', 'print ' + value])", True),
    "number": ("os.system(f'print {int(value)}')", False),
    "join": ("os.system(shlex.join(['print', value]))", False),
    "evaluated": ("eval(value)", True),
    "evaluated_in_quotes": ("eval(f\"'{value}' == 'x'\")", True),
    "represented": ("eval(f'{value!r} == 1')", False),
}
HEAD = "import json\nimport os\nimport shlex\nimport subprocess\n\n\ndef handler(event, context):\n"
#: Where the value comes from.
FIELDS = {
    "body": "json.loads(event['body'])['field']",
    "query": "event['queryStringParameters']['field']",
    "header": "event['headers']['x-field']",
}


def variants() -> list[tuple[str, str, str, bool]]:
    """Name, expression for the value, use, and whether it is exploitable; the fields take turns."""
    fields = list(FIELDS.items())
    found = []
    for number, (name, (use, live)) in enumerate(USES.items()):
        field, expression = fields[number % len(fields)]
        found.append((f"{name}-{field}".replace("_", "-"), expression, use, live))
    return found


@pytest.mark.live
def test_what_arrives_is_reported_and_what_is_harmless_is_not_confirmed(written: Written, child: Child) -> None:
    files, functions = {}, {}
    for name, expression, use, _ in variants():
        files[f"{name.replace('-', '_')}.py"] = f"{HEAD}    value = {expression}\n    {use}\n"
        functions[name] = f"handler: {name.replace('-', '_')}.handler\nevents: [{{httpApi: 'POST /{name}'}}]"
    template = written(files, functions)
    app = load_app(Path(template.root))
    analyse([app])
    assert app.complete
    found = confirm(Simulation(app.template, child), app.flows, shaped_requests(app.template, app.code), explore=True)
    assert found.unreported == ()
    confirmed = {flow.source.handler for flow, one in zip(app.flows.flows, found.flows, strict=True) if one.confirmed}
    assert confirmed == {name for name, _, _, live in variants() if live}
    assert not any(one.confirmed for one in found.set_aside)
