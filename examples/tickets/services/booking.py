from fastapi import HTTPException, status
from sqlalchemy.orm import Session

from tickets.models import Booking, Event, User
from tickets.schemas import BookingIn


def book(session: Session, user: User, wanted: BookingIn) -> Booking:
    event = session.get(Event, wanted.event_id)
    if event is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, detail="no such event")
    booking = Booking(
        user_id=user.id, event_id=event.id, seats=wanted.seats, total=wanted.seats * event.price
    )
    session.add(booking)
    session.commit()
    return booking
