"""A replay for a terminal: hop by hop what was received, called, delivered, and what reached a dangerous call."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote_plus

from rich.text import Text

from sls_lab.replay.exchange import leaves, readable
from sls_lab.replay.model import Call, Danger, Delivery, Hop, Replay
from sls_lab.replay.shell_commands import Command, commands_of
from sls_lab.report.display import cells, one_line
from sls_lab.report.page import Page
from sls_lab.report.summary import count

_LONGEST: Final = 400
_ENDINGS: Final = {
    "raised": "raises",
    "timed-out": "takes too long",
    "exited": "exits",
    "out-of-memory": "takes too much memory",
    "missing": "cannot be loaded",
    "killed": "was ended",
}
_JOINED: Final = {
    "|": "which reads what the one before writes",
    "|&": "which reads what the one before writes",
    "&&": "if the one before succeeds",
    "||": "if the one before fails",
    "&": "beside the one before",
}
#: Dangerous calls that are told only where they lead out of the folder or the marker is in them: every file is one.
_QUIET: Final = frozenset({"file", "file-removal", "nosql", "invocation"})


def as_replay_text(replays: Sequence[Replay], *, columns: int, colour: bool = False) -> str:
    """Replays, one after the other, as a page of text that ends with a line end."""
    page = Page(columns, colour=colour)
    for replay in replays:
        _write(page, replay)
    return page.text().lstrip("\n")


def words_of(command: Command) -> str:
    """The words of a command as a shell reads them, each between brackets."""
    return "  ".join(f"‹{one_line(word)}›" for word in command.words)


def _write(page: Page, replay: Replay) -> None:
    title = f"{replay.application}: {replay.request.name or replay.request.at}"
    page.heading(one_line(title))
    if replay.missing:
        words = f"Not replayed: the module {replay.missing}, which the application imports, is not installed here."
        page.paragraph(Text(one_line(words), style="bold yellow"), 2, hanging=0)
    for call in replay.request.given:
        page.paragraph(Text(f"before: {call.service}.{call.api}({_shown(call.arguments)})"), 2)
    for hop in replay.hops:
        _write_hop(page, hop, replay.request.followed)
    for note in replay.notes:
        page.paragraph(Text(_sentence(one_line(note.message)), style="yellow"), 2, hanging=2)
    if replay.hops:
        edges = count(len(replay.observed), "event")
        page.blank()
        page.paragraph(Text(f"{count(len(replay.hops), 'hop')}, {edges} from handler to handler."), 2, hanging=0)


def _write_hop(page: Page, hop: Hop, followed: Sequence[str]) -> None:
    page.blank()
    woken = "by the request" if hop.woken_by is None else f"by hop {hop.woken_by}"
    again = f", try {hop.attempt}" if hop.attempt > 1 else ""
    page.paragraph(Text.assemble((f"{hop.number}. {one_line(hop.handler)}", "bold"), f"  woken {woken}{again}"), 2)
    for number, line in enumerate(received_parts(hop.event, followed)):
        label = "receives  " if number == 0 else " " * 10
        page.paragraph(Text.assemble((label, "dim"), _marked(line, followed)), 5, hanging=12)
    told = {index: [one for one in hop.deliveries if one.call == index] for index in (None, *range(len(hop.calls)))}
    for index, call in enumerate(hop.calls):
        _write_call(page, call, told[index], followed)
    for delivery in told[None]:
        _write_delivery(page, delivery)
    for danger in hop.dangers:
        _write_danger(page, danger, followed)
    for note in hop.notes:
        where = f"  {note.span.place}" if note.span else ""
        page.paragraph(Text.assemble(("note      ", "dim"), one_line(note.message), (where, "dim")), 5, hanging=10)
    if hop.output:
        page.paragraph(Text.assemble(("prints    ", "dim"), _marked(_cut(hop.output), followed)), 5, hanging=10)
    if hop.ending == "returned":
        page.paragraph(Text.assemble(("returns   ", "dim"), _marked(_shown(hop.result), followed)), 5, hanging=10)
    else:
        where = f"  {hop.span.place}" if hop.span else ""
        words = f"{_ENDINGS[hop.ending]}: {one_line(hop.error)}"
        page.paragraph(Text.assemble(("ends      ", "dim"), (words, "yellow"), (where, "dim")), 5, hanging=10)


def _write_call(page: Page, call: Call, deliveries: Sequence[Delivery], followed: Sequence[str]) -> None:
    where = f"  {call.span.place}" if call.span else ""
    line = Text.assemble(("calls     ", "dim"), f"{call.service}.{call.api}", (where, "dim"))
    page.paragraph(line, 5, hanging=10)
    page.paragraph(_marked(_shown(call.arguments), followed), 15, hanging=0)
    if call.error:
        style = "bold red" if call.outcome == "refused" else "yellow"
        page.paragraph(Text(f"{call.outcome}: {one_line(call.error)}", style=style), 15, hanging=2)
    for delivery in deliveries:
        _write_delivery(page, delivery)


def _write_delivery(page: Page, delivery: Delivery) -> None:
    via = "".join(f" → {one_line(station)}" for station in delivery.via)
    where = f"{delivery.service}:{one_line(delivery.resource)}{via}"
    match delivery.arrival:
        case "delivered":
            number = f" (hop {delivery.hop})" if delivery.hop is not None else ""
            words = Text.assemble("→ ", (one_line(delivery.target or ""), "bold cyan"), f"{number}, by {where}")
        case _:
            target = f" to {one_line(delivery.target)}" if delivery.target else ""
            words = Text(f"✗ not delivered{target} by {where}: {one_line(delivery.why)}")
            if delivery.arrival == "outside":
                words = Text.assemble("→ ", (one_line(delivery.why), "bold cyan"), f", by {where}")
            elif delivery.arrival == "nobody":
                words = Text(f"→ nobody: {one_line(delivery.why)} ({where})", style="dim")
    page.paragraph(words, 15, hanging=2)


def _write_danger(page: Page, danger: Danger, followed: Sequence[str]) -> None:
    if danger.kind in _QUIET and not danger.reached and not danger.detail.get("outside"):
        return
    where = f"  {danger.span.place}" if danger.span else ""
    label = Text.assemble(("dangerous ", "bold red"), danger.name, ", not carried out", (where, "dim"))
    if danger.kind in ("message", "mail", "nosql", "partiql", "deletion", "secret", "group", "template"):
        label = Text.assemble(("dangerous ", "bold red"), danger.name, (where, "dim"))
    page.paragraph(label, 5, hanging=10)
    if danger.kind == "shell":
        commands = commands_of(danger)
        page.paragraph(_marked(_cut(str(danger.value)), followed), 15, hanging=0)
        page.paragraph(Text(f"a shell reads {count(len(commands), 'command')}:", style="dim"), 15, hanging=0)
        for number, command in enumerate(commands, 1):
            page.paragraph(_command(number, command, followed), 17, hanging=3)
    else:
        page.paragraph(_marked(_shown(danger.value), followed), 15, hanging=0)
    if danger.live:
        page.paragraph(Text("what was sent arrives here with its power", style="bold red"), 15, hanging=0)
    elif danger.reached:
        page.paragraph(Text("what was sent arrives here as data", style="green"), 15, hanging=0)


def _command(number: int, command: Command, followed: Sequence[str]) -> Text:
    joined = _JOINED.get(command.before, "")
    inside = "in the place of a word" if command.within else ""
    remark = "; ".join(part for part in (joined, inside) if part)
    return Text.assemble(
        f"{number}. ", _marked(words_of(command), followed), (f"  ({remark})" if remark else "", "dim")
    )


def _marked(text: str, followed: Sequence[str]) -> Text:
    """The text with what was sent marked, in the forms in which it travels."""
    found = Text(text)
    for form in dict.fromkeys(form for one in followed for form in forms_of(one)):
        at = text.find(form)
        while at >= 0:
            found.stylize("bold reverse", at, at + len(form))
            at = text.find(form, at + len(form))
    return found


def forms_of(text: str) -> tuple[str, ...]:
    """A string as it is, in JSON, in JSON within JSON, and in the key of an S3 event."""
    once = json.dumps(text, ensure_ascii=False)[1:-1]
    return one_line(text), once, json.dumps(once, ensure_ascii=False)[1:-1], quote_plus(text, safe="/-_.!~*'()")


def received_parts(event: Any, followed: Sequence[str]) -> list[str]:
    """The parts of an event object that hold what was sent, by their path; all of it where none does."""
    forms = [form for text in followed for form in forms_of(text)]
    parts = [
        f"{path} = {_shown(value)}"
        for path, value in leaves(readable(event))
        if isinstance(value, str) and any(form in value for form in forms)
    ]
    return parts or [_shown(event)]


def _shown(value: Any) -> str:
    """A value as JSON on one line, cut where it is long."""
    return _cut(json.dumps(readable(value), ensure_ascii=False, default=str))


def _cut(text: str) -> str:
    shown = one_line(text)
    while cells(shown) > _LONGEST:
        shown = shown[: _LONGEST - 1] + "…"
    return shown


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
