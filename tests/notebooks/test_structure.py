"""The notebooks as a course: each says what it asks and takes, speaks in one voice, and leads to the next."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest

from sls_lab.exercises import lessons
from sls_lab.exercises.minutes import longest_stretch
from tools.write_steps import PICTURES, marked, pictures
from tools.write_terms import GLOSSARY, explained, terms

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LESSONS = [notebook for notebook in NOTEBOOKS if notebook.name[:2].isdigit()]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)(?: \"[^\"]*\")?\)")
TITLE = re.compile(r"(?<=\S) \"[^\"]*\"(?=\))")
IMAGE = re.compile(r"!\[([^\]]*)\]\(|<img(?![^>]*\balt=\"[^\"]+\")[^>]*>")
ENTRY = re.compile(r"^### (.+)\n\n(.+)$", re.MULTILINE)
EXAMPLE = re.compile(r"\*Example:\*|such as|for example|for instance|as in |CWE-78|`[^`]+`")
# Words that tell a learner who is stuck that it is their fault.
UNKIND = re.compile(r"\b(?:simply|just|obviously|trivial(?:ly)?|of course|easy|easily)\b", re.IGNORECASE)

by_name = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
by_lesson = pytest.mark.parametrize("notebook", LESSONS, ids=lambda notebook: notebook.stem)


@cache
def cells(notebook: Path) -> tuple[Any, ...]:
    """The notebook's cells."""
    return tuple(nbformat.read(notebook, as_version=4).cells)


@cache
def prose(notebook: Path) -> str:
    """All Markdown of a notebook."""
    return "\n\n".join(cell.source for cell in cells(notebook) if cell.cell_type == "markdown")


def anchors(notebook: Path) -> set[str]:
    """What a link into the notebook may name: headings as JupyterLab makes ids of them, and ids of its own."""
    headings = re.findall(r"^#+\s+(.+)$", prose(notebook), re.MULTILINE)
    own = re.findall(r"\bid=\"([^\"]+)\"", prose(notebook))
    return {heading.strip().replace(" ", "-") for heading in headings} | set(own)


def number_of(notebook: Path) -> str:
    """The number in a notebook's name, `05b` in `05b-how-pysa-knows.ipynb`."""
    return notebook.name.partition("-")[0]


def test_the_lessons_are_there() -> None:
    assert [number_of(lesson) for lesson in LESSONS] == [lesson.number for lesson in lessons()]
    assert {"demo.ipynb", "glossary.ipynb"} <= {notebook.name for notebook in NOTEBOOKS}


@by_lesson
def test_a_lesson_says_what_it_asks_and_takes(notebook: Path) -> None:
    first = cells(notebook)[0].source
    for part in ("Questions", "Objectives", "Minutes", "Before you start"):
        assert part in first, f"{notebook.name}: its first cell has no {part}"
    assert any(cell.source.startswith("## Key points") for cell in cells(notebook))


@by_lesson
def test_a_lesson_leads_to_its_neighbours(notebook: Path) -> None:
    last = cells(notebook)[-1].source
    place = LESSONS.index(notebook)
    near = [LESSONS[number].name for number in (place - 1, place + 1) if 0 <= number < len(LESSONS)]
    for name in {*near, "00-start-here.ipynb"} - {notebook.name}:
        assert re.search(rf"\({re.escape(name)}[#)]", last), f"{notebook.name}: its last cell does not link {name}"


@by_name
def test_links_lead_somewhere(notebook: Path) -> None:
    for target in LINK.findall(prose(notebook)):
        path, _, anchor = target.partition("#")
        if path.startswith(("http:", "https:")):
            continue
        file = (FOLDER / path) if path else notebook
        assert file.exists(), f"{notebook.name}: {target} leads nowhere"
        if anchor and file.suffix == ".ipynb":
            assert anchor in anchors(file), f"{notebook.name}: no {anchor} in {file.name}"


