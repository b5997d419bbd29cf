"""The kinds of things that a photo album keeps."""

import abc
import collections
import dataclasses
import typing

Item = typing.TypeVar("Item")


class Album:
    class Cover:
        pass


@dataclasses.dataclass(frozen=True)
class Photo(Album.Cover):
    name: str


class Shelf(typing.Generic[Item], collections.abc.Sized, metaclass=abc.ABCMeta):
    def open(self):
        class Drawer(dict):
            pass

        return Drawer()


class Place(collections.namedtuple("Place", 'latitude longitude')):
    pass


MIXINS = (Album, Album.Cover)


class Everything(*MIXINS):
    pass
