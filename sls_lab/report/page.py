"""A page of text for a terminal: headings, paragraphs with hanging indents, tables and verbatim lines."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

_NARROWEST = 40


class Page:
    """What is written so far, `columns` cells wide; styles are dropped unless `colour` is wanted.

    Everything is shown literally: markup in it has no effect.
    """

    def __init__(self, columns: int, *, colour: bool = False) -> None:
        self.columns = max(columns, _NARROWEST)
        self._colour = colour
        self._out = StringIO()
        self._console = Console(
            file=self._out,
            width=self.columns,
            force_terminal=colour,
            color_system="standard" if colour else None,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
            # Whether there is colour was decided by the caller; the environment does not decide again.
            _environ={},
        )

    def heading(self, title: str, style: str = "bold") -> None:
        """A line in capitals after an empty one."""
        self.blank()
        self._line(Text(title.upper(), style=style))

    def blank(self) -> None:
        """An empty line."""
        self._out.write("\n")

    def paragraph(self, text: Text, indent: int = 2, *, hanging: int = 2) -> None:
        """Words wrapped to the page, `indent` cells from its edge, `hanging` more from the second line on."""
        for number, line in enumerate(text.wrap(self._console, self.columns - indent - hanging)):
            self.verbatim(line, indent + (hanging if number else 0))

    def verbatim(self, line: Text, indent: int = 2) -> None:
        """One line as it is, never wrapped or cut."""
        line.rstrip()
        self._line(Text(" " * indent) + line)

    def table(self, titles: Sequence[str], rows: Sequence[Sequence[Text]], indent: int = 2) -> None:
        """Columns side by side; cells that do not fit are folded."""
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for title in titles:
            table.add_column(title, overflow="fold")
        for row in rows:
            table.add_row(*row)
        self._console.print(Padding(table, (0, 0, 0, indent)))

    def _line(self, line: Text) -> None:
        # Without colour there is nothing for rich to do, which takes its time for each line.
        if self._colour or "\t" in line.plain:
            self._console.print(line, soft_wrap=True)
        else:
            self._out.write(f"{line.plain}\n")

    def text(self) -> str:
        """All that was written; no line ends with blanks."""
        # Rich fills the lines of a table to their full width.
        return "\n".join(line.rstrip() for line in self._out.getvalue().split("\n"))
