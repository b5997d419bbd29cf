"""Take photographs in and shrink them."""

import asyncio
import functools
import os

handlers = {}


def route(path):
    def register(function):
        handlers[path] = function
        return function

    return register


@route("/photos")
@functools.cache
def take_in(event, context):
    return shrink(event["body"])


async def notify(address):
    await asyncio.sleep(0)


class Album:
    def __init__(self, photos):
        self.photos = sorted(photos, key=lambda photo: photo["taken"])

    async def share(self, address):
        async def send_one(photo):
            await notify(address)

        for photo in self.photos:
            await send_one(photo)


if os.environ.get("FAST"):

    def shrink(photo):
        return photo[::2]

else:

    def shrink(photo):
        return photo
