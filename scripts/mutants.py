"""Plant small faults into the rooms that decide what is true, and list those that no quick test notices.

    mutants.py [--minutes N] [ROOM...]

A room is a folder below `sls_lab`, such as `events`; without one, those of `[tool.mutmut]` in pyproject.toml. What was
tried before and has not changed since is not tried again: `mutants/` remembers it (`make clean` forgets it).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "mutants"
MINUTES = 30.0
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
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help="folders below sls_lab (default: all that are set up)")
    arguments = parser.parse_args()
    names = [f"sls_lab.{room.strip('/').replace('/', '.')}.*" for room in arguments.rooms]
    ended = run(names, arguments.minutes)
    outcomes = read_outcomes(WORK)
    if not outcomes or all(outcome == NOT_TRIED for outcome in outcomes.values()):
        print("No fault was tried: the tests fail without any, or mutmut did not start (see above).")
        return 1
    os.chdir(ROOT)  # mutmut looks for its folder where it is started
    print(table(outcomes))
    survivors = sorted(name for name, outcome in outcomes.items() if outcome == SURVIVED)
    told = {name: difference(name) for name in survivors}
    real = [name for name in survivors if not only_words(told[name])]
    for name in real:
        print(f"\n{name}\n" + "\n".join(f"    {line}" for line in told[name]))
    words = len(survivors) - len(real)
    killed = sum(outcome == KILLED for outcome in outcomes.values())
    print(f"\n{len(real)} faults live, printed above; {words} more change nothing but the words of a message.")
    print(f"Killed: {share(killed, killed + len(real))} of those that a test reaches and that change more than words.")
    if not ended:
        print(f"Not all were tried within {arguments.minutes:.0f} minutes: run it again to go on.")
    return 0


def run(names: list[str], minutes: float) -> bool:
    """Have mutmut try all faults, or those that `names` match; whether it came to its end in time."""
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(os.cpu_count() or 2), *names]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
    environment.pop("CI", None)  # where tests that need Pysa or a browser are left out on purpose
    started = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        started.wait(minutes * 60)
        return True
    except subprocess.TimeoutExpired:
        return False
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


def table(outcomes: Mapping[str, str]) -> str:
    """One line for each module, the worst first."""
    modules: dict[str, Counter[str]] = {}
    for name, outcome in outcomes.items():
        modules.setdefault(name.rpartition(".")[0], Counter())[outcome] += 1
    rows = sorted(modules.items(), key=lambda row: (-row[1][SURVIVED], row[0]))
    width = max(map(len, modules))
    lines = [f"{'module':<{width}}  killed  survived  no test  not tried"]
    for module, counted in [*rows, ("all", sum((counted for _, counted in rows), Counter()))]:
        numbers = f"{counted[SURVIVED]:>8}  {counted[NO_TEST]:>7}  {counted[NOT_TRIED]:>9}"
        lines.append(f"{module:<{width}}  {counted[KILLED]:>6}  {numbers}")
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
