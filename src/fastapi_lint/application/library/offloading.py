"""What runs a function where it may block, and how the event loop starts more work."""

from __future__ import annotations

from typing import Final

from fastapi_lint.application.library.model import CallModel, ClassModel, Effect, Tables, each

SPAWN, BLOCK = Effect.SPAWN, Effect.BLOCK

_SPAWNS = CallModel((SPAWN,), is_async=True, takes="callable")
_LOOP = CallModel(returns="asyncio.AbstractEventLoop")
_SUBMITS = CallModel((SPAWN,), "concurrent.futures.Future", takes="callable")

# Run the coroutines that they are given side by side.
CONCURRENT: Final = frozenset(
    {
        "asyncio.gather",
        "asyncio.wait",
        "asyncio.as_completed",
        "asyncio.create_task",
        "asyncio.ensure_future",
        "asyncio.AbstractEventLoop.create_task",
        "asyncio.TaskGroup.create_task",
    }
)

CLASSES: Final = {
    "asyncio.AbstractEventLoop": ClassModel(
        methods=each(
            {
                "run_in_executor": CallModel((SPAWN,), takes="callable", argument=1),
                "run_until_complete run_forever": CallModel((BLOCK,)),
                "create_task call_soon call_later call_soon_threadsafe time is_running stop "
                "close": CallModel(),
            }
        )
    ),
    "asyncio.Runner": ClassModel(methods={"run": CallModel((BLOCK,))}),
    "concurrent.futures.Executor": ClassModel(
        methods=each(
            {"submit": _SUBMITS, "map": _SUBMITS._replace(returns="rows"), "shutdown": CallModel((BLOCK,))}
        )
    ),
    "concurrent.futures.ThreadPoolExecutor": ClassModel(bases=("concurrent.futures.Executor",)),
    "concurrent.futures.ProcessPoolExecutor": ClassModel(bases=("concurrent.futures.Executor",)),
    "concurrent.futures.Future": ClassModel(
        methods=each(
            {"result exception": CallModel((BLOCK,)), "add_done_callback cancel done running": CallModel()}
        )
    ),
    "threading.Thread": ClassModel(
        methods=each({"join": CallModel((BLOCK,)), "start is_alive": CallModel()})
    ),
    "threading.Event": ClassModel(
        methods=each({"wait": CallModel((BLOCK,)), "set clear is_set": CallModel()})
    ),
    "multiprocessing.Process": ClassModel(
        methods=each({"join": CallModel((BLOCK,)), "start is_alive terminate": CallModel()})
    ),
    "queue.Queue": ClassModel(
        methods=each(
            {"get join": CallModel((BLOCK,)), "put get_nowait put_nowait empty full qsize": CallModel()}
        )
    ),
}

FUNCTIONS: Final = {
    "asyncio.to_thread": _SPAWNS,
    "anyio.to_thread.run_sync": _SPAWNS,
    "anyio.to_process.run_sync": _SPAWNS,
    "anyio.from_thread.run": CallModel(takes="callable"),
    "asyncer.asyncify": CallModel((SPAWN,), takes="callable"),
    "asgiref.sync.sync_to_async": CallModel((SPAWN,), takes="callable"),
    "trio.to_thread.run_sync": _SPAWNS,
    "asyncio.get_event_loop": _LOOP,
    "asyncio.get_running_loop": _LOOP,
    "asyncio.new_event_loop": _LOOP,
    "asyncio.run": CallModel((BLOCK,)),
    "anyio.run": CallModel((BLOCK,)),
    "asgiref.sync.async_to_sync": CallModel(),
    "asyncio.sleep": CallModel(is_async=True),
    "anyio.sleep": CallModel(is_async=True),
    "concurrent.futures.wait": CallModel((BLOCK,)),
}

ALIASES: Final = {
    "asyncio.threads.to_thread": "asyncio.to_thread",
    "asyncio.events.AbstractEventLoop": "asyncio.AbstractEventLoop",
    "asyncio.BaseEventLoop": "asyncio.AbstractEventLoop",
    "asyncio.runners.run": "asyncio.run",
    "concurrent.futures.thread.ThreadPoolExecutor": "concurrent.futures.ThreadPoolExecutor",
    "concurrent.futures.process.ProcessPoolExecutor": "concurrent.futures.ProcessPoolExecutor",
    "concurrent.futures._base": "concurrent.futures",
}

TABLES: Final = Tables(FUNCTIONS, CLASSES, ALIASES)
