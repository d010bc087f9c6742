from collections.abc import Sequence

from fastapi import APIRouter, HTTPException, status
from sqlalchemy import select

from tickets.deps import CurrentUser, SessionDep
from tickets.models import Event
from tickets.schemas import EventIn, EventOut
from tickets.services.permissions import check_organiser

router = APIRouter(prefix="/events", tags=["events"])


@router.get("", response_model=list[EventOut])
def read_events(session: SessionDep) -> Sequence[Event]:
    return session.scalars(select(Event).order_by(Event.starts_at)).all()


@router.get("/{event_id}")
def read_event(event_id: int, session: SessionDep):
    event = session.get(Event, event_id)
    if event is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, detail="no such event")
    return {"id": event.id, "title": event.title, "starts_at": event.starts_at, "price": event.price}


@router.post("", status_code=status.HTTP_201_CREATED, response_model=EventOut)
def create_event(new: EventIn, user: CurrentUser, session: SessionDep) -> Event:
    check_organiser(user)
    event = Event(**new.model_dump())
    session.add(event)
    session.commit()
    return event


@router.delete("/{event_id}")
def delete_event(event_id: int, user: CurrentUser, session: SessionDep) -> dict[str, bool]:
    check_organiser(user)
    event = session.get(Event, event_id)
    if event is not None:
        session.delete(event)
        session.commit()
    return {"ok": True}
