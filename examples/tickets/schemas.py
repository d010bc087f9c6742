from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class EventIn(BaseModel):
    title: str
    starts_at: datetime
    price: int = Field(ge=0)


class EventOut(EventIn):
    model_config = ConfigDict(from_attributes=True)

    id: int


class BookingIn(BaseModel):
    event_id: int
    seats: int = Field(ge=1, le=10)


class BookingOut(BookingIn):
    model_config = ConfigDict(from_attributes=True)

    id: int
    total: int


class PaymentOut(BaseModel):
    booking_id: int
    checkout_url: str


class SalesOut(BaseModel):
    event: str
    seats: int
