from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tickets.models import Booking, Event
from tickets.schemas import SalesOut


def seats_sold(session: Session, event_id: int) -> int:
    statement = select(func.sum(Booking.seats)).where(Booking.event_id == event_id)
    return session.scalar(statement) or 0


def sales_by_event(session: Session) -> list[SalesOut]:
    events = session.scalars(select(Event).order_by(Event.starts_at)).all()
    return [SalesOut(event=event.title, seats=seats_sold(session, event.id)) for event in events]
