"""The figures of the decks by their names: each is drawn from what the analyser computes of an example."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from deck.drawing import INK, PAPER, QUIET, TAINTED, WIDTH, Box, Canvas, Kind
from deck.examples import ROOT, example, measured, only_flow, traced
from deck.graphs import draw_graph
from sls_lab.bench.published import WILD
from sls_lab.report.graph import event_graph
from sls_lab.report.palette import LIGHT
from sls_lab.report.walk import STEPS, place_words


@dataclass(frozen=True, slots=True)
class Figure:
    """`draw` gives the SVG; `live` figures need Pysa."""

    draw: Callable[[], str]
    live: bool = False


def _alone() -> str:
    return draw_graph(event_graph(example("upload-chain")), "Four handlers, as the code shows them", linked=False)


def _apart() -> str:
    flow = only_flow("upload-chain")
    ends = (flow.source.handler, flow.sink.handler)
    title = "A source in the first handler, a sink in the last, nothing between"
    return draw_graph(event_graph(example("upload-chain")), title, linked=False, path=ends)


def _chain() -> str:
    return draw_graph(event_graph(example("upload-chain")), "The events of upload-chain")


def drawn_flow() -> str:
    """The first example with its flow in red, as SVG."""
    handlers = tuple(dict.fromkeys(step.handler for step in only_flow("upload-chain").steps))
    return draw_graph(event_graph(example("upload-chain")), "A flow through upload-chain", path=handlers)


def _filtered() -> str:
    app = example("safe-wrong-prefix")
    filtered = [edge for edge in app.events.edges if edge.status == "filtered"]
    refused = [f"{edge.source}: {edge.because[-1].text}".replace("`", "") for edge in filtered]
    return draw_graph(event_graph(app, everything=True), "The events of safe-wrong-prefix", refused=refused)


def _leak() -> str:
    handlers = tuple(dict.fromkeys(step.handler for step in only_flow("mail-leak").steps))
    title, harm = "An information leak through mail-leak", "sink: mail to the front desk"
    return draw_graph(event_graph(example("mail-leak")), title, path=handlers, harm=harm)


def _hop(*lit: str) -> Callable[[], str]:
    """The handlers of upload-chain in one line, those named and what joins them in red: where the talk is."""

    def draw() -> str:
        names = [function.name for function in example("upload-chain").template.functions]
        canvas = Canvas(f"Where we are: {' to '.join(lit)}", WIDTH, 76)
        unit = (WIDTH + 80) / len(names)
        boxes = {name: Box(number * unit + 2, 4, unit - 84, 66) for number, name in enumerate(names)}
        for start, end in pairwise(names):
            hot = start in lit and end in lit
            a, b = boxes[start], boxes[end]
            way = f"M{a.x + a.width + 4:.0f} {a.centre:.0f}H{b.x - 6:.0f}"
            canvas.arrow(way, colour=TAINTED if hot else QUIET, width=6 if hot else 3)
        for name, box in boxes.items():
            canvas.box(box, [name], "public" if name in lit else "plain", strong=name in lit, size=26)
        return canvas.svg()

    return draw


def _here(step: int) -> Callable[[], str]:
    """The five steps in small, with the name of the one that a page is about."""

    def draw() -> str:
        pills = [(f"{number} {name}" if number == step else f"{number}") for number, name in enumerate(STEPS, 1)]
        sizes = [30 + 17 * len(words) for words in pills]
        canvas = Canvas(place_words(step), sum(sizes) + 16 * (len(pills) - 1), 38)
        x = 0
        for words, size in zip(pills, sizes, strict=True):
            here = len(words) > 1
            if x:
                canvas.line(f"M{x - 16} 19h16")
            canvas.bar(Box(x, 0, size, 38), LIGHT["accent"] if here else LIGHT["faint-page"])
            canvas.plain_words(x + 15, 28, words, colour=PAPER if here else QUIET, bold=here)
            x += size + 16
        return canvas.svg()

    return draw


def _wild() -> str:
    """From applications in public code to vulnerabilities, each number as a bar of its share."""
    canvas = Canvas("From applications to flows to vulnerabilities", WIDTH, 190)
    kinds = ("public applications", "flows that CloudFlow reports", "vulnerabilities among them")
    colours = (QUIET, LIGHT["accent"], LIGHT["danger"])
    for number, (words, count, colour) in enumerate(zip(kinds, WILD, colours, strict=True)):
        y = number * 64
        canvas.bar(Box(0, y, 560 * count / max(WILD), 48), colour)
        canvas.words(590, y + 36, str(count), size=36, anchor="start", bold=True)
        canvas.words(680, y + 34, words, size=28, anchor="start")
    return canvas.svg()


def _risks() -> str:
    """The twelve risks by their published names, each with what an analysis of sources shows of it."""
    text = (ROOT / "code-examples" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| SAS-(\d+) ([^|]+) \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
    canvas = Canvas("The twelve risks, and what a static analysis shows", WIDTH, 38 * len(rows) + 4)
    for number, (risk, name, application, shown) in enumerate(rows):
        base = 28 + 38 * number
        flow, seen = "flow" in shown, application != "none"
        canvas.bar(Box(0, base - 24, WIDTH, 34), LIGHT["accent-page"] if seen else LIGHT["faint-page"])
        canvas.plain_words(14, base, risk, bold=True)
        canvas.plain_words(70, base, name, colour=INK if seen else QUIET)
        words = "a flow, and more" if flow else "advice" if seen else "not in the sources"
        canvas.plain_words(890, base, words, colour=LIGHT["accent"] if seen else QUIET, bold=seen)
    return canvas.svg()


def _walk() -> str:
    """The five steps, with what each of them finds in upload-chain."""
    app = traced("upload-chain")
    calls = sum(edge.call is not None for edge in app.events.edges)
    edits = sum(len(file.edits) for file in app.rewriting.files.values())
    canvas = Canvas("Five steps from a template and code to a flow", WIDTH, 380)
    steps: list[tuple[str, str, str, Kind, float, float]] = [
        ("1  template", f"{len(app.template.functions)} functions", "their triggers", "resource", 2, 24),
        ("2  code", f"{calls} boto3 calls", "their values", "handler", 2, 236),
        ("3  event graph", f"{sum(edge.linked for edge in app.events.edges)} edges", "and why", "plain", 304, 130),
        ("4  rewriting", f"{edits} edits", "one program", "plain", 608, 130),
        ("5  taint", f"{len(app.flows.flows)} flow", "step by step", "public", 912, 130),
    ]
    boxes = []
    for name, found, more, kind, x, y in steps:
        boxes.append(Box(x, y, 236, 140))
        canvas.box(boxes[-1], [name, found, more], kind, size=26)
    for start, end, off in ((0, 2, -24.0), (1, 2, 24.0), (2, 3, 0.0), (3, 4, 0.0)):
        a, b = boxes[start], boxes[end]
        canvas.arrow(f"M{a.x + a.width:.0f} {a.centre:.0f}L{b.x - 4:.0f} {b.centre + off:.0f}")
    return canvas.svg()


def _tree() -> str:
    """The syntax tree of a call, three levels deep."""
    tree = ast.parse(example("upload-chain").code.modules["handlers/store.py"].text)
    call = next(node for node in ast.walk(tree) if isinstance(node, ast.Call) and _method(node) == "put_object")
    canvas = Canvas("The syntax tree of s3.put_object(…)", WIDTH, 438)
    columns = [(call.func, next(ast.iter_child_nodes(call.func))), *((word, word.value) for word in call.keywords)]
    unit = WIDTH / len(columns)
    top = Box((WIDTH - 260) / 2, 2, 260, 96)
    for column, chain in enumerate(columns):
        above = top
        for level, node in enumerate(chain, 1):
            box = Box(column * unit + 14, 2 + level * 168, unit - 28, 96)
            canvas.line(f"M{above.middle:.0f} {above.bottom:.0f}L{box.middle:.0f} {box.y:.0f}")
            canvas.box(box, list(_told(node)), "resource" if isinstance(node, ast.keyword) else "plain", size=28)
            above = box
    canvas.box(top, list(_told(call)), "handler", size=28)
    return canvas.svg()


def _method(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _told(node: ast.AST) -> Iterator[str]:
    yield type(node).__name__
    match node:
        case ast.Call():
            yield f"{_method(node)}(…)"
        case ast.Attribute():
            yield f".{node.attr}"
        case ast.keyword():
            yield f"{node.arg}="
        case ast.Name():
            yield node.id
        case ast.Subscript():
            yield f"{ast.unparse(node.value)}[…]"
        case ast.JoinedStr():
            yield 'f"…"'


def _measured() -> str:
    """How many of the expected flows are found, without and with the event graph."""
    figures = measured()
    canvas = Canvas("Flows found without and with the event graph", WIDTH, 440)
    rows = (
        ("each handler alone", figures.alone, QUIET),
        ("with the event graph", figures.linked, LIGHT["accent"]),
    )
    for number, (words, found, colour) in enumerate(rows):
        y = 2 + number * 152
        canvas.words(0, y + 30, words, size=30, anchor="start", bold=True)
        canvas.bar(Box(0, y + 46, 860, 56), LIGHT["faint-page"])
        canvas.bar(Box(0, y + 46, 860 * found.flows / figures.expected.flows, 56), colour)
        canvas.words(890, y + 88, f"{found.flows} of {figures.expected.flows}", size=44, anchor="start", bold=True)
        across = f"across handlers: {found.across} of {figures.expected.across}"
        canvas.words(860, y + 30, across, size=28, anchor="end", colour=QUIET)
    canvas.words(0, 364, f"false alarms: {figures.false}", size=30, anchor="start", bold=True)
    places = f"in {figures.apps} applications, with {figures.absent} places that look like a sink and are not"
    canvas.words(0, 412, places, size=28, anchor="start")
    return canvas.svg()


FIGURES: Mapping[str, Figure] = {
    "upload-chain-alone.svg": Figure(_alone),
    "upload-chain-apart.svg": Figure(_apart, live=True),
    "upload-chain.svg": Figure(_chain),
    "upload-chain-flow.svg": Figure(drawn_flow, live=True),
    "safe-wrong-prefix.svg": Figure(_filtered),
    "hop-submit-store.svg": Figure(_hop("submit", "store")),
    "hop-store-register.svg": Figure(_hop("store", "register")),
    "hop-convert.svg": Figure(_hop("convert")),
    "hop-all.svg": Figure(_hop("submit", "store", "register", "convert")),
    "mail-leak.svg": Figure(_leak, live=True),
    "risks.svg": Figure(_risks),
    "walk.svg": Figure(_walk, live=True),
    "tree.svg": Figure(_tree),
    **{f"here-{step}.svg": Figure(_here(step)) for step in range(1, len(STEPS) + 1)},
    "wild.svg": Figure(_wild),
    "measured.svg": Figure(_measured, live=True),
}
