"""The baseline: a file of findings that are accepted as they are today.

A finding is recognised by its code, its file and the source at its place, a flow also by the two handlers; lines do
not count. Only a hash of the source is written, since the source of some findings is a secret.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from sls_lab.advice import Advice
from sls_lab.facts import SlsLabError, identity
from sls_lab.taint.kept.stored_file import NotAsStored, read_stored
from sls_lab.taint.model import Flow

SCHEMA: Final = "sls-lab/baseline/1"


class UnusableBaseline(SlsLabError):
    """The file given as baseline is missing, or is not one."""


@dataclass(frozen=True, slots=True, order=True)
class AcceptedFinding:
    """What recognises one finding of one application; `handlers` are a flow's, of its source and of its sink."""

    app: str
    code: str
    file: str
    handlers: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """How often each finding is accepted. Without entries nothing is."""

    accepted: Mapping[AcceptedFinding, int] = field(default_factory=dict)


def entries_of(app: str, findings: Iterable[Flow | Advice], texts: Mapping[str, str]) -> list[AcceptedFinding]:
    """The entry of each finding of the application called `app`, in their order."""
    return [_entry(app, finding, texts) for finding in findings]


def _entry(app: str, finding: Flow | Advice, texts: Mapping[str, str]) -> AcceptedFinding:
    handlers: tuple[str, ...] = ()
    if isinstance(finding, Flow):
        handlers = (finding.source.handler, finding.sink.handler)
        code, span, source = finding.rule.category, finding.sink.span, " ".join(finding.sink.text.split())
    else:
        code, span = finding.code, finding.span
        # Of a whole function in a template the first line is its name; what comes after it may change.
        end = span.end_column if span.end_line == span.line else len(texts.get(span.file, ""))
        source = identity(code, replace(span, end_line=span.line, end_column=end), texts)[2]
    hashed = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return AcceptedFinding(app, code, span.file, handlers, hashed)


def baseline_json(entries: Iterable[AcceptedFinding]) -> str:
    """The content of the file of a baseline that accepts these findings."""
    findings = []
    for entry, count in sorted(Counter(entries).items()):
        one: dict[str, Any] = {"app": entry.app, "code": entry.code, "file": entry.file}
        if entry.handlers:
            one["handlers"] = list(entry.handlers)
        findings.append({**one, "source": entry.source, "count": count})
    return json.dumps({"schema": SCHEMA, "findings": findings}, ensure_ascii=False, indent=2) + "\n"


def read_baseline(file: Path) -> Baseline:
    """The baseline in a file. Raises UnusableBaseline."""
    try:
        data = json.loads(read_stored(file).decode("utf-8"))
        if data["schema"] != SCHEMA:
            raise ValueError(data["schema"])
        accepted: Counter[AcceptedFinding] = Counter()
        for one in data["findings"]:
            app, code, name, source = (str(one[key]) for key in ("app", "code", "file", "source"))
            handlers = tuple(str(handler) for handler in one.get("handlers", ()))
            accepted[AcceptedFinding(app, code, name, handlers, source)] += int(one["count"])
    except NotAsStored as error:
        raise UnusableBaseline(f"the baseline {file} {error}") from error
    except OSError as error:
        raise UnusableBaseline(f"the baseline {file} cannot be read: {error.strerror or error}") from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise UnusableBaseline(
            f"{file} is not a baseline of this version: write it again with --write-baseline"
        ) from error
    return Baseline(dict(accepted))
