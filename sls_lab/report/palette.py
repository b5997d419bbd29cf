"""The one owner of what colours, shapes and words mean, in widgets, reports, slides and on the site.

Every colour that carries a meaning goes with a shape and a word, since not everybody sees colours, and not every page
has them. A test holds all pairs of text and ground that occur to a contrast of 4.5 to 1 in both themes
(https://www.w3.org/TR/WCAG22/#contrast-minimum).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Colour = Literal[
    "page",
    "panel",
    "text",
    "faint",
    "faint-page",
    "line",
    "hover",
    "accent",
    "accent-page",
    "danger",
    "danger-page",
    "good",
    "good-page",
    "warm",
    "warm-page",
    "violet",
    "violet-page",
    "teal",
    "teal-page",
]
Palette = Mapping[Colour, str]

LIGHT: Final[Palette] = {
    "page": "#ffffff",
    "panel": "#f6f7f9",
    "text": "#1b1d21",
    "faint": "#55595f",
    "faint-page": "#eceef1",
    "line": "#8a9099",
    "hover": "#fff1b8",
    "accent": "#1a56b0",
    "accent-page": "#dbe8ff",
    "danger": "#a3160d",
    "danger-page": "#fde4e1",
    "good": "#1d6a22",
    "good-page": "#dff3e0",
    "warm": "#a84800",
    "warm-page": "#fdeccb",
    "violet": "#5b2a9d",
    "violet-page": "#eee3fb",
    "teal": "#005b66",
    "teal-page": "#d6f1f4",
}
DARK: Final[Palette] = {
    "page": "#16181c",
    "panel": "#1f2228",
    "text": "#eceef1",
    "faint": "#b3b8bf",
    "faint-page": "#2b2f36",
    "line": "#7d838c",
    "hover": "#52430c",
    "accent": "#9cc2ff",
    "accent-page": "#1b3562",
    "danger": "#ffb4ab",
    "danger-page": "#56211c",
    "good": "#9be0a0",
    "good-page": "#17401b",
    "warm": "#ffd28a",
    "warm-page": "#4d3300",
    "violet": "#d3b8ff",
    "violet-page": "#3b2366",
    "teal": "#8be3ee",
    "teal-page": "#0d3d45",
}

GROUND_OF: Final[Mapping[Colour, Colour]] = {
    "accent": "accent-page",
    "danger": "danger-page",
    "good": "good-page",
    "warm": "warm-page",
    "violet": "violet-page",
    "teal": "teal-page",
    "faint": "faint-page",
}
#: https://www.w3.org/TR/css-color-4/#css-system-colors
FORCED: Final[Palette] = {
    **dict.fromkeys(LIGHT, "CanvasText"),
    "page": "Canvas",
    "panel": "Canvas",
    "hover": "Canvas",
    "accent": "Highlight",
    **dict.fromkeys(GROUND_OF.values(), "Canvas"),
}

TokenKind = Literal["comment", "string", "number", "keyword", "name"]
#: The colours of code.
TOKENS: Final[Mapping[TokenKind, Colour]] = {
    "comment": "faint",
    "string": "good",
    "number": "warm",
    "keyword": "violet",
    "name": "accent",
}
#: What code with these colours is written on: its pane, and what marks lie below it.
GROUNDS: Final[tuple[Colour, ...]] = ("page", "panel", "hover", "accent-page", "warm-page", "good-page", "danger-page")


@dataclass(frozen=True, slots=True)
class MeaningLook:
    """How something is recognised: by its word, a colour (its ground is called the same with `-page`) and a shape."""

    word: str
    colour: Colour
    shape: str

    @property
    def ground(self) -> Colour:
        """The colour to write on."""
        return GROUND_OF[self.colour]


MeaningName = Literal["source", "event", "tainted", "set-aside", "sink", "clean"]
#: What data and places are to an analysis. A variation selector keeps a shape from being drawn as a picture.
MEANINGS: Final[Mapping[MeaningName, MeaningLook]] = {
    "source": MeaningLook("source", "teal", "\N{BLACK RIGHT-POINTING TRIANGLE}\ufe0e"),
    "event": MeaningLook("event", "violet", "\N{RIGHTWARDS DASHED ARROW}"),
    "tainted": MeaningLook("tainted", "warm", "\N{BLACK CIRCLE}"),
    "set-aside": MeaningLook("set aside", "faint", "\N{WHITE DIAMOND}"),
    "sink": MeaningLook("sink", "danger", "\N{BLACK SQUARE}\ufe0e"),
    "clean": MeaningLook("clean", "good", "\N{CHECK MARK}\ufe0e"),
}
#: The same by the role of a step: what is neither source, event nor sink has tainted data pass.
ROLES: Final[Mapping[str, MeaningLook]] = {
    "source": MEANINGS["source"],
    "event": MEANINGS["event"],
    "sink": MEANINGS["sink"],
    **dict.fromkeys(("call", "propagation", "store", "load"), MEANINGS["tainted"]),
}
#: What an analysis answers, by `OutcomeKind`.
ANSWERS: Final[Mapping[str, MeaningLook]] = {
    "flows": MeaningLook("flows", "danger", "\N{WARNING SIGN}\ufe0e"),
    "no-flow": MEANINGS["clean"],
    "no-flow-in-part": MeaningLook("no flow, in part", "warm", "\N{CIRCLE WITH LEFT HALF BLACK}"),
    "not-analysed": MeaningLook("not analysed", "violet", "?"),
}


def declared(place: str, dark: str = "") -> str:
    """The colours as variables of CSS, `--sls-page` and so on, at what the selector `place` names.

    The dark ones hold at what `dark` names; without it, where the reader's system is dark. Where the reader has the
    system's own colours forced on pages (high contrast), so do these: shapes, lines and words are what is left then.
    """
    at_night = f"{dark} {{ {_variables(DARK)} }}" if dark else _within("prefers-color-scheme: dark", place, DARK)
    forced = _within("forced-colors: active", ", ".join(filter(None, (place, dark))), FORCED)
    return f"{place} {{ {_variables(LIGHT)} }}\n{at_night}\n{forced}\n"


def _variables(palette: Palette) -> str:
    return " ".join(f"--sls-{name}: {value};" for name, value in palette.items())


def _within(medium: str, place: str, palette: Palette) -> str:
    return f"@media ({medium}) {{ {place} {{ {_variables(palette)} }} }}"


def token_rules() -> str:
    """The rules of CSS for code: what is a string has the class `sls-is-string-token`."""
    looks = {"keyword": " font-weight: 600;", "comment": " font-style: italic;"}
    return "".join(
        f".sls-is-{kind}-token {{ color: var(--sls-{colour});{looks.get(kind, '')} }}\n"
        for kind, colour in TOKENS.items()
    )


def meaning_rules() -> str:
    """The rules of CSS for meanings: `sls-role-sink` and `sls-meaning-set-aside` bring colour and shape to a word.

    `sls-mark-step-sink` is the same for code that is marked.
    """
    named = {f"role-{role}": meaning for role, meaning in ROLES.items()}
    named |= {f"meaning-{name}": meaning for name, meaning in MEANINGS.items()}
    named |= {f"answer-{answer}": meaning for answer, meaning in ANSWERS.items()}
    rules = [_meaning_rule(name, meaning) for name, meaning in named.items()]
    lines = {"source": "solid 2px", "event": "dashed 2px", "sink": "double"}
    for role, meaning in ROLES.items():
        line = f"underline {lines.get(role, 'dotted 2px')} var(--sls-{meaning.colour})"
        rules.append(f".sls-mark-step-{role} {{ text-decoration: {line}; text-underline-offset: 3px; }}\n")
    return "".join(rules)


def _meaning_rule(name: str, meaning: MeaningLook) -> str:
    # The second declaration keeps the shape from being read aloud, where a browser knows how.
    shape = f'content: "{meaning.shape} "; content: "{meaning.shape} " / "";'
    return f".sls-{name} {{ color: var(--sls-{meaning.colour}); }}\n.sls-{name}::before {{ {shape} }}\n"
