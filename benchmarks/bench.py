"""Measure each step's speed and compare it with its bound.

    bench.py [--quick]

Times are medians of several runs in this process; bounds on a live run are ratios, so that they hold on any machine:
against Pysa's own floor (Pyrefly and Pysa on no application at all, with the same models), against both programs on the
whole of all stubs, and of ten applications against one. Exit status 1 when a bound is missed.
"""

from __future__ import annotations

import argparse
import re
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from shapes import write_long_helper, write_one_file, write_uncertain
from synthetic import write_application
from whole_stubs import make_whole

import sls_lab
from sls_lab.replay import Child, Request, Simulation, available
from sls_lab.taint import trace_taint
from sls_lab.taint.run.pysa import PysaUnavailable, find_programs, run_pysa
from sls_lab.taint.run.temporary import staging_folder
from sls_lab.taint.staging.model_files import write_models
from sls_lab.taint.staging.staged_folder import stage, write_stage

ROOT = Path(__file__).resolve().parent.parent
APPS = ROOT / "code-examples" / "apps"
CHAIN = APPS / "upload-chain"
SIZES = (125, 250, 500, 1000)


@dataclass(frozen=True)
class Measure:
    """One line of the table: a value with its unit, and the bound it must stay under."""

    name: str
    value: float
    unit: str
    bound: float | None
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether the value is under its bound; one without a bound always is."""
        return self.bound is None or self.value < self.bound

    def __str__(self) -> str:
        bound = "" if self.bound is None else f"< {self.bound:g} {self.unit}"
        verdict = "" if self.bound is None else "ok" if self.met else "OVER"
        return f"{self.name:58} {self.value:9.2f} {self.unit:2} {bound:>10}  {verdict:4} {self.note}".rstrip()


def verdict(table: Iterable[Measure]) -> int:
    """Print each line as it comes, then whether all bounds are met; the program's exit status."""
    missed = 0
    for measure in table:
        print(measure, flush=True)
        missed += not measure.met
    print(f"{missed} bound(s) missed" if missed else "all bounds met")
    return int(bool(missed))


def seconds(work: Callable[[], object], runs: int) -> float:
    """The median time of several runs."""
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def four_steps(path: Path) -> sls_lab.App:
    """Steps 1 to 4 on a fresh application."""
    app = sls_lab.load_app(path)
    app.rewriting  # noqa: B018  (the property's value is computed when it is asked for)
    return app


def reading(runs: int) -> list[Measure]:
    """Steps 1 to 4 on the example and on synthetic applications of growing size."""
    four_steps(CHAIN)  # imports and compiled patterns are not the application's
    measures = [
        Measure("steps 1-4, upload-chain (4 functions)", 1000 * seconds(lambda: four_steps(CHAIN), runs), "ms", 100)
    ]
    times = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = Path(folder) / str(size)
            write_application(path, size)
            app = four_steps(path)
            assert len(app.template.functions) == size
            assert len({(call.handler, call.span) for call in app.code.calls}) == 2 * size
            linked = sum(edge.linked for edge in app.events.edges)
            times[size] = seconds(partial(four_steps, path), max(1, min(runs, 3)))
            name = f"steps 1-4, synthetic ({size} functions, {2 * size} calls)"
            measures.append(
                Measure(name, times[size], "s", 10 if size == SIZES[-1] else None, f"{linked} edges linked")
            )
    ratio = (times[SIZES[-1]] / SIZES[-1]) / (times[SIZES[0]] / SIZES[0])
    measures.append(Measure(f"time a function, {SIZES[-1]} functions against {SIZES[0]}", ratio, "x", 2))
    return measures


def processor_time() -> float:
    """Seconds that this process and those it has waited for have had of processors, whatever else the machine does."""
    used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def against_whole_stubs(app: sls_lab.App, runs: int) -> float:
    """An analysis against the two programs alone that read all of every stub: the median of paired processor times."""
    staged = stage(0, app.subject)
    services = {word for file in staged.files.values() for word in re.findall(r"[\w-]+", file.text)}
    ratios = []
    for _ in range(runs):
        started = processor_time()
        trace_taint([app.subject], use_cache=False)
        ended = processor_time()
        with staging_folder() as folder:
            write_stage(folder, [staged])
            write_models(folder, [staged])
            make_whole(folder, services)
            began = processor_time()
            run_pysa(find_programs(), folder)
            ratios.append((ended - started) / (processor_time() - began))
    return statistics.median(ratios)


