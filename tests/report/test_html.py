from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

from sls_lab.facts import Span
from sls_lab.report.html import as_html
from tests.report.sample import Sample, sample

VOID = {"meta", "br", "link", "img", "hr", "input"}
EVIL = "</code><script>alert(1)</script><img src=x onerror=alert(1)>\"'&\u202e\x1b[31m"


class Page(HTMLParser):
    """The tags of a page, each closed where it must be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"{tag} was never opened"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def evil() -> Sample:
    """The sample with hostile text wherever the application's own text is shown."""
    done = sample()
    (flow,) = done.flows.flows
    span = Span(EVIL, 1, 0, 1, 3)
    steps = tuple(replace(step, handler=EVIL, text=EVIL, note=EVIL, span=span) for step in flow.steps)
    flow = replace(
        flow,
        rule=replace(flow.rule, title=EVIL, remedy=EVIL, cwe=EVIL),
        source=replace(flow.source, handler=EVIL, text=EVIL, span=span),
        sink=replace(flow.sink, handler=EVIL, text=EVIL, span=span),
        steps=steps,
    )
    first, *rest = done.template.functions
    trigger = replace(first.triggers[0], type=EVIL, via=(EVIL,))
    template = replace(
        done.template, files=(EVIL,), functions=(replace(first, name=EVIL, triggers=(trigger,), file=EVIL), *rest)
    )
    edges = tuple(replace(edge, source=EVIL, api=EVIL, via=(EVIL,)) for edge in done.events.edges)
    diagnostics = tuple(replace(diagnostic, message=EVIL) for diagnostic in done.diagnostics)
    return replace(
        done,
        path=done.path / "<b>",
        template=template,
        events=replace(done.events, edges=edges),
        flows=replace(done.flows, flows=(flow,), considered=(EVIL,), left_out=(EVIL,), versions={EVIL: EVIL}),
        diagnostics=diagnostics,
        advice=tuple(replace(item, message=EVIL) for item in done.advice),
    )


def test_the_page_is_well_formed() -> None:
    for analyses in ([sample()], [sample(), sample()], [evil()], []):
        page = Page(as_html(analyses, version="0"))
        assert page.open == []


def test_nothing_hostile_gets_through() -> None:
    text = as_html([evil()], version="0")
    page = Page(text)
    assert not {"script", "img", "iframe", "object", "b"} & {tag for tag, _ in page.tags}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert "\u202e" not in text
    assert "\x1b" not in text


def test_the_page_fetches_nothing() -> None:
    page = Page(as_html([sample(), evil()], version="0"))
    for tag, attributes in page.tags:
        assert "src" not in attributes
        assert "href" not in attributes or tag == "a"
    style = re.search(r"<style>(.*?)</style>", as_html([sample()], version="0"), re.DOTALL)
    assert style
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_ids_are_unique_and_references_lead_somewhere() -> None:
    page = Page(as_html([sample(), sample()], version="0"))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.tags:
        for name in (attributes.get("aria-labelledby") or "").split():
            assert name in ids
        if (attributes.get("href") or "").startswith("#"):
            assert (attributes["href"] or "")[1:] in ids


def test_readers_who_do_not_see_colours_get_all() -> None:
    page = Page(as_html([sample()], version="0"))
    tags = [tag for tag, _ in page.tags]
    assert ("html", {"lang": "en"}) in page.tags
    assert {"title", "main", "h1", "h2", "caption", "mark"} <= set(tags)
    assert all(attributes.get("scope") in {"row", "col"} for tag, attributes in page.tags if tag == "th")
    (picture,) = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert picture["role"] == "img"
    assert "desc" in tags


def test_what_was_not_analysed_stands_before_the_flows() -> None:
    text = as_html([sample()], version="0")
    assert text.index("Not analysed: 1 of 4 handlers") < text.index("<h2>Flows<")
