"""How a handler may end other than by returning or raising; not Exceptions, so that handlers seldom catch them."""

from __future__ import annotations


class OutOfTime(BaseException):
    """The time for the request is over."""


class ProcessEnded(BaseException):
    """The handler ended or replaced its process (`os._exit`, `os.exec…`, `os.abort`); `how` is the call."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how
