"""FAL608: which background tasks run."""

from __future__ import annotations

from typing import Any

import pytest

TEXT = """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()
app.done = []


def add(tasks):
    tasks.add_task(app.done.append, 1)


@app.post("/orders")
def create_order({0}):
    {1}
"""


@pytest.mark.parametrize(
    "made",
    [
        "tasks = BackgroundTasks(); tasks.add_task(app.done.append, 1)",
        "tasks = BackgroundTasks(); add(tasks)",
        "BackgroundTasks().add_task(app.done.append, 1)",
        "add(BackgroundTasks())",
    ],
)
def test_tasks_that_no_response_has_never_run(made: str, ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format("", made)
    app = run(text)
    assert ask(app, "POST /orders").status == 200
    assert app.done == []
    assert lint("FAL608", text) == [14]


@pytest.mark.parametrize(
    ("parameter", "made"),
    [
        ("tasks: BackgroundTasks", "add(tasks)"),
        ("", "tasks = BackgroundTasks(); add(tasks); return JSONResponse([], background=tasks)"),
    ],
)
def test_tasks_of_a_parameter_or_a_response_run(
    parameter: str, made: str, ask: Any, run: Any, lint: Any
) -> None:
    text = TEXT.format(parameter, made)
    app = run(text)
    assert ask(app, "POST /orders").status == 200
    assert app.done == [1]
    assert lint("FAL608", text) == []
