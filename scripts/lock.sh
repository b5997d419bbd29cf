#!/bin/sh
# Write the lock files: the newest versions that pyproject.toml allows, for every platform, with hashes. Needs uv.
set -eu
cd "$(dirname "$0")/.."
compile() {
    # No address of an index is written, and none of this machine's own is read.
    uv --no-config pip compile --quiet --universal --generate-hashes --no-annotate --no-header \
        --no-emit-index-url --no-emit-find-links --default-index https://pypi.org/simple "$@"
}
kit() {
    compile --python-version 3.11 --upgrade pyproject.toml --extra lab --extra replay --extra watch --group build "$@"
}
kit --output-file requirements.lock
kit --group test --constraint requirements.lock --output-file requirements-test.lock
kit --group test --group mutants --constraint requirements-test.lock --output-file requirements-mutants.lock
# What runs in the browser is Python 3.14, whichever Python builds it.
compile --python-version 3.14 --upgrade --group lite --constraint requirements.lock --output-file requirements-lite.lock
kit --group hub --constraint requirements.lock --output-file requirements-hub.lock
# What the kit is compared with has requirements of its own, which are not the kit's.
compile --python-version 3.11 --upgrade --group compare --output-file requirements-compare.lock
