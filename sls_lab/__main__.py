"""`python -m sls_lab` is the command `sls-lab`."""

import sys

from sls_lab.cli import main

if __name__ == "__main__":
    sys.exit(main())
