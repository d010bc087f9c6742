from collections.abc import Sequence

from fastapi import APIRouter, status
from sqlalchemy import select

from tickets.deps import CurrentUser, OwnBooking, SessionDep
from tickets.models import Booking
from tickets.schemas import BookingIn, BookingOut, PaymentOut
from tickets.services.booking import book
from tickets.services.payments import start_payment

router = APIRouter(prefix="/bookings", tags=["bookings"])


@router.get("", response_model=list[BookingOut])
def read_bookings(user: CurrentUser, session: SessionDep) -> Sequence[Booking]:
    return session.scalars(select(Booking).where(Booking.user_id == user.id)).all()


@router.post("", response_model=BookingOut)
def create_booking(wanted: BookingIn, user: CurrentUser, session: SessionDep) -> Booking:
    return book(session, user, wanted)


@router.post("/{booking_id}/payment")
async def pay_booking(booking: OwnBooking) -> PaymentOut:
    return PaymentOut(booking_id=booking.id, checkout_url=start_payment(booking))


@router.delete("/{booking_id}", status_code=status.HTTP_204_NO_CONTENT)
def cancel_booking(booking: OwnBooking, session: SessionDep):
    session.delete(booking)
    session.commit()
    return {"cancelled": booking.id}
