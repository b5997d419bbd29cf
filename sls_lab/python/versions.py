"""Which Python a line is written for that the running one cannot parse."""

from __future__ import annotations

import re
from typing import Final

Version = tuple[int, int]
#: What Python 2 wrote and Python 3 refuses.
_PYTHON_2: Final = re.compile(
    r"""^\s*print\s+[^(=\s]            # print "text"
      | ^\s*print\s*>>                 # print >> stream
      | ^\s*exec\s+[^(=\s]             # exec "code"
      | ^\s*except\s+[\w.]+\s*,\s*[a-z_]\w*\s*:  # except Error, error:
      | ^\s*raise\s+[\w.]+\s*,         # raise Error, "text"
      | \bur["']                       # ur"text"
      | <>                             # a <> b
      | `[^`]*`                        # `x`
      | \b0[0-7]+\b(?![.\w])           # 0777
      | \b\d+[lL]\b                    # 10L
      | ^\s*def\s+\w+\s*\(.*\(\w+\s*,  # def f(a, (b, c)):
    """,
    re.VERBOSE,
)
#: What later versions brought, with the version and the address of its description.
_NEWER: Final[tuple[tuple[Version, re.Pattern[str]], ...]] = (
    # https://peps.python.org/pep-0695/: `type X = …`, `def f[T](…)`, `class C[T]: …`
    ((3, 12), re.compile(r"^\s*(?:type\s+\w+\s*(?:\[.*\]\s*)?=|(?:(?:async\s+)?def|class)\s+\w+\s*\[)")),
    # https://peps.python.org/pep-0701/: the quotes of an f-string again within its braces
    ((3, 12), re.compile(r"""\b(?:[fF][rR]?|[rR][fF])(["'])(?:(?!\1).)*?\{(?:(?!\1)[^}])*\1(?:(?!\1).)*\1.*?\}.*\1""")),
    # https://peps.python.org/pep-0758/: `except A, B:`
    ((3, 14), re.compile(r"^\s*except\*?\s+[\w.]*[A-Z]\w*(?:\s*,\s*[\w.]*[A-Z]\w*)+\s*:")),
    # https://peps.python.org/pep-0750/: `t"…"`
    ((3, 14), re.compile(r"""(?<![\w"'])(?:[tT][rR]?|[rR][tT])["']""")),
    # https://peps.python.org/pep-0810/: `lazy import …`
    ((3, 15), re.compile(r"^\s*lazy\s+(?:import|from)\s+\w")),
)
#: Characters of a line that are looked at: nobody writes longer ones, and the forms take the square of their length.
_LOOKED_AT: Final = 500


def is_python_2(line: str) -> bool:
    """Whether a line that does not parse is Python 2."""
    return _PYTHON_2.search(line[:_LOOKED_AT]) is not None


def newer_version(line: str, running: Version) -> Version | None:
    """The version of Python, later than the `running` one, that a line which does not parse is written for."""
    begins = line[:_LOOKED_AT]
    return next((version for version, form in _NEWER if version > running and form.search(begins)), None)
