"""Tables and listings: text stays text, in HTML and in a terminal."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

import sls_lab
from sls_lab.taint.run.doctor import Examined, ExaminedState
from sls_lab.widgets import doctor, listing, table, tables

ROOT = Path(__file__).resolve().parents[2]


def test_a_table_is_html_in_a_notebook_and_columns_in_a_terminal() -> None:
    shown = table("Functions", ("name", "line"), [("<b>store", 12), ("日本", 7)], below="Two & no more.")
    assert repr(shown).splitlines() == ["Functions", "name      line", "<b>store  12", "日本      7", "Two & no more."]
    page = shown._repr_html_()
    assert "<td>&lt;b&gt;store</td><td>12</td>" in page
    assert "<p>Two &amp; no more.</p>" in page


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="each row needs 2 cells"):
        table("Functions", ("name", "line"), [("store",)])


@pytest.mark.parametrize(("state", "mark", "below"), [("ok", "✓", "All is well."), ("missing", "✗", "recorded")])
def test_the_doctor_says_what_is_missing_and_what_to_do(
    state: ExaminedState, mark: str, below: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "examine", lambda: (Examined("Pysa", state, "looked", "install it"),))
    shown = doctor()
    assert shown.rows[0][0].startswith(mark)
    assert shown.rows[0][1:] == ("Pysa", "looked → install it")
    assert below in shown.below


def test_a_listing_numbers_the_lines_of_a_file_of_the_application() -> None:
    app = sls_lab.load_app(ROOT / "code-examples/apps/upload-chain")
    shown = listing(app, "handlers/convert.py")
    assert repr(shown).splitlines()[8] == "   8 def handler(event, context):"
    assert 'os.system(<span class="sls-is-string-token">f&quot;' in shown._repr_html_()
    assert "service: choir-recordings" in repr(listing(app, "serverless.yml"))
    with pytest.raises(KeyError):
        listing(app, "../../../README.md")


def test_code_in_a_listing_has_colours_and_stays_the_same_text() -> None:
    app = sls_lab.load_app(ROOT / "code-examples/apps/upload-chain")
    for file, token in [
        ("handlers/convert.py", '<span class="sls-is-keyword-token">import</span>'),
        ("serverless.yml", '<span class="sls-is-name-token">service</span>'),
    ]:
        html = listing(app, file)._repr_html_().rpartition("</style>")[2]
        assert token in html
        shown = unescape(re.sub(r'<span class="sls-number">[^<]*</span>|<[^>]+>', "", html))
        assert listing(app, file).text.strip() in shown
