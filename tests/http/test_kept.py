"""Bodies that are kept until the stamp changes: who asks at the same moment, and under which stamp."""

from __future__ import annotations

import asyncio
from functools import partial
from threading import Event
from typing import Any

from kpicore_http.kept import KeptBodies
from tests.patience import PATIENCE_SECONDS


def test_no_request_gets_a_body_that_was_begun_under_another_stamp():
    goes_on, begun = Event(), list[str]()

    def body(stamp: str) -> bytes:
        begun.append(stamp)
        goes_on.wait(PATIENCE_SECONDS)
        return stamp.encode()

    async def ask() -> list[bytes]:
        kept = KeptBodies(PATIENCE_SECONDS)
        asking = [asyncio.create_task(kept.get("page", stamp, partial(body, stamp))) for stamp in "1122133"]
        while not begun:
            await asyncio.sleep(0)
        assert begun == ["1"]  # the others wait: a page that never ends has one thread
        goes_on.set()
        return [got.content for got in await asyncio.gather(*asking)]

    assert asyncio.run(ask()) == [b"1", b"1", b"2", b"2", b"1", b"3", b"3"]
    assert sorted(begun) == ["1", "2", "3"]


def test_a_body_that_fails_fails_those_of_its_stamp_alone():
    goes_on = Event()

    def broken() -> bytes:
        goes_on.wait(PATIENCE_SECONDS)
        raise ValueError("no page")

    async def ask() -> tuple[Any, ...]:
        kept = KeptBodies(PATIENCE_SECONDS)
        asking = asyncio.gather(
            kept.get("page", "1", broken), kept.get("page", "2", lambda: b"2"), return_exceptions=True
        )
        await asyncio.sleep(0)
        goes_on.set()
        return tuple(await asking)

    failure, got = asyncio.run(ask())
    assert isinstance(failure, ValueError)
    assert got.content == b"2"
