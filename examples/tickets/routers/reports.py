from fastapi import APIRouter, Depends

from tickets.database import SessionLocal
from tickets.deps import get_current_user
from tickets.schemas import SalesOut
from tickets.services.sales import sales_by_event

router = APIRouter(prefix="/reports", tags=["reports"], dependencies=[Depends(get_current_user)])


@router.get("/sales")
def read_sales() -> list[SalesOut]:
    with SessionLocal() as session:
        return sales_by_event(session)
