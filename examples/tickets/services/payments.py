import httpx

from tickets.models import Booking
from tickets.settings import settings


def start_payment(booking: Booking) -> str:
    response = httpx.post(
        f"{settings.payments_url}/checkouts",
        json={"reference": booking.id, "amount": booking.total},
        headers={"Authorization": f"Bearer {settings.payments_api_key}"},
    )
    response.raise_for_status()
    return response.json()["url"]
