"""Survey many applications: how long it takes, and whether each has one record whatever happens on the way.

    large_survey.py [--applications N] [--kills N] [--seed N] [--keep FOLDER]

The applications are copies of the examples, each with a comment of its own so that no cache knows it, with broken,
empty and enormous ones among them. They are surveyed to the end, with `kill -9` at random moments and a new start after
each, and on a Dask cluster of two workers, one of which is killed. Exit status 1 where the three do not say the same.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from shapes import write_long_helper, write_one_file, write_uncertain

from sls_lab.survey import Journal, collect, survey

APPS = Path(__file__).resolve().parent.parent / "code-examples" / "apps"
_IN_TEN = {"broken": 1, "empty": 1}  #: of ten applications so many; the others are copies


def write_collection(root: Path, number: int, seed: int) -> None:
    """So many applications in folders of their own, the same ones for the same seed."""
    chance = random.Random(seed)
    examples = sorted(path for path in APPS.iterdir() if (path / "expected.yml").is_file())
    enormous = {
        "enormous-file": lambda folder: write_one_file(folder, 5000),
        "enormous-uncertain": lambda folder: write_uncertain(folder, 300),
        "enormous-helper": lambda folder: write_long_helper(folder, 50, 200),
        "enormous-template": _write_template,
    }
    for name, write in enormous.items():
        write(root / name)
    for index in range(number - len(enormous)):
        example, kind = examples[index % len(examples)], index % 10
        folder = root / f"{index:03}-{example.name}"
        if kind < _IN_TEN["empty"]:
            folder.mkdir()
            continue
        shutil.copytree(example, folder, ignore=shutil.ignore_patterns("recorded.json"))
        for file in folder.rglob("*.py"):
            file.write_bytes(file.read_bytes() + f"# copy {index}\n".encode())
        if kind < _IN_TEN["empty"] + _IN_TEN["broken"]:
            _break(folder, chance)


def _write_template(folder: Path) -> None:
    buckets = "".join(
        f"  B{n}: {{Type: 'AWS::S3::Bucket', Properties: {{BucketName: b-{n}}}}}\n" for n in range(70_000)
    )
    folder.mkdir()
    (folder / "template.yaml").write_text(f"AWSTemplateFormatVersion: '2010-09-09'\nResources:\n{buckets}", "utf-8")


def _break(folder: Path, chance: random.Random) -> None:
    """Cut one of an application's files off, and put bytes that belong nowhere at its end."""
    file = chance.choice(sorted(file for file in folder.rglob("*") if file.suffix in (".py", ".yml", ".yaml")))
    data = file.read_bytes()
    file.write_bytes(data[: chance.randrange(len(data))] + bytes(chance.randrange(256) for _ in range(8)))


def whole(root: Path, file: Path) -> Mapping[str, Any]:
    """The records of a survey that nothing interrupts."""
    started, before = time.monotonic(), _processor_time()
    subprocess.run(_command(root, file), check=True)
    print(f"to the end: {time.monotonic() - started:.0f} s, {_processor_time() - before:.0f} of the processor")
    return records(file)


def killed(root: Path, file: Path, kills: int, chance: random.Random, number: int) -> Mapping[str, Any]:
    """The records of one that is killed so many times: up to two seconds after some of the `number` records more."""
    for left in range(kills, 0, -1):
        known = len(records(file))
        enough = known + chance.randint(0, (number - known) // left)
        running = subprocess.Popen(_command(root, file), stderr=subprocess.DEVNULL)
        while running.poll() is None and _lines(file) < enough:
            time.sleep(0.1)
        with suppress(subprocess.TimeoutExpired):
            running.wait(chance.uniform(0, 2))
        running.send_signal(signal.SIGKILL)
        print(f"  ended by {running.wait()} with {len(records(file))} records", flush=True)
    subprocess.run(_command(root, file), check=True)
    return records(file)


def on_cluster(root: Path, file: Path) -> Mapping[str, Any]:
    """The records of one on two workers, the first of which is killed after the first answer."""
    distributed: Any = import_module("distributed")
    lost: list[int] = []
    settings = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with distributed.LocalCluster(**settings) as cluster, Journal(file) as journal:

        def lose(_: str) -> None:
            if not lost:
                lost.append(next(iter(cluster.workers.values())).pid)
                os.kill(lost[0], signal.SIGKILL)

        survey(collect([root]), journal, scheduler=cluster.scheduler_address, progress=lose)
    assert lost
    return records(file)


def _lines(file: Path) -> int:
    return file.read_bytes().count(b"\n") if file.exists() else 0


def records(file: Path) -> Mapping[str, Any]:
    """The records of a file by name. Raises ValueError where an application has two."""
    lines = file.read_bytes().split(b"\n")[:-1] if file.exists() else []
    found = [json.loads(line) for line in lines]
    twice = [name for name, count in Counter(one["app"] for one in found).items() if count > 1]
    if twice:
        raise ValueError(f"{', '.join(twice)} twice in {file}")
    return {one["app"]: one for one in found}


def _command(root: Path, file: Path) -> list[str]:
    tables = ["--csv", str(file.with_suffix(".csv")), "--html", str(file.with_suffix(".html"))]
    return [sys.executable, "-m", "sls_lab", "survey", "--quiet", str(root), "-o", str(file), *tables]


def _processor_time() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    """Print what came of each of the three."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--applications", type=int, default=200)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="where to leave the applications and the reports")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.keep or Path(scratch)
        os.environ["HOME"] = str(folder / "home")  # with a cache that knows nothing
        root = folder / "collection"
        write_collection(root, arguments.applications, arguments.seed)
        first = whole(root, folder / "whole.jsonl")
        print(f"  {len(first)} records: {dict(Counter(one['answer'] for one in first.values()))}", flush=True)
        ways: dict[str, Callable[[Path], Mapping[str, Any]]] = {
            "killed": lambda file: killed(root, file, arguments.kills, random.Random(arguments.seed), len(first)),
            "cluster": lambda file: on_cluster(root, file),
        }
        same = True
        for name, way in ways.items():
            shutil.rmtree(folder / "home", ignore_errors=True)
            found = way(folder / f"{name}.jsonl")
            other = sorted(app for app in first.keys() | found.keys() if first.get(app) != found.get(app))
            print(f"{name}: {len(found)} records, {len(other)} unlike those before {other[:5]}", flush=True)
            same = same and not other
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
