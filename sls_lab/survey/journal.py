"""The file of a survey: one JSON object a line, only ever added to, and valid whenever a program is killed."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from sls_lab.facts import SlsLabError
from sls_lab.taint.run.file_lock import NoFileLocks, lock_file

SCHEMA: Final = "sls-lab/survey/1"

JournalRecord = Mapping[str, Any]


class JournalInUse(SlsLabError):
    """Another survey writes to the same file, or the file is something else."""


class SurveyUnavailable(SlsLabError):
    """The system under this Python cannot keep two surveys from writing to one file."""


class Journal:
    """The records of one survey, each application's once. To be used in a `with` statement, by one process at a time.

    What a killed process left half-written at the end is cut off.
    """

    def __init__(self, file: Path) -> None:
        """Nothing is read before the `with` statement."""
        self._file = file
        self._descriptor = -1
        self.records: dict[str, JournalRecord] = {}

    def __enter__(self) -> Journal:
        """Read what is there. Raises JournalInUse, SurveyUnavailable and OSError."""
        self._descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            free = lock_file(self._descriptor)
        except NoFileLocks as error:
            os.close(self._descriptor)
            raise SurveyUnavailable(f"there is no survey here: {error} (Linux, macOS and WSL 2 have them)") from error
        except OSError:
            os.close(self._descriptor)
            raise
        if not free:
            os.close(self._descriptor)
            raise JournalInUse(f"{self._file} is being written by another survey")
        self._read()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)

    def add(self, record: JournalRecord) -> None:
        """Write the record of one application; one that has a record keeps it."""
        name = record["app"]
        if name in self.records:
            return
        line = json.dumps(record, ensure_ascii=True, sort_keys=True) + "\n"
        # One write of one line at the end of the file: it is there as a whole, or cut off by the next reader.
        os.write(self._descriptor, line.encode())
        os.fsync(self._descriptor)
        self.records[name] = record

    def _read(self) -> None:
        data = self._file.read_bytes()
        whole = data.rfind(b"\n") + 1
        for number, line in enumerate(data[:whole].splitlines(), 1):
            try:
                record = json.loads(line)
                self.records.setdefault(record["app"], record)
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                os.close(self._descriptor)
                raise JournalInUse(f"{self._file}, line {number}, is not a survey's: choose another file") from error
        if whole < len(data):
            os.ftruncate(self._descriptor, whole)
