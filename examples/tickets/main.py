from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from tickets.database import engine
from tickets.models import Base
from tickets.routers import bookings, events, reports


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    Base.metadata.create_all(engine)
    yield


app = FastAPI(title="Tickets", lifespan=lifespan)
app.include_router(events.router)
app.include_router(bookings.router)
app.include_router(reports.router)


@app.get("/health")  # fastapi-lint: ignore[FAL101] nobody reads more of it than the status
def read_health():
    return {"status": "ok"}
