"""Run mutmut on some of the faults of each room, chosen by chance: all of them take many hours.

    mutmut_sample.py CHILDREN SIZE SEED ROOM...

`mutmut run` itself has no sampling. A fault of which the outcome is known is not tried again, but for those that no
test noticed: tests that were written since may.
"""

from __future__ import annotations

import sys
from typing import Any

from mutants import sample
from mutmut import __main__ as mutmut

_NOT_NOTICED = (0, 5, 33)  #: what mutmut writes down of a fault that no test noticed or reaches


def main() -> None:
    """Have mutmut try the sample."""
    children, size, seed = map(int, sys.argv[1:4])
    collect = mutmut.collect_source_file_mutation_data

    def collect_sample(*, mutant_names: Any) -> Any:
        mutants, files = collect(mutant_names=mutant_names)
        chosen = sample([name for _, name, _ in mutants], sys.argv[4:], size, seed)
        for data, name, code in mutants:
            if name in chosen and code in _NOT_NOTICED:
                data.exit_code_by_key[name] = None
        return [(data, name, data.exit_code_by_key[name]) for data, name, _ in mutants if name in chosen], files

    mutmut.collect_source_file_mutation_data = collect_sample
    mutmut._run((), children)


if __name__ == "__main__":
    main()
