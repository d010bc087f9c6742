from collections.abc import Iterator
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, HTTPException, Security, status
from fastapi.security import APIKeyHeader
from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets.database import SessionLocal
from tickets.models import Booking, User

api_key_header = APIKeyHeader(name="X-API-Key")


def get_session() -> Iterator[Session]:
    with SessionLocal() as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


def get_current_user(key: Annotated[str, Security(api_key_header)], session: SessionDep) -> User:
    user = session.scalar(select(User).where(User.api_key_hash == sha256(key.encode()).hexdigest()))
    if user is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, detail="unknown API key")
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]


def get_own_booking(booking_id: int, user: CurrentUser, session: SessionDep) -> Booking:
    booking = session.get(Booking, booking_id)
    if booking is None or booking.user_id != user.id:
        raise HTTPException(status.HTTP_404_NOT_FOUND, detail="no such booking")
    return booking


OwnBooking = Annotated[Booking, Depends(get_own_booking)]
