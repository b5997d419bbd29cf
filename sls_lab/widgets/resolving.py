"""How a `${…}` or an intrinsic function turns into its value, one string after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sls_lab.facts import Offsets, Reason, Span
from sls_lab.template.model import Resolution, Template

SentencePart = str | Resolution


def stages(template: Template, resolution: Resolution) -> tuple[str, ...]:
    """The string at the place as written, then after each reason of `because`; the last string is the value.

    Each reason replaces what it explains by the string that is written where it points. Where the strings do not lead
    to the value (because it is not made by putting strings together), the result is empty.
    """
    if resolution.value is None:
        return ()
    pieces: list[SentencePart] = [resolution]
    texts = [resolution.written]
    for reason in resolution.because:
        pieces = list(_after(template, pieces, reason))
        texts.append("".join(piece if isinstance(piece, str) else piece.written for piece in pieces))
    if any(not isinstance(piece, str) for piece in pieces) or texts[-1] != str(resolution.value):
        return ()
    return tuple(texts)


def _after(template: Template, pieces: Sequence[SentencePart], reason: Reason) -> Iterator[SentencePart]:
    """The pieces once the first that `reason` settles is replaced by what it stands for."""
    settled = next((piece for piece in pieces if not isinstance(piece, str) and _settling(piece) is reason), None)
    if settled is None:
        # A chain inside another may hold reasons that are equal to its own, not the same.
        settled = next((piece for piece in pieces if not isinstance(piece, str) and _settling(piece) == reason), None)
    done = False
    for piece in pieces:
        if isinstance(piece, str) or piece is not settled or done:
            yield piece
        elif reason.span is None or piece.span.contains(reason.span):
            done = True
            yield str(piece.value)
        else:
            done = True
            yield from _cut(template, reason.span)


def _settling(resolution: Resolution) -> Reason | None:
    """The reason that says what a resolution stands for; those of what it refers to come after it."""
    here = [reason for reason in resolution.because if reason.span == resolution.span]
    said = [reason for reason in resolution.because if reason.kind == "value"]
    of_it = next((reason for reason in said if reason.span == resolution.span), said[0] if said else None)
    return of_it if of_it is not None else here[-1] if here else None


def _cut(template: Template, span: Span) -> Iterator[SentencePart]:
    """The text at `span`, with the outermost resolutions in it."""
    text = template.texts.get(span.file, "")
    offsets = Offsets(text)
    at, end = offsets.offset(span.line, span.column), offsets.offset(span.end_line, span.end_column)
    if end - at >= 2 and text[at] == text[end - 1] and text[at] in "\"'":
        at, end = at + 1, end - 1
    inside = [each for each in template.resolutions if span.contains(each.span) and each.value is not None]
    for each in sorted(
        inside, key=lambda one: (one.span.line, one.span.column, -one.span.end_line, -one.span.end_column)
    ):
        start = offsets.offset(each.span.line, each.span.column)
        if start < at:
            continue
        yield text[at:start]
        yield each
        at = offsets.offset(each.span.end_line, each.span.end_column)
    yield text[at:end]