def large() -> list[Measure]:
    """Steps 1 to 4, in processor seconds, on applications that are large in one respect, and the reading of flows."""
    measures = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_one_file(folder / "one", 5000)
        write_uncertain(folder / "uncertain", 300)
        write_long_helper(folder / "helper", 50, 200)
        for title, shape, bound in (
            ("steps 1-4, 5,000 functions in one file", "one", 15),
            ("steps 1-4, 300 functions with uncertain names", "uncertain", 5),
        ):
            started = time.process_time()
            four_steps(folder / shape)
            measures.append(Measure(title, time.process_time() - started, "s", bound, "processor time"))
        app = four_steps(folder / "helper")
        if can_trace():
            started = time.process_time()
            (report,) = trace_taint([app.subject], use_cache=False)
            spent = time.process_time() - started
            title = "flows of 50 handlers through 200 assignments, read"
            measures.append(Measure(title, spent, "s", 2, f"processor time, {len(report.flows)} flows"))
    return measures


def can_trace() -> bool:
    """Whether Pysa is installed."""
    try:
        find_programs()
    except PysaUnavailable:
        return False
    return True


def floor(app: sls_lab.App) -> None:
    """Pyrefly and Pysa with the models that an application needs, and no application."""
    with staging_folder() as folder:
        write_models(folder, [stage(0, app.subject)])
        (folder / "models" / "sources.pysa").write_text("")
        run_pysa(find_programs(), folder)


def live(paths: Sequence[Path]) -> None:
    """All five steps of several applications in one run of Pysa, no cache."""
    apps = [sls_lab.load_app(path) for path in paths]
    reports = trace_taint([app.subject for app in apps], use_cache=False)
    assert all(report.analysed == "live" for report in reports)


def running(runs: int) -> list[Measure]:
    """Step 5, where Pysa is installed."""
    if not can_trace():
        print("Pysa is not installed: step 5 is not measured.")
        return []
    app = four_steps(CHAIN)
    ten = [path for path in sorted(APPS.iterdir()) if (path / "expected.yml").is_file()]
    ten = (ten * 10)[:10]
    least = seconds(lambda: floor(app), runs)
    one = seconds(lambda: live([CHAIN]), runs)
    many = seconds(lambda: live(ten), runs)
    trace_taint([app.subject])
    cached = seconds(lambda: sls_lab.load_app(CHAIN).flows, runs)
    return [
        Measure("Pysa's floor: its two programs and the models alone", least, "s", None),
        Measure("steps 1-5 live, upload-chain", one, "s", None),
        Measure("  against the floor", one / least, "x", 1.5),
        Measure("  against the two programs on whole stubs, paired", against_whole_stubs(app, runs), "x", 0.6),
        Measure("steps 1-5 live, ten applications in one run", many, "s", None),
        Measure("  against one application", many / one, "x", 3),
        Measure("steps 1-5 from the cache, upload-chain", cached, "s", 0.3),
    ]


def replaying(runs: int) -> list[Measure]:
    """Requests on a simulated AWS, where moto is installed."""
    if not available():
        print("moto is not installed: replays are not measured.")
        return []
    template = sls_lab.load_app(CHAIN).template
    request = Request("submit", {"body": '{"title": "Ave Maria", "audio": ""}'})

    def cold() -> None:
        with Child() as child:
            assert len(Simulation(template, child).replay(request).hops) == 4

    def start() -> None:
        with Child() as child:
            child.load(CHAIN)

    started, whole = seconds(start, runs), seconds(cold, runs)
    with Child() as child:
        simulation = Simulation(template, child)
        simulation.replay(request)
        warm = seconds(lambda: simulation.replay(request), max(runs, 3))
        idle = seconds(lambda: simulation.replay(Request("")), max(runs, 3))
    return [
        Measure("start of the process that runs handlers", started, "s", 3),
        Measure("replay of upload-chain, four hops, cold", whole, "s", 4),
        Measure("  the next request", warm, "s", 0.5),
        Measure("  each of its hops", 1000 * (warm - idle) / 4, "ms", 100),
    ]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="one run of each instead of five")
    runs = 1 if parser.parse_args().quick else 5
    parts: tuple[Callable[[int], Sequence[Measure]], ...] = (reading, lambda _: large(), replaying, running)
    return verdict(measure for part in parts for measure in part(runs))


if __name__ == "__main__":
    sys.exit(main())
