"""What functions do is followed through the project to the library call that does it."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from fastapi_lint.application import link
from fastapi_lint.application.evaluation.values import ClassValue, External, Object, without_none
from fastapi_lint.application.library import Effect
from fastapi_lint.facts.reader import read_facts

if TYPE_CHECKING:
    from fastapi_lint.application import Body

MODELS = """
    from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

    class Base(DeclarativeBase): ...
    class Order(Base): ...

    SessionLocal = sessionmaker()

    def get_db():
        with SessionLocal() as session:
            yield session
"""


def body_of_handler(**files: str) -> Body:
    """Link modules, given by name, and evaluate the first handler."""
    sources = {"models": MODELS, **files}
    application = link(read_facts(f"{name}.py", dedent(text)) for name, text in sources.items())
    handler = application.routes[0].handler
    assert handler is not None
    return application.body(handler)


def chain(body: Body, effect: Effect) -> list[str]:
    return [step.name for step in body.effects[effect]]


def class_name(value: object) -> str:
    assert isinstance(value, Object)
    assert isinstance(value.cls, (ClassValue, External))
    return value.cls.name


MAIN = """
    from fastapi import APIRouter, Depends, HTTPException
    from models import Order, Session, get_db
    router = APIRouter()
"""


def test_an_effect_is_followed_through_a_service_and_a_repository() -> None:
    body = body_of_handler(
        service=MAIN
        + """
    class Repository:
        def __init__(self, session: Session):
            self.session = session
        def add(self, order):
            self.session.add(order)
            self.session.commit()

    class Service:
        def __init__(self, session: Session = Depends(get_db)):
            self.orders = Repository(session)
        def create(self, title):
            order = Order(title=title)
            self.orders.add(order)
            return order
    """,
        main="""
    from fastapi import APIRouter, Depends
    from service import Service
    router = APIRouter()

    @router.post("/orders")
    def create_order(title: str, service: Service = Depends()):
        return service.create(title)
    """,
    )
    assert chain(body, Effect.CREATE) == ["Service.create", "Repository.add", "self.session.add"]
    assert Effect.COMMIT in body.effects
    assert class_name(body.result) == "models.Order"


def test_adding_a_row_that_was_loaded_creates_nothing() -> None:
    body = body_of_handler(
        main=MAIN
        + """
    @router.post("/orders/{id}/close")
    def close_order(id: int, db: Session = Depends(get_db)):
        order = db.get(Order, id)
        order.closed = True
        db.add(order)
    """
    )
    assert Effect.CREATE not in body.effects
    assert {Effect.QUERY, Effect.WRITE} <= set(body.effects)


def test_a_generic_repository_knows_its_entity() -> None:
    body = body_of_handler(
        store="""
    from typing import Generic, TypeVar
    from models import Base, Session
    M = TypeVar("M", bound=Base)

    class Store(Generic[M]):
        def __init__(self, model: type[M]):
            self.model = model
        def get(self, db: Session, id: int) -> M | None:
            return db.get(self.model, id)
    """,
        main=MAIN
        + """
    from store import Store
    class Orders(Store[Order]): ...
    orders = Orders(Order)

    @router.get("/orders/{id}")
    def read_order(id: int, db: Session = Depends(get_db)):
        return orders.get(db, id)
    """,
    )
    assert chain(body, Effect.QUERY) == ["Store.get", "db.get"]
    assert class_name(without_none(body.result)) == "models.Order"


def test_a_parameter_without_annotation_is_what_its_dependency_yields() -> None:
    body = body_of_handler(
        main=MAIN
        + """
    @router.get("/orders")
    def read_orders(db=Depends(get_db)):
        return db.query(Order).all()
    """
    )
    assert chain(body, Effect.QUERY)[-1].endswith("all")


def test_what_runs_in_a_thread_does_not_block() -> None:
    body = body_of_handler(
        main=MAIN
        + """
    import asyncio, time
    def wait():
        time.sleep(1)

    @router.get("/")
    async def read():
        await asyncio.to_thread(wait)
    """
    )
    assert Effect.BLOCK not in body.effects


def test_a_helper_that_refuses_says_so() -> None:
    body = body_of_handler(
        main=MAIN
        + """
    class Forbidden(HTTPException):
        def __init__(self):
            super().__init__(status_code=403, detail="no")

    def check(user):
        if not user.is_admin:
            raise Forbidden()

    @router.get("/")
    def read(user: dict):
        check(user)
    """
    )
    assert chain(body, Effect.REFUSE) == ["check", "raise 403"]


@pytest.mark.parametrize(
    ("statement", "effect"),
    [
        ('text("SELECT 1 FROM t")', Effect.QUERY),
        ('text("DELETE FROM t")', Effect.DELETE),
        ("select(Order)", Effect.QUERY),
        ("insert(Order).values(a=1)", Effect.CREATE),
        ("update(Order).where(Order.id == 1)", Effect.WRITE),
        ("delete(Order)", Effect.DELETE),
    ],
)
def test_executing_a_statement_does_what_the_statement_does(statement: str, effect: Effect) -> None:
    body = body_of_handler(
        main=MAIN
        + f"""
    from sqlalchemy import delete, insert, select, text, update

    @router.get("/")
    def read(db: Session = Depends(get_db)):
        statement = {statement}
        db.execute(statement)
    """
    )
    data = {Effect.QUERY, Effect.CREATE, Effect.WRITE, Effect.DELETE}
    assert data & set(body.effects) == {effect}


def test_functions_that_call_each_other_end() -> None:
    body = body_of_handler(
        main=MAIN
        + """
    def even(db, n):
        db.commit()
        return odd(db, n - 1)
    def odd(db, n):
        return even(db, n - 1)

    @router.get("/")
    def read(db: Session = Depends(get_db)):
        return even(db, 3)
    """
    )
    assert chain(body, Effect.COMMIT) == ["even", "db.commit"]


def test_a_getattr_gives_each_name_its_own_value() -> None:
    text = """
        from fastapi import FastAPI, HTTPException
        from starlette import status as codes

        class Codes:
            def __getattr__(self, name: str) -> int:
                return getattr(codes, name)

        status = Codes()
        app = FastAPI()

        @app.get("/")
        def read(name: str):
            if name == "a":
                raise HTTPException(status.HTTP_401_UNAUTHORIZED)
            raise HTTPException(status_code=status.HTTP_404_NOT_FOUND)
        """
    assert [raised.status for raised in body_of_handler(main=text).raised] == [401, 404]


FLAGS = (
    MAIN
    + """
    def load(db: Session, deep: bool = False, *extra: int, key: str = "id"):
        if deep and key == "id":
            return db.query(Order).all()
        return None

    def handed_on(db: Session, deep: bool = False):
        return load(db, deep)

    def changed(db: Session, deep: bool = False):
        deep = not deep
        return load(db, deep)

    def in_a_loop(db: Session, deep: bool = False):
        for _ in range(2):
            load(db, deep)
            deep = True
