"""FAL205: what a PATCH writes of fields that weren't sent."""

from __future__ import annotations

from typing import Any

import pydantic
import pytest

pytestmark = pytest.mark.skipif(pydantic.VERSION < "2", reason="Pydantic 1 has other methods")

TEXT = """\
from fastapi import FastAPI
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel

app = FastAPI()


class Change(BaseModel):
    title: str | None = None
    note: str | None = None


class Item:
    title = "old"
    note = "kept"


def write(item, data):
    for name, value in data.items():
        setattr(item, name, value)


@app.patch("/")
def update_item(change: Change):
    stored = {{"title": "old", "note": "kept"}}
    item = Item()
    {0}
    return [stored["note"], item.note]
"""
FAULTY = (
    "stored.update(change.model_dump())",
    "stored.update(**change.model_dump())",
    "stored.update(jsonable_encoder(change))",
    "write(item, change.model_dump())",
    "item.title = change.title; item.note = change.note",
)
RIGHT = (
    "stored.update(change.model_dump(exclude_unset=True))",
    "write(item, change.model_dump(exclude_unset=True))",
    "stored.update({name: value for name, value in change.model_dump().items() if value is not None})",
)


@pytest.mark.parametrize("statement", FAULTY)
def test_a_default_overwrites_what_was_stored(statement: str, ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format(statement)
    assert None in ask(run(text), "PATCH /", json={"title": "new"}).body
    assert set(lint("FAL205", text)) == {27}


@pytest.mark.parametrize("statement", RIGHT)
def test_what_is_not_sent_stays(statement: str, ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format(statement)
    assert ask(run(text), "PATCH /", json={"title": "new"}).body == ["kept", "kept"]
    assert lint("FAL205", text) == []
