"""Judge photographs."""

import typing
from collections.abc import Callable
from typing import Annotated, Literal, Optional

limit: int = 10
weights: typing.List[float] = [0.5, 0.5]


def score(photo: "Photo", weights: list[float]) -> float:
    return len(photo.tags) * weights[0]


def best(photos: list["Photo"], /, count: int | None = None, *, order: Literal["up", "down"] = "up") -> Optional["Photo"]:
    return photos[0] if photos else None


async def judge(photo: 'Optional[Photo]', *marks: float, rule: Callable[[int, str], bool], **notes: dict[str, str]) -> None:
    total: Annotated[float, "between 0 and 1"]


class Photo:
    tags: set[str]

    def __init__(self, name: str, tags=()) -> None:
        self.name: str = name
        self.tags = set(tags)
