"""Try thousands of specimens of the examples, and hold the kit to its laws: run by `make fuzz`.

    python -m tools.fuzz --seed 1 --count 10000 --workers 2
    python -m tools.fuzz --seed 1 --one 4711         show what is wrong with one specimen

Specimen N of a seed is always the same, as long as the examples are. What was done is kept in build/fuzz, so that a run
that was ended goes on where it was. Every so many specimens some are analysed with Pysa, each with a flow of its own
beside it (a canary): that flow must be found, or the report must say that not everything was looked into.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from sls_lab import analyse, load_app
from sls_lab.facts import UnreadableApplication
from sls_lab.report.handlers import complete
from tests.fuzz.laws import Broken, broken_laws
from tests.fuzz.specimens import Specimen, specimen

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "build" / "fuzz"
TOGETHER = 12  #: specimens of one run of Pysa
CANARY = "zz_canary"
_TEMPLATE = """\
service: canary
provider: {name: aws, runtime: python3.12}
functions: {canary: {handler: canary.handler, events: [{httpApi: POST /canary}]}}
"""
_CODE = "import os\n\n\ndef handler(event, context):\n    os.system(event['body'])\n"


def main() -> int:
    """Run all workers, and say which laws were broken."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--live", type=int, default=600, help="a batch for Pysa after so many specimens; 0 for none")
    parser.add_argument("--one", type=int, help="try this specimen alone")
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one is not None:
        made = specimen(given.seed, given.one)
        print(made.name, made.how, *broken_laws(made, twice=True, reports=True), sep="\n")
        return 0
    if given.worker is not None:
        work(given.seed, range(given.worker, given.count, given.workers), given.worker, given.live)
        return 0
    KEPT.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tools.fuzz", *sys.argv[1:]]
    started = [subprocess.Popen([*command, "--worker", str(number)], cwd=ROOT) for number in range(given.workers)]
    failed = [process.wait() for process in started]
    lines = [line for file in sorted(KEPT.glob(f"{given.seed}-*.jsonl")) for line in file.open(encoding="utf-8")]
    for line in lines:
        print(line, end="")
    print(f"{given.count} specimens of seed {given.seed}: {len(lines)} broken laws")
    return 1 if lines or any(failed) else 0


def work(seed: int, numbers: range, worker: int, live: int) -> None:
    """Try the specimens of one worker that it has not tried yet."""
    done, found = KEPT / f"{seed}-{worker}.done", KEPT / f"{seed}-{worker}.jsonl"
    last = int(done.read_text(encoding="utf-8")) if done.exists() else -1
    batch: list[Specimen] = []
    for number in numbers:
        if number <= last:
            continue
        made = specimen(seed, number)
        laws = broken_laws(made, twice=number % 6 == 0, reports=number % 4 == 0)
        for broken in laws:
            tell(found, made, broken)
        if not laws and live:
            batch = [*batch, made][-TOGETHER:]
        if live and (number - numbers.start) % live < numbers.step and len(batch) == TOGETHER:
            for canary, broken in silent_canaries(batch):
                tell(found, canary, broken)
            batch = []
        done.write_text(str(number), encoding="utf-8")


def tell(file: Path, made: Specimen, broken: Broken) -> None:
    """Note a broken law down."""
    line = {"specimen": made.number, "name": made.name, "how": made.how, "law": broken.law, "detail": broken.detail}
    with file.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(line) + "\n")


def silent_canaries(batch: list[Specimen]) -> list[tuple[Specimen, Broken]]:
    """The specimens of one run whose canary was neither found nor said not to have been looked for."""
    with tempfile.TemporaryDirectory(prefix="sls-lab-fuzz-") as scratch:
        apps = []
        for made in batch:
            folder = made.write(Path(scratch) / str(made.number))
            (folder / CANARY).mkdir()
            (folder / CANARY / "serverless.yml").write_text(_TEMPLATE, encoding="utf-8")
            (folder / CANARY / "canary.py").write_text(_CODE, encoding="utf-8")
            app = load_app(folder)
            try:
                _ = app.subject
            except UnreadableApplication:
                continue
            apps.append((made, app))
        analyse([app for _, app in apps], use_cache=False)
        return [
            (made, Broken("the canary is found", app.flows.analysed))
            for made, app in apps
            if complete(app) and not any(flow.sink.span.file.startswith(CANARY) for flow in app.flows.flows)
        ]


if __name__ == "__main__":
    sys.exit(main())
