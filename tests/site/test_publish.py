"""What `make site` writes: pages that fetch nothing, whose links lead to pages, and that show widgets at rest."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import publish
import pytest

Notebook = Callable[..., Path]
NOTEBOOKS = sorted((publish.ROOT / "notebooks").glob("*.ipynb"))
WIDGET = {
    "application/vnd.jupyter.widget-view+json": {"model_id": "1", "version_major": 2, "version_minor": 0},
    "application/javascript": "alert(1)",
    "text/html": "<p>the widget at rest</p>",
    "text/plain": "only for a terminal",
}


class Page(HTMLParser):
    """What a page fetches by itself, where its links lead, and the anchors it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: list[str] = re.findall(r"@import[^;]+|url\((?![\"']?data:)[^)]*\)", text)
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.scripts = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.anchors.add(given.get("id", ""))
        self.scripts += tag == "script"
        if tag == "a" and "href" in given:
            target = given.pop("href")
            # Each heading has a link to itself, which is not shown.
            self.links += [target] if given.get("class") != "anchor-link" else []
        self.fetched += [
            f"{tag} {value}"
            for name, value in given.items()
            if name in {"src", "srcset", "href", "data", "poster", "action"} and not value.startswith(("data:", "#"))
        ]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    built = tmp_path / "site"
    built.mkdir()
    monkeypatch.setattr(publish, "BUILT", built)
    return built


def written(site: Path, content: nbformat.NotebookNode, name: str = "sample") -> str:
    """The page of a notebook that stands among the kit's own."""
    publish.write(content, publish.ROOT / "notebooks" / f"{name}.ipynb")
    return (site / f"{name}.html").read_text(encoding="utf-8")


def cell(source: str, *outputs: nbformat.NotebookNode, tags: tuple[str, ...] = ()) -> nbformat.NotebookNode:
    made: nbformat.NotebookNode = nbformat.v4.new_code_cell(
        source, outputs=list(outputs), metadata={"tags": list(tags)}
    )
    return made


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_a_page_fetches_nothing_and_runs_nothing(notebook: Path, site: Path) -> None:
    page = Page(written(site, nbformat.read(notebook, as_version=4), notebook.stem))
    assert page.fetched == []
    assert page.scripts == 0


def test_what_would_be_fetched_is_noticed() -> None:
    text = '<link href="https://a.example/x.css"><img src="//a.example/x.png"><style>p { top: url(x.png) }</style>'
    assert len(Page(text).fetched) == 3


def test_links_between_notebooks_lead_to_pages_and_others_stay(site: Path) -> None:
    text = "[a](glossary.ipynb#bucket) [b](00-start-here.ipynb) [c](https://example.org/x.ipynb) [d](#here)"
    page = Page(written(site, publish.markdown(f"# Sample\n\n{text}")))
    assert page.links == ["glossary.html#bucket", "00-start-here.html", "https://example.org/x.ipynb", "#here"]


def test_every_link_between_the_notebooks_leads_to_a_page_and_a_place_in_it(site: Path) -> None:
    pages = {
        f"{notebook.stem}.html": Page(written(site, nbformat.read(notebook, as_version=4), notebook.stem))
        for notebook in NOTEBOOKS
    }
    targets = [
        (name, *link.partition("#")[::2])
        for name, page in pages.items()
        for link in page.links
        if not link.startswith(("https:", "files/"))
    ]
    assert len(targets) > 50
    assert [target for target in targets if target[2] not in {"", *pages[target[1] or target[0]].anchors}] == []


def test_a_file_that_is_linked_gets_a_page(site: Path) -> None:
    page = Page(written(site, publish.markdown("[the steps](../code-examples/README.md)")))
    assert page.links == ["files/code-examples/README.md.html"]
    text = (site / page.links[0]).read_text(encoding="utf-8")
    assert "twelve" in text
    assert Page(text).fetched == []


@pytest.mark.parametrize("target", ["../nowhere.py", "nowhere.ipynb", "../../../../etc/passwd"])
def test_a_link_that_leads_nowhere_is_named(site: Path, target: str) -> None:
    with pytest.raises(publish.Failed, match=rf"sample\.ipynb links to {re.escape(target)}"):
        written(site, publish.markdown(f"[x]({target})"))


def test_a_widget_is_shown_at_rest_and_checks_are_left_out(site: Path) -> None:
    shown = nbformat.v4.new_output("display_data", data=WIDGET)
    content = nbformat.v4.new_notebook(cells=[cell("widget", shown), cell("assert well_known", tags=("check",))])
    content.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    text = written(site, content)
    assert "<p>the widget at rest</p>" in text
    for hidden in ("only for a terminal", "alert(1)", "widget-view", "widget-state", "well_known"):
        assert hidden not in text
    assert WIDGET["text/html"] in content.cells[0].outputs[0].data["text/html"], "the notebook itself stays as it is"


def test_the_first_page_lists_every_notebook(site: Path) -> None:
    page = Page(written(site, publish.contents(NOTEBOOKS), "index"))
    assert page.links == [f"{notebook.stem}.html" for notebook in NOTEBOOKS]
    text = (site / "index.html").read_text(encoding="utf-8")
    assert "Does everything work?" in text


def test_a_notebook_runs_with_a_progress_of_its_own(tmp_path: Path) -> None:
    notebook = tmp_path / "sample.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell("import os\nos.environ['XDG_DATA_HOME']")]), notebook)
    content = publish.run(notebook, tmp_path / "home")
    assert str(tmp_path / "home" / "data") in content.cells[0].outputs[0].data["text/plain"]
    assert "widgets" not in content.metadata


def test_a_notebook_that_fails_is_named(tmp_path: Path) -> None:
    notebook = tmp_path / "sample.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell("raise ValueError('too bad')")]), notebook)
    with pytest.raises(publish.Failed, match=r"sample\.ipynb does not run to its end: ValueError: too bad"):
        publish.run(notebook, tmp_path / "home")
