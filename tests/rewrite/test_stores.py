"""What is stored beside each write into a local file."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab import load_app
from sls_lab.rewrite.model import Kept

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


def test_a_file_that_is_written_thousands_of_times_is_looked_at_once(tmp_path: Path) -> None:
    # The last write is what stays; each that is followed by another, with nothing in between, is gone.
    again = stored(tmp_path, *["open('/tmp/a', 'w').write(event['a'])"] * 3000)
    assert [text for text in again if text.startswith("store(")] == ["store(local_path, event['a'])"]
    more = stored(tmp_path, *["open('/tmp/a', 'a').write(event['a'])"] * 1000)
    assert len([text for text in more if text.startswith("store(")]) == 1000


def test_each_of_many_functions_finds_what_the_others_keep(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(TEMPLATE, encoding="utf-8")
    functions = [
        f"def f{number}(x):\n    open('/tmp/a').read()\n    open('/tmp/a', 'w').write(x)\n" for number in range(300)
    ]
    calls = [f"    f{number}(event['a'])\n" for number in range(300)]
    code = "".join([*functions, "def handler(event, context):\n", *calls])
    (tmp_path / "one.py").write_text(code, encoding="utf-8")
    rewriting = load_app(tmp_path).rewriting
    assert rewriting.kept == {"a": Kept("the local file /tmp/a")}
    assert rewriting.files["one.py"].text.count("keep_a(x)") == 300
    assert rewriting.files["one.py"].text.count("kept_a()") == 300
