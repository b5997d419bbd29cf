"""Write the picture that says which of the five steps a notebook is about, and put it below the notebook's title.

python -m tools.write_steps

The pictures are files beside the notebooks: JupyterLab shows neither a picture within a cell's text nor one attached to
a cell where it is drawn in SVG.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

from sls_lab.report.walk import STEPS, place_words, walk_svg

FOLDER: Final = Path(__file__).resolve().parents[1] / "notebooks"
PICTURES: Final = FOLDER / "pictures"
#: The step of each notebook that is about one, by its number.
STEP_OF: Final = {"01": 1, "02": 2, "03": 3, "04": 4, "05": 5, "05b": 5}
_TITLE: Final = re.compile(r"\A(# [^\n]+\n\n)(?:!\[[^\]]*\]\(pictures/[^)]*\)\n\n)?")


def pictures() -> dict[Path, str]:
    """Each picture as it is with the steps of today."""
    return {PICTURES / f"step-{step}.svg": walk_svg(step) for step in range(1, len(STEPS) + 1)}


def marked(notebook: Path) -> str:
    """The notebook's file with the picture of its step, or without one where it is about none of them."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    title = content["cells"][0]
    step = STEP_OF.get(notebook.name.partition("-")[0])
    shown = f"![{place_words(step)}](pictures/step-{step}.svg)\n\n" if step else ""
    text = _TITLE.sub(lambda found: found[1] + shown, "".join(title["source"]))
    title["source"] = text.splitlines(keepends=True)
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the pictures and the notebooks anew."""
    PICTURES.mkdir(exist_ok=True)
    for file, text in pictures().items():
        file.write_text(text, encoding="utf-8", newline="\n")
    for notebook in sorted(FOLDER.glob("[0-9]*.ipynb")):
        notebook.write_text(marked(notebook), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
