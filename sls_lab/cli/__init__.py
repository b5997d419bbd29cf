"""The command `sls-lab`: the only part of the package that prints."""

from sls_lab.cli.main import main

__all__ = ["main"]
