"""Write into each notebook what its terms mean, from the glossary: the first link to a term has it as its title.

python -m tools.write_terms

A browser shows a title to whoever points at the link; the kit's style sheets show it to whoever reaches it by keyboard.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
GLOSSARY = "glossary.ipynb"
_ENTRY = re.compile(r"^### (?P<term>.+)\n\n(?P<text>.+)$", re.MULTILINE)
_LINK = re.compile(r"\[(?P<words>[^\]]+)\]\(glossary\.ipynb#(?P<anchor>[^)\s]+)(?: \"[^\"]*\")?\)")


def terms() -> dict[str, str]:
    """What each term means, in plain words, by the anchor of its entry."""
    text = "\n\n".join(_markdown(FOLDER / GLOSSARY))
    return {entry["term"].strip().replace(" ", "-"): _plain(entry["text"]) for entry in _ENTRY.finditer(text)}


def explained(notebook: Path, meanings: Mapping[str, str]) -> str:
    """The notebook's file with a title on the first link to each term and on no other."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    seen: set[str] = set()

    def link(found: re.Match[str]) -> str:
        anchor = found["anchor"]
        title = f' "{meanings[anchor]}"' if anchor in meanings and anchor not in seen else ""
        seen.add(anchor)
        return f"[{found['words']}](glossary.ipynb#{anchor}{title})"

    for cell in content["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = _LINK.sub(link, "".join(cell["source"])).splitlines(keepends=True)
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write each notebook anew."""
    meanings = terms()
    for notebook in sorted(FOLDER.glob("*.ipynb")):
        if notebook.name != GLOSSARY:
            notebook.write_text(explained(notebook, meanings), encoding="utf-8", newline="\n")


def _markdown(notebook: Path) -> list[str]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]


def _plain(text: str) -> str:
    """An entry without its example, its way back, its links and marks; a title is written between double quotes."""
    meaning = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text.partition(" → ")[0].partition(" *Example:*")[0])
    return re.sub(r"[`*]", "", meaning).replace('"', "'").strip()


if __name__ == "__main__":
    main()
