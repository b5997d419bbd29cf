"""The child's first file: `python -I start.py FOLDER IN OUT LIFE`, with three open file descriptors.

IN and OUT carry messages (`sls_lab.replay.exchange`), one a line. LIFE is read only to notice that the kit has ended.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    """Set the limits, patch what is dangerous, and serve until the kit closes the connection."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
    from sls_lab.replay.child.serving import serve

    folder, *descriptors = sys.argv[1:]
    serve(folder, *map(int, descriptors))


if __name__ == "__main__":
    main()
