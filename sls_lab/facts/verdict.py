"""Three-valued answers."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Verdict(Enum):
    """`YES` and `NO` are certain; `MAYBE` says that the source does not decide it."""

    NO = "no"
    MAYBE = "maybe"
    YES = "yes"

    @property
    def possible(self) -> bool:
        """True unless the answer is a certain no."""
        return self is not Verdict.NO

    @staticmethod
    def all(verdicts: Iterable[Verdict]) -> Verdict:
        """`NO` when one is `NO`, else `MAYBE` when one is `MAYBE`, else `YES` (Kleene's and)."""
        answer = Verdict.YES
        for verdict in verdicts:
            if verdict is Verdict.NO:
                return verdict
            if verdict is Verdict.MAYBE:
                answer = verdict
        return answer

    @staticmethod
    def any(verdicts: Iterable[Verdict]) -> Verdict:
        """`YES` when one is `YES`, else `MAYBE` when one is `MAYBE`, else `NO` (Kleene's or)."""
        answer = Verdict.NO
        for verdict in verdicts:
            if verdict is Verdict.YES:
                return verdict
            if verdict is Verdict.MAYBE:
                answer = verdict
        return answer

    def negated(self) -> Verdict:
        """`YES` for `NO` and the other way round; `MAYBE` stays."""
        return {Verdict.NO: Verdict.YES, Verdict.YES: Verdict.NO}.get(self, self)
