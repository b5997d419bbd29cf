"""The small picture of the five steps that says *you are here*: the same in widgets, reports, slides and notebooks."""

from __future__ import annotations

from html import escape
from typing import Final

from sls_lab.report.palette import LIGHT

#: The steps from a template and its code to a flow, by what each is about.
STEPS: Final = ("Template", "Code", "Events", "Rewriting", "Taint")

RULES: Final = """\
.sls-walk {
  display: inline-flex; gap: 3px; align-items: center; white-space: nowrap;
  font-size: .8rem; font-weight: 400; line-height: 1.4; color: var(--sls-faint);
}
.sls-walk span { border: 1px solid var(--sls-line); border-radius: .8em; padding: 0 .55em; }
.sls-walk span + span { margin-inline-start: 5px; position: relative; }
.sls-walk span + span::before {
  content: ""; position: absolute; inset-inline-start: -9px; top: 50%; width: 8px;
  border-top: 1px solid var(--sls-line);
}
.sls-walk .sls-here {
  color: var(--sls-page); background: var(--sls-accent); border-color: var(--sls-accent); font-weight: 600;
}
"""


def place_words(step: int) -> str:
    """Where step number `step` (from 1) is, in words."""
    return f"Step {step} of {len(STEPS)}: {STEPS[step - 1].lower()}"


def walk_html(step: int) -> str:
    """The picture at step number `step` (from 1) as HTML, for a page that has `RULES` and the palette's variables."""
    marks = "".join(
        f'<span class="sls-here">{number} {escape(name)}</span>' if number == step else f"<span>{number}</span>"
        for number, name in enumerate(STEPS, 1)
    )
    return (
        f'<span class="sls-walk" role="img" aria-label="{place_words(step)}" title="{place_words(step)}">{marks}</span>'
    )


def walk_svg(step: int) -> str:
    """The same as a picture by itself, with the words of every step; it has a ground of its own for dark pages."""
    size, gap, height = 104, 20, 30
    width = len(STEPS) * (size + gap) - gap + 16
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height + 16}" width="{width}" '
        f'height="{height + 16}" font-family="system-ui, sans-serif" font-size="14">',
        f"<title>{place_words(step)}</title>",
        f'<rect width="{width}" height="{height + 16}" rx="8" fill="{LIGHT["page"]}"/>',
    ]
    for number, name in enumerate(STEPS, 1):
        x, here = 8 + (number - 1) * (size + gap), number == step
        fill, stroke, ink = (
            (LIGHT["accent"], LIGHT["accent"], LIGHT["page"])
            if here
            else (LIGHT["panel"], LIGHT["line"], LIGHT["faint"])
        )
        if number > 1:
            parts.append(f'<path d="M{x - gap} {8 + height / 2:g}h{gap}" stroke="{LIGHT["line"]}" stroke-width="2"/>')
        parts.append(
            f'<rect x="{x}" y="8" width="{size}" height="{height}" rx="{height // 2}" fill="{fill}" stroke="{stroke}"/>'
        )
        weight = ' font-weight="600"' if here else ""
        parts.append(
            f'<text x="{x + size / 2:g}" y="{8 + height / 2 + 5:g}" fill="{ink}" text-anchor="middle"{weight}>'
            f"{number} {escape(name)}</text>"
        )
    return "\n".join((*parts, "</svg>\n"))
