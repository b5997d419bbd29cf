"""Reports as local files."""

import os
import tempfile


def write_report(text):
    """Write `text` to a new file and return its path."""
    path = os.path.join(tempfile.mkdtemp(), "report.txt")
    with open(path, "w") as report:
        report.write(text)
    return path


def append_note(path, note):
    """Add `note` to the end of the file at `path`."""
    report = open(path, "a")
    report.write(note + "\n")
    report.close()
