"""The child's first file: `python -I start.py FOLDER IN OUT LIFE`, with three open file descriptors.

IN and OUT carry messages (`sls_lab.replay.exchange`), one a line. LIFE is closed where the child is to end.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    """Set the limits, patch what is dangerous, and serve until the kit closes the connection."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
    from sls_lab.replay.child.supervision import supervise

    folder, (source, target, life) = sys.argv[1], map(int, sys.argv[2:])
    supervise(folder, life, (source, target))
    from sls_lab.replay.child.serving import serve

    serve(folder, source, target)


if __name__ == "__main__":
    main()
