"""Make the site: run every notebook and write it as a page in build/site that needs neither a kernel nor a network."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter
from nbconvert.preprocessors import TagRemovePreprocessor

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "build" / "site"
# Where the pages of other files go that notebooks link to.
FILES = "files"
LINK = re.compile(r'(?<=\shref=")(?P<path>[^"#:]+)(?P<anchor>#[^"]*)?(?=")')
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
ROW = re.compile(r"^\| \*\*(Questions|Minutes)\*\* \| (.+?) \|$", re.MULTILINE)
# What a page shows of an output: of a widget the HTML that stands for it, never the widget, which needs a kernel.
SHOWN = ("text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain")


class Failed(Exception):
    """The site cannot be made; the text says why."""


def main() -> None:
    """Run the notebooks and write the site."""
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    shutil.rmtree(BUILT, ignore_errors=True)
    BUILT.mkdir(parents=True)
    write(contents(notebooks), ROOT / "notebooks" / "index.ipynb")
    with tempfile.TemporaryDirectory(prefix="sls-lab-site-") as home:
        for number, notebook in enumerate(notebooks, 1):
            print(f"{number}/{len(notebooks)} {notebook.stem}: ", end="", flush=True)
            start = time.monotonic()
            write(run(notebook, Path(home)), notebook)
            print(f"{time.monotonic() - start:.0f} s", flush=True)
    print(f"{BUILT.relative_to(ROOT) / 'index.html'} is where the site begins.")


def run(notebook: Path, home: Path) -> nbformat.NotebookNode:
    """The notebook with its outputs, from a fresh kernel started in the notebook's own folder.

    The kernel is this environment's own, and the user's profile and progress are left alone: it has those in `home`.
    """
    content = nbformat.read(notebook, as_version=4)
    client = NotebookClient(
        content,
        timeout=300,
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(notebook.parent)}},
    )
    client.km = client.create_kernel_manager()
    folders = {"IPYTHONDIR": str(home / "ipython"), "XDG_DATA_HOME": str(home / "data")}
    try:
        return client.execute(env={**os.environ, "JUPYTER_PREFER_ENV_PATH": "1", **folders})
    except CellExecutionError as error:
        raise Failed(f"{notebook.name} does not run to its end: {error.ename}: {error.evalue}") from None


def write(content: nbformat.NotebookNode, notebook: Path) -> None:
    """Write the page of one notebook, and the pages of the files that it links to."""
    linked: set[Path] = set()
    text = LINK.sub(lambda link: published(link, notebook, linked), html(content, notebook.stem))
    (BUILT / f"{notebook.stem}.html").write_text(text, encoding="utf-8")
    for file in linked:
        page = BUILT / FILES / f"{file}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(html(listing(file), file.name), encoding="utf-8")


def html(content: nbformat.NotebookNode, name: str) -> str:
    """A notebook as the text of a page, without the cells that only check the others."""
    checks = TagRemovePreprocessor(remove_cell_tags={"check"})
    # Pictures are in the page itself, so that it fetches nothing.
    basedirs = [str(ROOT / "scripts")]
    exporter = HTMLExporter(template_name="page", extra_template_basedirs=basedirs, embed_images=True)
    exporter.register_preprocessor(checks, enabled=True)
    content = plain(content)
    resources = {"metadata": {"name": title(content) or name, "path": str(ROOT / "notebooks")}}
    text, _ = exporter.from_notebook_node(content, resources=resources)
    return str(text)


def plain(content: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The same notebook with those forms alone of each output that a page can show."""
    content = nbformat.from_dict(content)
    for output in (output for cell in content.cells for output in cell.get("outputs", ())):
        if "data" in output:
            output.data = nbformat.from_dict({form: output.data[form] for form in SHOWN if form in output.data})
    content.metadata.pop("widgets", None)
    return content


def published(link: re.Match[str], notebook: Path, linked: set[Path]) -> str:
    """A relative link as it is on the site; a file of the repository is noted in `linked`."""
    target = (notebook.parent / unquote(unescape(link["path"]))).resolve()
    anchor = link["anchor"] or ""
    if not (target.is_file() and target.is_relative_to(ROOT)):
        raise Failed(f"{notebook.name} links to {unescape(link['path'])}, which is no file of this repository.")
    if target.parent == notebook.parent and target.suffix == ".ipynb":
        return f"{link['path'].removesuffix('.ipynb')}.html{anchor}"
    file = target.relative_to(ROOT)
    linked.add(file)
    return escape(f"{FILES}/{file.as_posix()}.html")


def listing(file: Path) -> nbformat.NotebookNode:
    """A file of the repository as a notebook that shows its text."""
    text = (ROOT / file).read_text(encoding="utf-8")
    fence = "`" * (3 + max(map(len, re.findall("`+", text)), default=0))
    language = {".py": "python", ".yml": "yaml", ".yaml": "yaml"}.get(file.suffix, "text")
    return markdown(f"# {file.as_posix()}", f"{fence}{language}\n{text}\n{fence}")


def contents(notebooks: Sequence[Path]) -> nbformat.NotebookNode:
    """The site's first page: every notebook with its questions and minutes."""
    rows = [row(notebook, nbformat.read(notebook, as_version=4)) for notebook in notebooks]
    return markdown(
        "# sls-lab\n\nFinding vulnerabilities in serverless Python applications by static analysis: the course, for"
        " reading. Each page is a notebook with its outputs. Where the notebook has something to click, the page shows"
        " it at rest.",
        "\n".join(["| notebook | questions | minutes |", "|---|---|---:|", *rows]),
    )


def row(notebook: Path, content: nbformat.NotebookNode) -> str:
    """The line of one notebook in the table of contents."""
    found = dict(ROW.findall(content.cells[0].source))
    cells = (
        f"[{title(content) or notebook.stem}]({notebook.name})",
        found.get("Questions", ""),
        found.get("Minutes", ""),
    )
    return f"| {' | '.join(cells)} |"


def title(content: nbformat.NotebookNode) -> str:
    """The first heading of the first cell, or nothing."""
    found = TITLE.search(content.cells[0].source)
    return found[1].strip() if found else ""


def markdown(*texts: str) -> nbformat.NotebookNode:
    """A notebook of these texts."""
    content: nbformat.NotebookNode = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell(text) for text in texts]
    )
    return content


if __name__ == "__main__":
    try:
        main()
    except Failed as failed:
        sys.exit(f"The site was not made: {failed}")
