"""What is said of strings that are known in part: never wrong, whatever the unknown parts are, and not too careful."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sls_lab.facts import Hole, HoleKind, Pattern, Verdict

YES, NO, MAYBE = Verdict.YES, Verdict.NO, Verdict.MAYBE
ANY = Hole("body")
STAGE = Hole("stage", HoleKind.FIXED)
ACCOUNT = Hole("account", HoleKind.FIXED)
MADE = Hole("PhotosBucket", HoleKind.GENERATED)
#: What an unknown string may be, and what no written string holds: a name that the deployment makes up.
VALUES = ("", "a", "b", "ab")
MADE_UP = "#1#"

PARTS = st.one_of(st.text("ab*", min_size=1, max_size=2), st.sampled_from([ANY, STAGE, ACCOUNT, MADE]))
PATTERNS = st.lists(PARTS, max_size=4).map(lambda parts: Pattern.of(*parts))
GLOBS = st.lists(st.one_of(PARTS, st.sampled_from(["*", "?"])), max_size=4).map(lambda parts: Pattern.of(*parts))


def strings(patterns: Sequence[Pattern]) -> Iterator[list[str]]:
    """All that several patterns may be together: a fixed part is the same in each of them."""
    fixed = sorted({hole.label for one in patterns for hole in one.holes if hole.kind is HoleKind.FIXED})
    open_ended = sum(hole.kind is HoleKind.ANY for one in patterns for hole in one.holes)
    for chosen in product(VALUES, repeat=len(fixed) + open_ended):
        known = dict(zip(fixed, chosen, strict=False))
        others = iter(chosen[len(fixed) :])
        yield ["".join(_value(part, known, others) for part in one.parts) for one in patterns]


def _value(part: str | Hole, known: dict[str, str], others: Iterator[str]) -> str:
    if isinstance(part, str):
        return part
    match part.kind:
        case HoleKind.FIXED:
            return known[part.label]
        case HoleKind.GENERATED:
            return MADE_UP
    return next(others)


def holds(verdict: Verdict, answers: Iterator[bool]) -> bool:
    """Whether a verdict is true of all that may be."""
    found = set(answers)
    return verdict is MAYBE or found == {verdict is YES}


def fits(text: str, glob: str) -> bool:
    """The language of IAM, in its plainest form."""
    if not glob:
        return not text
    if glob[0] == "*":
        return fits(text, glob[1:]) or (bool(text) and fits(text[1:], glob))
    return bool(text) and glob[0] in ("?", text[0]) and fits(text[1:], glob[1:])


@given(PATTERNS, PATTERNS)
def test_what_is_said_of_two_strings_holds_whatever_they_are(one: Pattern, other: Pattern) -> None:
    pairs = [*strings([one, other])]
    assert holds(one.equals(other), (left == right for left, right in pairs))
    assert holds(one.starts_with(other), (left.startswith(right) for left, right in pairs))
    assert holds(one.ends_with(other), (left.endswith(right) for left, right in pairs))


@given(PATTERNS, GLOBS)
def test_what_is_said_of_a_glob_holds_whatever_the_string_is(one: Pattern, glob: Pattern) -> None:
    assert holds(one.matches_glob(glob), (fits(left, right) for left, right in strings([one, glob])))


@given(PATTERNS, st.text("ab", max_size=3))
def test_what_is_said_of_a_part_holds_whatever_the_string_is(one: Pattern, text: str) -> None:
    assert holds(one.contains(text), (text in left for (left,) in strings([one])))


@pytest.mark.parametrize(
    ("parts", "prefix", "verdict"),
    [
        (["uploads/", ANY], ["uploads/"], YES),
        (["uploads/", ANY], ["up"], YES),
        (["uploads/", ANY], ["uploads/a"], MAYBE),
        (["uploads/", ANY], ["downloads/"], NO),
        (["a"], ["a", ANY], MAYBE),
        (["ab"], ["a", STAGE], MAYBE),
        ([STAGE, "-photos"], [STAGE], YES),
        ([STAGE, "-photos"], [STAGE, "-ph"], YES),
        ([STAGE, "-photos"], [STAGE, "-photos-x"], NO),
        ([STAGE, "-photos"], [STAGE, "-videos"], NO),
        ([STAGE, "-photos"], [ACCOUNT], MAYBE),
        ([STAGE, "-photos"], ["dev-"], MAYBE),
        ([STAGE, "a", STAGE], [STAGE, "b", STAGE], NO),
        ([STAGE, "a", STAGE], [STAGE, "a", STAGE], YES),
        ([ANY], [ANY], MAYBE),
        ([MADE], ["a"], NO),
        ([MADE, "/x"], [MADE], YES),
        ([], ["a"], NO),
        (["a"], [], YES),
    ],
)
def test_a_string_begins_with_another(parts: list[str | Hole], prefix: list[str | Hole], verdict: Verdict) -> None:
    assert Pattern.of(*parts).starts_with(Pattern.of(*prefix)) is verdict


@pytest.mark.parametrize(
    ("parts", "suffix", "verdict"),
    [
        ([ANY, ".txt"], ".txt", YES),
        ([ANY, ".txt"], "t", YES),
        ([ANY, ".txt"], "a.txt", MAYBE),
        ([ANY, ".txt"], ".png", NO),
        ([".txt", ANY], ".txt", MAYBE),
    ],
)
def test_a_string_ends_with_another(parts: list[str | Hole], suffix: str, verdict: Verdict) -> None:
    assert Pattern.of(*parts).ends_with(suffix) is verdict


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ([STAGE, "-in"], [STAGE, "-in"], YES),
        ([STAGE, "-in"], [STAGE, "-out"], NO),
        ([STAGE, "-in-", ACCOUNT], [STAGE, "-out-", ACCOUNT], NO),
        ([STAGE, "-in"], [ACCOUNT, "-in"], MAYBE),
        ([STAGE, "-in"], ["dev-in"], MAYBE),
        ([STAGE, "-in"], ["dev-out"], NO),
        ([MADE], [MADE], YES),
        ([MADE], ["photos"], NO),
        ([MADE], [STAGE], MAYBE),
        ([ANY], [ANY], MAYBE),
        ([ANY], ["photos"], MAYBE),
        (["a", ANY, "c"], ["abc"], MAYBE),
        (["a", ANY, "c"], ["ab"], NO),
        (["a", ANY], [ANY, "b"], MAYBE),
        (["a", ANY, "b"], ["ab"], MAYBE),
        (["a", ANY, "ab"], ["ab"], NO),
        ([], [], YES),
        ([], ["a"], NO),
    ],
)
def test_two_strings_are_the_same(one: list[str | Hole], other: list[str | Hole], verdict: Verdict) -> None:
    left, right = Pattern.of(*one), Pattern.of(*other)
    assert left.equals(right) is right.equals(left) is verdict


@pytest.mark.parametrize(
    ("parts", "glob", "verdict"),
    [
        ([ANY], ["*"], YES),
        ([], ["*"], YES),
        ([STAGE], ["*"], YES),
        ([MADE], ["*"], YES),
        ([MADE], ["photos*"], NO),
        ([MADE], ["*?"], MAYBE),
        ([MADE], ["??*"], MAYBE),
        ([MADE], ["a?*"], NO),
        ([MADE, "/a"], [MADE, "/*"], YES),
        ([MADE, "/a"], [MADE], NO),
        (["a", ANY], ["a*"], YES),
        (["a", ANY], ["**a**"], YES),
        (["a", ANY, "b"], ["a*b"], YES),
        (["a", ANY, "b"], ["*"], YES),
        (["a", ANY, "b"], ["a*c"], NO),
        (["a", ANY, "b"], ["a?b"], MAYBE),
        (["ab", ANY], ["a?*"], YES),
        (["ab", ANY], ["?b*"], YES),
        (["ab", ANY], ["?c*"], NO),
        (["ab", ANY], ["???*"], MAYBE),
        ([STAGE, "x"], [STAGE, "*"], YES),
        ([STAGE, "x"], [STAGE, "?"], YES),
        ([STAGE, "x"], ["?x"], MAYBE),
        ([STAGE, "x"], [ACCOUNT, "*"], MAYBE),
        (["photos"], [ANY], MAYBE),
        (["photos"], ["pho", ANY, "*"], MAYBE),
        (["a*b", ANY], ["a*b*"], YES),
        (["ab", ANY], ["a*b"], MAYBE),
    ],
)
def test_a_glob_covers_what_is_known_in_part(parts: list[str | Hole], glob: list[str | Hole], verdict: Verdict) -> None:
    assert Pattern.of(*parts).matches_glob(Pattern.of(*glob)) is verdict


def test_a_glob_may_leave_case_aside() -> None:
    action = Pattern.of("s3:Put", ANY)
    assert action.matches_glob("S3:put*", ignore_case=True) is YES
    assert action.matches_glob("S3:put*") is NO


def test_no_time_is_spent_on_what_is_longer_than_any_name() -> None:
    """Names of AWS have a hundred or two characters. Without an end, data in a template decides how long this takes."""
    long = Pattern.of(ANY, "ab" * 200, ANY)
    assert long.equals("x") is MAYBE
    assert Pattern.of("x", ANY).equals(long) is MAYBE
    assert Pattern.of(ANY, "ab" * 199, ANY).equals("x") is NO


def test_the_parts_of_a_string_are_merged_and_split() -> None:
    whole = Pattern.of("a/", "b/", "", ANY, "/c")
    assert whole.parts == ("a/b/", ANY, "/c")
    assert [str(piece) for piece in whole.split("/")] == ["a", "b", "{body}", "c"]
    assert whole + "d" == Pattern.of("a/b/", ANY, "/cd")
    assert Pattern.of("a", "b").text == "ab"
    assert Pattern.of().text == ""
    assert whole.text is None
    assert Pattern.any("x").opaque
    assert not Pattern.fixed("x").opaque
    assert not Pattern.of().opaque


def test_a_made_up_name_begins_with_what_is_known() -> None:
    name = Pattern.generated("Photos", Pattern.of("demo-", STAGE, "-"))
    assert str(name) == "{Photos}"
    assert str(name.unfolded) == "demo-{stage}-{Photos}"
    assert name.unfolded.starts_with("demo-") is YES
    assert Pattern.of("x").unfolded == Pattern.of("x")