@pytest.mark.parametrize("notebook", [one for one in NOTEBOOKS if one.name != GLOSSARY], ids=lambda one: one.stem)
def test_the_first_link_to_a_term_says_what_it_means(notebook: Path) -> None:
    assert explained(notebook, terms()) == notebook.read_text(encoding="utf-8"), "run python -m tools.write_terms"


@by_lesson
def test_a_lesson_shows_which_of_the_five_steps_it_is_about(notebook: Path) -> None:
    assert marked(notebook) == notebook.read_text(encoding="utf-8"), "run python -m tools.write_steps"


def test_the_pictures_of_the_steps_are_those_of_today() -> None:
    stored = {file: file.read_text(encoding="utf-8") for file in PICTURES.iterdir()}
    assert stored == pictures(), "run python -m tools.write_steps"


def test_a_lesson_has_at_most_eight_new_terms() -> None:
    known: set[str] = set()
    for lesson in LESSONS:
        linked = {target for target in LINK.findall(prose(lesson)) if target.startswith(f"{GLOSSARY}#")}
        assert len(linked - known) <= 8, f"{lesson.name} has {len(linked - known)}: {sorted(linked - known)}"
        known |= linked


@pytest.mark.parametrize(("term", "entry"), ENTRY.findall(prose(FOLDER / GLOSSARY)), ids=lambda part: part[:20])
def test_a_term_has_an_example_and_leads_back_to_where_it_is_taught(term: str, entry: str) -> None:
    meaning, arrow, back = entry.rpartition(" → ")
    assert EXAMPLE.search(meaning), f"{term} has no example"
    assert arrow and LINK.findall(back), f"{term} does not lead back"


@by_name
def test_pictures_are_told_in_words(notebook: Path) -> None:
    assert not [match.group() for match in IMAGE.finditer(prose(notebook)) if not match.group(1)]


@by_name
def test_the_voice_is_kind(notebook: Path) -> None:
    assert UNKIND.findall(prose(notebook)) == []


@by_name
def test_no_wall_of_text(notebook: Path) -> None:
    for number, cell in enumerate(cells(notebook)):
        if cell.cell_type == "markdown" and notebook.name != "glossary.ipynb":
            text = TITLE.sub("", cell.source)
            words = [line for line in text.splitlines() if line.strip() and not line.startswith(("|", "-", "#"))]
            assert sum(map(len, words)) <= 1000, f"{notebook.name}: cell {number} has too much text"


@by_name
def test_cells_have_names_of_their_own(notebook: Path) -> None:
    names = [cell.id for cell in cells(notebook)]
    assert len(set(names)) == len(names)
    assert not [name for name in names if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", name)]


@by_lesson
def test_claims_are_checked_where_nobody_has_to_read_it(notebook: Path) -> None:
    checks = [cell for cell in cells(notebook) if "check" in cell.metadata.get("tags", ())]
    assert checks, f"{notebook.name}: no cell with the tag check"
    for cell in checks:
        assert "assert " in cell.source
        assert cell.metadata["jupyter"]["source_hidden"] is True


@by_lesson
def test_there_is_something_to_do_every_ten_minutes(notebook: Path) -> None:
    assert longest_stretch(notebook) <= 10


@by_lesson
def test_the_readme_and_the_map_name_the_lesson(notebook: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(
        rf"^\| \[{number_of(notebook)} [^\]]+\]\(notebooks/{notebook.name}\) \| \d+ \|", readme, re.MULTILINE
    )
    if notebook != LESSONS[0]:
        assert re.search(rf"^\| \[[^\]]+\]\({notebook.name}\) \| [^|]+ \| \d+ \|", prose(LESSONS[0]), re.MULTILINE)


def test_the_readme_names_files_that_exist() -> None:
    for target in LINK.findall((ROOT / "README.md").read_text(encoding="utf-8")):
        if not target.startswith(("http", "#")):
            assert (ROOT / target.partition("#")[0]).exists(), target
