"""FAL419: what becomes of tasks that share a session."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("aiosqlite")

TEXT = """
import asyncio

from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

engine = create_async_engine("sqlite+aiosqlite:///file::memory:?cache=shared&uri=true")
async_session = async_sessionmaker(engine)
app = FastAPI()


async def ask(session: AsyncSession, number: int) -> int:
    return await session.scalar(text(f"SELECT {{number}}"))


async def ask_alone(number: int) -> int:
    async with async_session() as session:
        return await ask(session, number)


@app.post("/end")
async def end() -> None:
    await asyncio.sleep(0.05)
    await engine.dispose()


@app.get("/numbers")
async def read_numbers():
    async with async_session() as session:
        found = {0}
    return [str(item) for item in found]
"""


@pytest.mark.parametrize(
    "expression",
    [
        "await asyncio.gather(ask(session, 1), ask(session, 2), return_exceptions=True)",
        "await asyncio.gather(*[ask(session, number) for number in (1, 2)], return_exceptions=True)",
    ],
)
def test_of_tasks_that_share_a_session_one_fails(expression: str, ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format(expression)
    app = run(text)
    answers = ask(app, "GET /numbers").body
    assert any("concurrent operations are not permitted" in item for item in answers)
    ask(app, "POST /end")
    assert lint("FAL419", text) == [30]


@pytest.mark.parametrize(
    "expression",
    [
        "await asyncio.gather(ask_alone(1), ask_alone(2))",
        "[await ask(session, 1), await ask(session, 2)]",
    ],
)
def test_tasks_with_sessions_of_their_own_do_not(expression: str, ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format(expression)
    app = run(text)
    assert ask(app, "GET /numbers").body == ["1", "2"]
    ask(app, "POST /end")
    assert lint("FAL419", text) == []
