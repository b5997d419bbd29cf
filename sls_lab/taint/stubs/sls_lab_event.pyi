from collections.abc import Iterator
from typing import Any, Generic, TypeVar

_T = TypeVar("_T")

# What an event is made of: dictionaries, lists, and texts at their ends. A parameter without a type has no methods that
# Pysa knows, and `event.get("body")` would mean an attribute `get`. As a dictionary it has; and since Pyrefly takes
# what a loop gives for a key, an event is among its own keys, so that the records of a list are events again. `Any`
# stands for the texts: behind `if event["method"] == "POST":` Pyrefly would else rule out that `event` is an event.
class Event(dict[Event | Any, Event | Any]):
    def __iter__(self) -> Iterator[Event]: ...
    def __getattr__(self, name: str) -> Any: ...

# What a slice is read of: a list, at every index of which Pysa finds the list itself.
class Whole(Generic[_T]):
    def __getitem__(self, part: slice) -> _T: ...

def whole(value: _T) -> Whole[_T]: ...

# What a generator yields: Pysa finds it at every index of what the generator returns.
def yielded(value: _T) -> _T: ...