"""
)


@pytest.mark.parametrize(
    ("call", "queries"),
    [
        ("load(db)", False),
        ("load(db, True)", True),
        ("load(db, deep=True)", True),
        ("load(db, True, key='name')", False),
        ("load(db, True, 1, 2, 3)", True),
        ("load(db, *flags)", True),
        ("load(db, **flags)", True),
        ("load(db, flag)", True),
        ("handed_on(db)", False),
        ("handed_on(db, True)", True),
        ("[load(db) for _ in flags]", False),
        ("changed(db)", True),
        ("in_a_loop(db)", True),
    ],
)
def test_what_a_call_writes_down_picks_the_way(call: str, *, queries: bool) -> None:
    body = body_of_handler(
        main=f"""{FLAGS}
    @router.get("/")
    def read(flag: bool, flags: list[bool], db: Session = Depends(get_db)):
        return {call}
    """
    )
    assert (Effect.QUERY in body.effects) is queries


def test_a_function_does_what_any_of_its_callers_lets_it_do() -> None:
    text = f"""{FLAGS}
    @router.get("/")
    def read(db: Session = Depends(get_db)):
        return handed_on(db, False), handed_on(db, True)
    """
    sources = {"models": MODELS, "main": text}
    application = link(read_facts(f"{name}.py", dedent(text)) for name, text in sources.items())
    found = {function.name: application.body(function) for function in application.functions_in("main.py")}
    assert Effect.QUERY in found["load"].effects
    assert found["handed_on"].decided == {}


def test_what_is_given_back_is_not_known_of_more_kinds_of_arguments_than_are_looked_at() -> None:
    rows = "".join(f"    class Row{number}(Base): ...\n" for number in range(60))
    calls = "".join(f"            same(Row{number}),\n" for number in range(60))
    text = f"""{MAIN}
    from models import Base
    def same(row):
        return row
{rows}
    @router.get("/")
    def read():
        return [
{calls}
        ]
    """
    body = body_of_handler(main=text)
    results = [call.result for call in body.calls.values() if call.name.endswith("same")]
    names = [value.name for value in results if isinstance(value, ClassValue)]
    assert len(results) > len(names) == len(set(names))
