"""What rewritten handlers call for content that travels beside a name. Pysa reads this file; nothing runs it.

A path or an object's key is one thing, what is stored under it another. `store` and `stored` give a name the taint
of a content, changed by the transform `Stored`; reading by that name changes it back by `Loaded`. The name itself
stays as harmless as it was.
"""

from typing import Any, TypeVar

T = TypeVar("T")


def store(name: Any, content: Any) -> Any:
    """Put `content` where `name` says; whoever reads by `name` from now on gets it."""
    _fill(name, _changed(content))


def stored(name: T, content: Any) -> T:
    """`name`, by which a handler that is woken later reads `content`."""
    return name


def either(value: T, other: Any) -> T:
    """`value`, or what was left in its place."""
    return value if value is not None else other


def found(value: Any, left: T) -> T:
    """`value`, whose type no stub gives, or what was left in a store."""
    return value if value is not None else left


def passed(value: T, *others: Any) -> T:
    """`value`, beside which others are left somewhere."""
    return value


def uploaded() -> Any:
    """What is uploaded by a signature that was made here and given to an outsider."""


def loaded(name: Any) -> Any:
    """What is stored under `name`."""


def _fill(name: Any, content: Any) -> Any:
    """Its model hands the taint of `content` on to the variable `name`."""


def _changed(content: Any) -> Any:
    """Its model changes the taint of `content` by `Stored`."""
