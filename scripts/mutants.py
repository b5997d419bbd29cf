"""Plant small faults into the rooms that decide what is true, and list those that no quick test notices.

    mutants.py [--minutes N] [--sample N] [--seed N] [ROOM...]

A room is a folder below `sls_lab`, such as `events`; without one, those of `[tool.mutmut]` in pyproject.toml. There are
some fifteen thousand faults: of each room a sample is tried, another one with another seed. What was killed before and
has not changed since is not tried again: `mutants/` remembers it (`make clean` forgets it).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "mutants"
MINUTES = 30.0
SAMPLE = 200
SEED = 1
_PATIENCE = 20.0  #: seconds for mutmut to end
KILLED, SURVIVED, NO_TEST, NOT_TRIED = "killed", "survived", "no test", "not tried"
#: What mutmut writes down of a fault: pytest's exit code, or a number of its own.
MEANING = {None: NOT_TRIED, 0: SURVIVED, 5: NO_TEST, 33: NO_TEST}
# A string with a blank in it is a message, as good as any other for a test that does not compare words.
MESSAGE = re.compile(r"""f?"[^"]*\s[^"]*"|f?'[^']*\s[^']*'""")


def main() -> int:
    """Run mutmut for at most so many minutes, and say what came of it."""
    parser = argparse.ArgumentParser(description="Plant faults, and list those that no quick test notices.")
    parser.add_argument("--minutes", type=float, default=MINUTES, help=f"at most so long (default: {MINUTES:.0f})")
    parser.add_argument("--sample", type=int, default=SAMPLE, help=f"faults of each room (default: {SAMPLE})")
    parser.add_argument("--seed", type=int, default=SEED, help=f"chooses which (default: {SEED})")
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help="folders below sls_lab (default: all that are set up)")
    arguments = parser.parse_args()
    rooms = [room.strip("/") for room in arguments.rooms] or all_rooms()
    forget_data(WORK)
    status = run(rooms, arguments.minutes, arguments.sample, arguments.seed)
    known = read_outcomes(WORK)
    chosen = sample(known, rooms, arguments.sample, arguments.seed)
    outcomes = {name: outcome for name, outcome in known.items() if name in chosen}
    if status or all(outcome == NOT_TRIED for outcome in outcomes.values()):
        print("No fault was tried: the tests fail without any, or mutmut did not start (see above).")
        return 1
    os.chdir(ROOT)  # mutmut looks for its folder where it is started
    tell(outcomes, rooms)
    print(f"\nTried: {arguments.sample} faults of each room or all that it has, by the seed {arguments.seed}.")
    if status is None:
        print(f"Not all were tried within {arguments.minutes:.0f} minutes: run it again to go on.")
    return 0


def tell(outcomes: Mapping[str, str], rooms: Sequence[str]) -> None:
    """Print what became of the faults by modules, those that live, and what became of them by rooms."""
    survivors = sorted(name for name, outcome in outcomes.items() if outcome == SURVIVED)
    told = {name: difference(name) for name in survivors}
    words = {name for name in survivors if only_words(told[name])}
    counted = {name: outcome for name, outcome in outcomes.items() if name not in words}
    print(table(counted, module_of))
    for name in survivors:
        if name not in words:
            print(f"\n{name}\n" + "\n".join(f"    {line}" for line in told[name]))
    living = len(survivors) - len(words)
    print(
        f"\n{living} faults live, printed above. {len(words)} more change only words of a message, and do not count.\n"
    )
    print(table(counted, partial(room_of, rooms)))


def sample(names: Collection[str], rooms: Sequence[str], size: int, seed: int) -> frozenset[str]:
    """Up to `size` of the faults of each room, the same ones for the same seed."""
    chosen: set[str] = set()
    for room in rooms:
        inside = sorted(name for name in names if name.startswith(f"sls_lab.{room.replace('/', '.')}."))
        chosen |= set(random.Random(seed).sample(inside, min(size, len(inside))))
    return frozenset(chosen)


def all_rooms() -> list[str]:
    """The rooms that are set up in pyproject.toml."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    return [pattern.removeprefix("sls_lab/").removesuffix("/*") for pattern in settings["only_mutate"]]


def forget_data(work: Path) -> None:
    """Remove what is no code from the copy of the package, since mutmut copies only what is not there, and the tests.

    Those that were renamed or deleted would be run otherwise.
    """
    shutil.rmtree(work / "tests", ignore_errors=True)
    for file in (work / "sls_lab").rglob("*"):
        if file.is_file() and file.suffix not in (".py", ".meta"):
            file.unlink()


def run(rooms: Sequence[str], minutes: float, size: int, seed: int) -> int | None:
    """Have mutmut try a sample of the faults of each room; its exit status, None where the time was over before."""
    numbers = [str(os.cpu_count() or 2), str(size), str(seed)]
    command = [sys.executable, str(ROOT / "scripts" / "mutmut_sample.py"), *numbers, *rooms]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
    environment.pop("CI", None)  # where tests that need Pysa or a browser are left out on purpose
    started = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        return started.wait(minutes * 60)
    except subprocess.TimeoutExpired:
        return None
    finally:
        # First politely: what it is writing down is then whole.
        for number in (signal.SIGINT, signal.SIGKILL):
            if started.poll() is None:
                os.killpg(started.pid, number)
                with suppress(subprocess.TimeoutExpired):
                    started.wait(_PATIENCE)
        print()


def read_outcomes(work: Path) -> dict[str, str]:
    """What became of each fault, by its name."""
    outcomes: dict[str, str] = {}
    for file in sorted(work.rglob("*.py.meta")):
        try:
            codes: Mapping[str, int | None] = json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]
        except (ValueError, KeyError):  # not whole, since mutmut was killed as it wrote
            continue
        outcomes |= {name: MEANING.get(code, KILLED) for name, code in codes.items()}
    return outcomes


def module_of(name: str) -> str:
    """The module of a fault."""
    return name.rpartition(".")[0]


def room_of(rooms: Sequence[str], name: str) -> str:
    """The room of a fault."""
    return next(room for room in rooms if name.startswith(f"sls_lab.{room.replace('/', '.')}."))


def table(outcomes: Mapping[str, str], by: Callable[[str], str]) -> str:
    """One line for each of what `by` gives, the worst first: how many, and the share that is killed.

    Faults that no test reaches count as living, those that were not tried do not count.
    """
    groups: dict[str, Counter[str]] = {}
    for name, outcome in outcomes.items():
        groups.setdefault(by(name), Counter())[outcome] += 1
    rows = sorted(groups.items(), key=lambda row: (-row[1][SURVIVED] - row[1][NO_TEST], row[0]))
    width = max(map(len, groups))
    lines = [f"{'':<{width}}  killed  survived  no test  not tried  share"]
    for group, counted in [*rows, ("all", sum((counted for _, counted in rows), Counter()))]:
        numbers = f"{counted[SURVIVED]:>8}  {counted[NO_TEST]:>7}  {counted[NOT_TRIED]:>9}"
        killed = counted[KILLED]
        whole = killed + counted[SURVIVED] + counted[NO_TEST]
        lines.append(f"{group:<{width}}  {killed:>6}  {numbers}  {share(killed, whole):>6}")
    return "\n".join(lines)


def difference(name: str) -> list[str]:
    """The lines that a fault takes away and adds."""
    from mutmut.__main__ import get_diff_for_mutant

    module = ROOT / name.rpartition(".")[0].replace(".", "/")
    path = module / "__init__.py" if module.is_dir() else module.with_suffix(".py")
    lines = get_diff_for_mutant(name, path=path.relative_to(ROOT)).splitlines()
    return [line for line in lines if line[:1] in "+-" and not line.startswith(("+++", "---"))]


def only_words(lines: Iterable[str]) -> bool:
    """Whether a fault changes nothing but the words of messages."""
    sides = {sign: [MESSAGE.sub('""', line[1:]) for line in lines if line[0] == sign] for sign in "+-"}
    return sides["+"] == sides["-"]


def share(part: int, whole: int) -> str:
    """A part in per cent."""
    return f"{100 * part / whole:.1f} %" if whole else "–"


if __name__ == "__main__":
    sys.exit(main())
