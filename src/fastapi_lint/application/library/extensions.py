"""What stands on SQLAlchemy in FastAPI projects: pagination, repositories, sessions of a middleware."""

from __future__ import annotations

from typing import Final

from fastapi_lint.application.library.model import CallModel, ClassModel, Effect, Tables, asynchronous, each

QUERY, WRITE, CREATE, DELETE = Effect.QUERY, Effect.WRITE, Effect.CREATE, Effect.DELETE
COMMIT, BLOCK = Effect.COMMIT, Effect.BLOCK

# `paginate(session, statement)` is awaited if the session is async, so it neither surely blocks nor surely is
# awaited.
_PAGINATE = CallModel((QUERY,), "rows", takes="statement", argument=1)
_APAGINATE = _PAGINATE._replace(is_async=True)

_REPOSITORY = each(
    {
        "get get_one": CallModel((QUERY, BLOCK), "one"),
        "get_one_or_none": CallModel((QUERY, BLOCK), "row"),
        "list list_and_count get_many": CallModel((QUERY, BLOCK), "rows"),
        "count exists": CallModel((QUERY, BLOCK), "scalar"),
        "update update_many upsert upsert_many get_and_update get_or_upsert": CallModel(
            (QUERY, WRITE, BLOCK), "one"
        ),
        "delete delete_many delete_where": CallModel((QUERY, DELETE, BLOCK)),
    }
)
_ADDS = each({"add": CallModel((CREATE, BLOCK), "one"), "add_many": CallModel((CREATE, BLOCK), "rows")})
_CREATES = each(
    {"create": CallModel((CREATE, BLOCK), "one"), "create_many": CallModel((CREATE, BLOCK), "rows")}
)

CLASSES: Final = {
    "advanced_alchemy.repository.SQLAlchemySyncRepository": ClassModel(methods=_REPOSITORY | _ADDS),
    "advanced_alchemy.repository.SQLAlchemyAsyncRepository": ClassModel(
        methods=asynchronous(_REPOSITORY | _ADDS)
    ),
    "advanced_alchemy.service.SQLAlchemySyncRepositoryService": ClassModel(methods=_REPOSITORY | _CREATES),
    "advanced_alchemy.service.SQLAlchemyAsyncRepositoryService": ClassModel(
        methods=asynchronous(_REPOSITORY | _CREATES)
    ),
    # Commits by itself unless told otherwise.
    "fastcrud.FastCRUD": ClassModel(
        methods=each(
            {
                "create": CallModel((CREATE, COMMIT), "one", is_async=True),
                "get get_joined": CallModel((QUERY,), "row", is_async=True),
                "get_multi get_multi_joined get_multi_by_cursor": CallModel((QUERY,), "rows", is_async=True),
                "count exists": CallModel((QUERY,), "scalar", is_async=True),
                "update upsert": CallModel((WRITE, COMMIT), is_async=True),
                "delete db_delete": CallModel((DELETE, COMMIT), is_async=True),
            }
        )
    ),
    "fastapi_users_db_sqlalchemy.SQLAlchemyUserDatabase": ClassModel(
        methods=each(
            {
                "get get_by_email get_by_oauth_account": CallModel((QUERY,), "row", is_async=True),
                "create": CallModel((CREATE, COMMIT), "one", is_async=True),
                "update": CallModel((WRITE, COMMIT), "one", is_async=True),
                "delete": CallModel((DELETE, COMMIT), is_async=True),
            }
        )
    ),
    "fastapi_sqlalchemy.db()": ClassModel(attributes={"session": "sqlalchemy.orm.Session"}),
    "fastapi_async_sqlalchemy.db()": ClassModel(
        attributes={"session": "sqlalchemy.ext.asyncio.AsyncSession"}
    ),
}

FUNCTIONS: Final = {
    "fastapi_pagination.ext.sqlalchemy.paginate": _PAGINATE,
    "fastapi_pagination.ext.sqlalchemy.apaginate": _APAGINATE,
    "fastapi_pagination.ext.sqlmodel.paginate": _PAGINATE,
    "fastapi_pagination.ext.sqlmodel.apaginate": _APAGINATE,
}

ALIASES: Final = {
    "fastapi_pagination.ext.async_sqlalchemy.paginate": "fastapi_pagination.ext.sqlalchemy.apaginate",
    "fastapi_pagination.ext.async_sqlmodel.paginate": "fastapi_pagination.ext.sqlmodel.apaginate",
    "advanced_alchemy.repository._async": "advanced_alchemy.repository",
    "advanced_alchemy.repository._sync": "advanced_alchemy.repository",
    "advanced_alchemy.service._async": "advanced_alchemy.service",
    "advanced_alchemy.extensions.fastapi.service": "advanced_alchemy.service",
    "advanced_alchemy.extensions.fastapi.repository": "advanced_alchemy.repository",
    "fastcrud.crud.fast_crud.FastCRUD": "fastcrud.FastCRUD",
    "fastapi_users.db.SQLAlchemyUserDatabase": "fastapi_users_db_sqlalchemy.SQLAlchemyUserDatabase",
    "fastapi_sqlalchemy.middleware.db": "fastapi_sqlalchemy.db",
    "fastapi_async_sqlalchemy.middleware.db": "fastapi_async_sqlalchemy.db",
}

# With the middleware of the package a request has its session here.
OBJECTS: Final = {
    "fastapi_sqlalchemy.db": "fastapi_sqlalchemy.db()",
    "fastapi_async_sqlalchemy.db": "fastapi_async_sqlalchemy.db()",
}

TABLES: Final = Tables(FUNCTIONS, CLASSES, ALIASES, OBJECTS)
