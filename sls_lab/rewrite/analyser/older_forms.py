"""Write what is newer than the Python that Pysa knows in its older form: `except A, B:` as `except (A, B):`."""

from __future__ import annotations

from collections.abc import Iterator

from sls_lab.facts import Reason
from sls_lab.python.later_syntax import later_forms
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit


def older_edits(draft: Draft) -> Iterator[Edit]:
    """The edits of such forms."""
    for start, end, text in later_forms(draft.text):
        reason = Reason("later versions of Python write it so", draft.span(start, end))
        yield draft.edit("older-form", (start, end), text, reason)
