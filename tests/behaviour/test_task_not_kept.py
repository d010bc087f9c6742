"""FAL607: what becomes of a task that nothing refers to."""

from __future__ import annotations

import gc
from typing import Any

import pytest

CODE = """\
import asyncio

from fastapi import FastAPI

app = FastAPI()
app.kept = set()


async def wait():
    await asyncio.get_running_loop().create_future()  # which nobody sets


@app.get("/a")
async def a() -> None:
    {start}
    await asyncio.sleep(0)


@app.get("/stop")
async def stop() -> None:
    for task in app.kept:
        task.cancel()
    await asyncio.gather(*app.kept, return_exceptions=True)
"""


@pytest.mark.parametrize(
    ("start", "vanishes"),
    [("asyncio.create_task(wait())", True), ("app.kept.add(asyncio.create_task(wait()))", False)],
)
def test_a_task_that_nothing_keeps_vanishes(
    start: str, ask: Any, run: Any, lint: Any, caplog: Any, *, vanishes: bool
) -> None:
    text = CODE.format(start=start)
    app = run(text)
    ask(app, "GET /a")
    gc.collect()
    assert ("Task was destroyed but it is pending" in caplog.text) is vanishes
    assert lint("FAL607", text) == ([15] if vanishes else [])
    ask(app, "GET /stop")
