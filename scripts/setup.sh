#!/bin/sh
# Set up .venv for `make lab`, `make test`, `make mutants` or `make hub`: find a Python that works, and let setup.py do the rest.
#   setup.sh lab|test|mutants|hub      with PYTHON=… in the environment to choose another Python
set -eu
cd "$(dirname "$0")/.."

# A program that exists may still fail (pyenv's shims do), so each candidate is asked for its version.
supported() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1
}

if [ -n "${PYTHON:-}" ]; then
    supported "$PYTHON" || { echo "PYTHON=$PYTHON is not a working Python 3.11 to 3.14." >&2; exit 1; }
    exec "$PYTHON" scripts/setup.py "$1" --chosen
fi
for candidate in python3.13 python3.12 python3.11 python3.14 python3 python; do
    if supported "$candidate"; then
        exec "$candidate" scripts/setup.py "$1"
    fi
done
echo "Python 3.11 to 3.14 is needed and none was found. On Debian: apt install python3." >&2
echo "An installed one that is not on the PATH: make lab PYTHON=/path/to/python3" >&2
exit 1
