from fastapi import HTTPException, status

from tickets.models import User


def check_organiser(user: User) -> None:
    if user.role != "organiser":
        raise HTTPException(status.HTTP_403_FORBIDDEN, detail="only organisers may do this")
