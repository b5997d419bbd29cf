"""Who speaks where, and under which licence: `slides/occasion.yml`, the one place to fill in before a talk."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

import yaml

#: In the order in which they are shown; `code` names a picture in the folder, such as a QR code of `address`.
ENTRIES = ("speaker", "affiliation", "event", "date", "address", "licence", "code")


def read_occasion(file: Path) -> Mapping[str, str]:
    """The entries that are filled in; none where there is no such file.

    Raises ValueError where an entry has another name, or is not a string.
    """
    if not file.is_file():
        return {}
    read = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    for name, value in read.items():
        if name not in ENTRIES or not isinstance(value, str):
            raise ValueError(f"{file.name}: {name}: write one of {', '.join(ENTRIES)}, each with a string in quotes")
    return {name: read[name] for name in ENTRIES if read.get(name)}


def occasion_html(occasion: Mapping[str, str], folder: Path) -> str:
    """A line for each entry, and the picture beside them. Raises ValueError where there is no such picture."""
    lines = "<br>".join(escape(text) for name, text in occasion.items() if name != "code")
    if "code" not in occasion:
        return f'<p class="occasion">{lines}</p>'
    file = folder / occasion["code"]
    if file.suffix != ".svg" or not file.is_file():
        raise ValueError(f"occasion.yml: code: there is no picture {file.name} of the kind .svg in slides/")
    drawing = file.read_text(encoding="utf-8")
    drawing = drawing[drawing.index("<svg") :].replace("\n", " ").strip()
    return f'<div class="occasion"><figure class="qr">{drawing}</figure><p>{lines}</p></div>'
