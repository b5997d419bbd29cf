"""What is stored beside each write into a local file."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab import load_app

TEMPLATE = """service: demo
provider: {name: aws, runtime: python3.12}
functions:
  one: {handler: one.handler, events: [{httpApi: POST /x}]}
"""


def stored(folder: Path, *lines: str) -> list[str]:
    (folder / "serverless.yml").write_text(TEMPLATE, encoding="utf-8")
    body = "".join(f"    {line}\n" for line in lines)
    code = f"import csv, io, json, tempfile\n\n\ndef handler(event, context):\n{body}"
    (folder / "one.py").write_text(code, encoding="utf-8")
    (rewritten,) = load_app(folder).rewriting.files.values()
    return [edit.text.strip() for edit in rewritten.edits if edit.kind == "store-propagation"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["with tempfile.NamedTemporaryFile('w') as f:", "    json.dump(event, f)", "    print(f.name)"],
            ["store(f.name, event)"],
        ),
        (
            ["p = '/tmp/a'", "with open(p, 'w') as f:", "    w = csv.writer(f)", "    w.writerow([event['a']])"],
            ["store(p, [event['a']])"],
        ),
        (
            ["p = '/tmp/a'", "with open(p, 'w') as f:", "    csv.DictWriter(f, ['a']).writerows(event['a'])"],
            ["store(p, event['a'])"],
        ),
        (
            ["b = io.StringIO()", "w = csv.writer(b)", "w.writerow([event['a']])", "return b.getvalue()"],
            ["b.write([event['a']])"],
        ),
        (["w = csv.writer(event)", "w.writeheader()", "w.writerow('fixed')"], []),
    ],
)
def test_what_is_written_is_stored(tmp_path: Path, lines: list[str], expected: list[str]) -> None:
    assert stored(tmp_path, *lines) == expected
