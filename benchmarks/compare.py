"""Compare sls-lab with what users would pick instead, on applications whose flows are known.

    compare.py [--suite FOLDER] [--readme]

All tools are run once, one after another, on the same applications: the examples, and those of the published suite
where its folder is given. A tool finds a sink when it reports anything on one of its lines, whatever the rule, and
reports a safe place when it reports anything on a line that no outsider's data reaches. Times are processor seconds of
the whole process tree. The tables are printed as text and as Markdown; with `--readme` they go into README.md as well.
"""

from __future__ import annotations

import argparse
import resource
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from others import TOOLS, Report, run_bandit, run_pysa_as_it_comes, run_semgrep, run_sls_lab

from sls_lab.bench.cases import Case, find_cases

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "code-examples" / "apps"
#: The tools, and what they were asked.
COMPARED: Mapping[str, Callable[[Mapping[str, Path]], list[Report]]] = {
    "sls-lab": run_sls_lab,
    "Bandit, default rules": run_bandit,
    "Semgrep, two taint rules of ours, every event a source": run_semgrep,
    "Pysa, its own models, on the rewritten copy": run_pysa_as_it_comes,
}


@dataclass(frozen=True, slots=True)
class Row:
    """What one tool did: processor seconds, sinks found and safe places reported, each of how many."""

    tool: str
    seconds: float
    found: int
    vulnerable: int
    reported: int
    safe: int

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as it is printed."""
        return (
            self.tool,
            f"{self.found} of {self.vulnerable}",
            f"{self.reported} of {self.safe}",
            f"{self.seconds:.1f}",
        )


MARKS = ("<!-- written by make compare -->", "<!-- end -->")
HEAD = ("tool", "vulnerable sinks found", "safe places reported", "processor seconds")


def compared(cases: Sequence[Case]) -> list[Row]:
    """Each tool's row for some applications."""
    applications = {case.name: case.path for case in cases}
    rows = []
    for tool, run in COMPARED.items():
        started = _processor_time()
        reports = run(applications)
        rows.append(row(tool, _processor_time() - started, cases, reports))
    return rows


def row(tool: str, seconds: float, cases: Iterable[Case], reports: Iterable[Report]) -> Row:
    """Count what a tool's reports cover. A line that is a sink of two flows counts once."""
    found = list(reports)
    vulnerable = {(case.name, one.file, one.line) for case in cases for one in case.expectation.flows}
    safe = {(case.name, one.file, one.line) for case in cases for one in case.expectation.absent} - vulnerable
    return Row(tool, seconds, _covered(vulnerable, found), len(vulnerable), _covered(safe, found), len(safe))


def _covered(places: Iterable[tuple[str, str, int]], reports: Sequence[Report]) -> int:
    return sum(
        any(one.application == name and one.file == file and one.line <= line <= one.end_line for one in reports)
        for name, file, line in places
    )


def as_text(rows: Sequence[Row]) -> str:
    """The table for a terminal."""
    table = [HEAD, *(one.cells for one in rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "".join(f"{'  '.join(map(str.ljust, line, widths)).rstrip()}\n" for line in table)


def as_markdown(rows: Sequence[Row], heading: str) -> str:
    """The table as Markdown, with a heading over the names of the tools."""
    lines = [(heading, *HEAD[1:]), ("---",) * len(HEAD), *(one.cells for one in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _processor_time() -> float:
    used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def with_tables(readme: str, tables: str) -> str:
    """A page with the tables between its two marks. Raises ValueError where it has no marks."""
    before, mark, rest = readme.partition(MARKS[0])
    _, end, after = rest.partition(MARKS[1])
    if not mark or not end:
        raise ValueError(f"no {' … '.join(MARKS)} to write between")
    return f"{before}{mark}\n{tables}{end}{after}"


def main() -> int:
    """Print a table for each collection."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--suite", type=Path, help="a clone of the published suite")
    parser.add_argument("--readme", action="store_true", help="write the tables into README.md as well")
    arguments = parser.parse_args()
    if not (TOOLS / "bin" / "semgrep").exists():
        print("Bandit and Semgrep are not installed: run `make compare`, which does that first", file=sys.stderr)
        return 2
    tables = []
    for title, folder in (("the examples", EXAMPLES), ("the public suite", arguments.suite)):
        if folder is not None:
            cases, unusable = find_cases(folder)
            for sentence in unusable:
                print(sentence, file=sys.stderr)
            rows = compared(cases)
            heading = f"{len(cases)} applications, {title}"
            print(f"{heading}\n\n{as_text(rows)}\n{as_markdown(rows, heading)}", flush=True)
            tables.append(as_markdown(rows, heading))
    if arguments.readme:
        readme = ROOT / "README.md"
        readme.write_text(with_tables(readme.read_text(encoding="utf-8"), "\n".join(tables)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
