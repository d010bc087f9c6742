"""SQLAlchemy 1.4 to 2.1, and SQLModel on top of it.

Facts were checked against the installed packages (`tests/test_library.py` repeats that). Canonical names are
SQLAlchemy 2's public ones: `sqlalchemy.X` for statements, engines, connections and results,
`sqlalchemy.orm.X`, `sqlalchemy.ext.asyncio.X`.
"""

from __future__ import annotations

from typing import Final

from fastapi_lint.application.library.model import (
    CallModel,
    ClassModel,
    Effect,
    Tables,
    asynchronous,
    each,
    words,
)

QUERY, WRITE, CREATE, DELETE = Effect.QUERY, Effect.WRITE, Effect.CREATE, Effect.DELETE
COMMIT, ROLLBACK, FLUSH, BLOCK, CONNECT = (
    Effect.COMMIT,
    Effect.ROLLBACK,
    Effect.FLUSH,
    Effect.BLOCK,
    Effect.CONNECT,
)

_SA, _ORM, _AIO = "sqlalchemy.", "sqlalchemy.orm.", "sqlalchemy.ext.asyncio."
_BUILD = CallModel(returns="self")
_EXECUTE = CallModel((QUERY, BLOCK), _SA + "Result", takes="statement")

# The rows are in memory once `execute` has returned (asyncio) or are read from a cursor that is open (sync):
# no round trip of their own.
_RESULT = each(
    {
        "all fetchall fetchmany": CallModel(returns="rows"),
        "first one_or_none": CallModel(returns="row"),
        "one": CallModel(returns="one"),
        "unique yield_per": _BUILD,
        "close partitions": CallModel(),
    }
)
_ROWS = _RESULT | each(
    {
        "scalar scalar_one_or_none fetchone": CallModel(returns="row"),
        "scalar_one": CallModel(returns="one"),
        "columns tuples": _BUILD,
        "keys": CallModel(returns="scalar"),
        "scalars": CallModel(returns=_SA + "ScalarResult"),
        "mappings": CallModel(returns=_SA + "MappingResult"),
    }
)
# AsyncResult is what `stream` gives: there each fetch is awaited.
_FETCHES = words(
    "all close fetchall fetchmany fetchone first one one_or_none scalar scalar_one scalar_one_or_none"
)
_STREAM = {
    name: model._replace(is_async=name in _FETCHES, returns=model.returns.replace(_SA, _AIO + "Async"))
    for name, model in _ROWS.items()
}
_STREAM_ROWS = {name: model for name, model in _STREAM.items() if name in _RESULT}

_SESSION = each(
    {
        "add": CallModel((CREATE,), takes="row"),
        "add_all": CallModel((CREATE,), takes="rows"),
        "bulk_save_objects": CallModel((CREATE, BLOCK), takes="rows"),
        "bulk_insert_mappings": CallModel((CREATE, BLOCK), takes="entity"),
        "bulk_update_mappings": CallModel((WRITE, BLOCK), takes="entity"),
        "merge": CallModel((QUERY, WRITE, BLOCK), "one", takes="row"),
        "delete": CallModel((DELETE,), takes="row"),
        "commit": CallModel((COMMIT, BLOCK)),
        "rollback": CallModel((ROLLBACK, BLOCK)),
        "flush": CallModel((FLUSH, BLOCK)),
        "refresh": CallModel((QUERY, BLOCK), takes="row"),
        "execute": _EXECUTE,
        "scalars": _EXECUTE._replace(returns=_SA + "ScalarResult"),
        "scalar": _EXECUTE._replace(returns="row"),
        "get": CallModel((QUERY, BLOCK), "row", takes="entity"),
        "get_one": CallModel((QUERY, BLOCK), "one", takes="entity"),
        "begin": CallModel(returns=_ORM + "SessionTransaction"),
        "begin_nested": CallModel(returns=_ORM + "Session.begin_nested()"),
        "connection": CallModel((CONNECT, BLOCK), _SA + "Connection"),
        "close": CallModel(),
        "expire expire_all expunge expunge_all get_bind in_transaction in_nested_transaction": CallModel(),
        "is_modified object_session identity_key get_transaction get_nested_transaction": CallModel(),
    }
)
_QUERYING = each({"query": CallModel(returns=_ORM + "Query", takes="entity")})
_ASYNC_SESSION = asynchronous(
    {name: model for name, model in _SESSION.items() if not name.startswith("bulk_")},
    {
        _ORM + "SessionTransaction": _AIO + "AsyncSessionTransaction",
        _ORM + "Session.begin_nested()": _AIO + "AsyncSession.begin_nested()",
        _SA + "Connection": _AIO + "AsyncConnection",
    },
) | each(
    {
        "delete": CallModel((DELETE,), is_async=True, takes="row"),
        "stream": CallModel((QUERY,), _AIO + "AsyncResult", is_async=True, takes="statement"),
        "stream_scalars": CallModel((QUERY,), _AIO + "AsyncScalarResult", is_async=True, takes="statement"),
        "close aclose close_all": CallModel(is_async=True),
    }
)
_RUN_SYNC = CallModel((Effect.SPAWN,), is_async=True, takes="callable")

_CONNECTION = each(
    {
        "execute": _EXECUTE,
        "exec_driver_sql": _EXECUTE._replace(takes="sql"),
        "scalars": _EXECUTE._replace(returns=_SA + "ScalarResult"),
        "scalar": _EXECUTE._replace(returns="scalar"),
        "begin": CallModel(returns=_SA + "Transaction"),
        "begin_nested": CallModel(returns=_SA + "Connection.begin_nested()"),
        "commit": CallModel((COMMIT, BLOCK)),
        "rollback": CallModel((ROLLBACK, BLOCK)),
        "close": CallModel(),
        "execution_options": _BUILD,
        "in_transaction in_nested_transaction": CallModel(),
    }
)
_TRANSACTION = each({"commit": CallModel((COMMIT, BLOCK)), "rollback": CallModel((ROLLBACK, BLOCK))})

# What builds a statement further and gives the same statement.
_SELECT = each(
    {
        "add_columns correlate correlate_except distinct execution_options fetch filter filter_by "
        "from_statement group_by having join join_from limit offset options order_by outerjoin "
        "outerjoin_from params prefix_with select_from slice "
        "suffix_with where with_for_update with_hint with_only_columns with_statement_hint": _BUILD,
        "union union_all except_ except_all intersect intersect_all": CallModel(
            returns=_SA + "CompoundSelect"
        ),
        "subquery cte alias lateral scalar_subquery exists label": CallModel(),
    }
)
_COMPOUND = {
    name: _SELECT[name]
    for name in words(
        "execution_options fetch group_by limit offset options order_by params slice with_for_update"
    )
} | each({"subquery cte alias lateral scalar_subquery exists": CallModel()})
_DML = each(
    {"execution_options options returning return_defaults with_hint prefix_with with_dialect_options": _BUILD}
)
_CHANGE = _DML | each({"where filter_by": _BUILD})
_UPSERT = each(
    {"on_conflict_do_nothing on_conflict_do_update": CallModel(returns=_SA + "Insert.on_conflict()")}
)

_QUERY = _SELECT | each(
    {
        "from_self enable_eagerloads only_return_tuples populate_existing reset_joinpoint with_entities "
        "with_labels with_parent with_session yield_per add_entity autoflush set_label_style tuples": _BUILD,
        "union union_all except_ except_all intersect intersect_all": _BUILD,
        "all instances": CallModel((QUERY, BLOCK), "rows"),
        "first one_or_none scalar": CallModel((QUERY, BLOCK), "row"),
        "get": CallModel((QUERY, BLOCK), "row"),
        "one": CallModel((QUERY, BLOCK), "one"),
        "count value values": CallModel((QUERY, BLOCK), "scalar"),
        "update": CallModel((WRITE, BLOCK), "scalar"),
        "delete": CallModel((DELETE, BLOCK), "scalar"),
    }
)
for _name in words("alias correlate_except fetch join_from lateral outerjoin_from with_only_columns"):
    del _QUERY[_name]

CLASSES: Final = {
    _ORM + "Session": ClassModel(
        methods=_SESSION | _QUERYING,
        constructor=CallModel((CONNECT,)),
        attributes={"bind": _SA + "Engine"},
        session="sync",
    ),
    _ORM + "scoped_session": ClassModel(
        bases=(_ORM + "Session",),
        methods=each({"remove": CallModel(), "query_property": CallModel(returns=_ORM + "Query")}),
        call=CallModel((CONNECT,), _ORM + "Session"),
        session="sync",
        factory=True,
    ),
    _ORM + "sessionmaker": ClassModel(
        methods={"begin": CallModel((CONNECT,), _ORM + "sessionmaker.begin()"), "configure": CallModel()},
        call=CallModel((CONNECT,), _ORM + "Session"),
        factory=True,
    ),
    _ORM + "sessionmaker.begin()": ClassModel(enters=_ORM + "Session", exits=(COMMIT, BLOCK)),
    _ORM + "SessionTransaction": ClassModel(
        methods=_TRANSACTION, attributes={"session": _ORM + "Session"}, exits=(COMMIT, BLOCK)
    ),
    # Leaving a savepoint flushes; the transaction around it is still to be committed.
    _ORM + "Session.begin_nested()": ClassModel(bases=(_ORM + "SessionTransaction",), exits=(FLUSH, BLOCK)),
    _SA + "Connection.begin_nested()": ClassModel(bases=(_SA + "Transaction",), exits=(FLUSH, BLOCK)),
    _AIO + "AsyncSession.begin_nested()": ClassModel(
        bases=(_AIO + "AsyncSessionTransaction",), exits=(FLUSH,)
    ),
    _AIO + "AsyncConnection.begin_nested()": ClassModel(bases=(_AIO + "AsyncTransaction",), exits=(FLUSH,)),
    _ORM + "Query": ClassModel(
        methods=_QUERY, iterated=CallModel((QUERY, BLOCK), "rows"), statement=(QUERY,)
    ),
    _AIO + "AsyncSession": ClassModel(
        methods=_ASYNC_SESSION | {"run_sync": _RUN_SYNC},
        attributes={"sync_session": _ORM + "Session"},
        constructor=CallModel((CONNECT,)),
        session="async",
    ),
    _AIO + "async_scoped_session": ClassModel(
        bases=(_AIO + "AsyncSession",),
        methods={"remove": CallModel(is_async=True)},
        call=CallModel((CONNECT,), _AIO + "AsyncSession"),
        session="async",
        factory=True,
    ),
    _AIO + "async_sessionmaker": ClassModel(
        methods={
            "begin": CallModel((CONNECT,), _AIO + "async_sessionmaker.begin()"),
            "configure": CallModel(),
        },
        call=CallModel((CONNECT,), _AIO + "AsyncSession"),
        factory=True,
    ),
    _AIO + "async_sessionmaker.begin()": ClassModel(enters=_AIO + "AsyncSession", exits=(COMMIT,)),
    _AIO + "AsyncSessionTransaction": ClassModel(
        methods=asynchronous(_TRANSACTION), attributes={"session": _AIO + "AsyncSession"}, exits=(COMMIT,)
    ),
    _AIO + "AsyncTransaction": ClassModel(methods=asynchronous(_TRANSACTION), exits=(COMMIT,)),
    _AIO + "AsyncConnection": ClassModel(
        methods=asynchronous(
            _CONNECTION,
            {
                _SA + "Transaction": _AIO + "AsyncTransaction",
                _SA + "Connection.begin_nested()": _AIO + "AsyncConnection.begin_nested()",
            },
        )
        | {
            "execution_options": CallModel(returns="self", is_async=True),
            "close": CallModel(is_async=True),
            "run_sync": _RUN_SYNC,
            "stream": CallModel((QUERY,), _AIO + "AsyncResult", is_async=True, takes="statement"),
            "stream_scalars": CallModel(
                (QUERY,), _AIO + "AsyncScalarResult", is_async=True, takes="statement"
            ),
        },
        attributes={"sync_connection": _SA + "Connection"},
        awaited=CallModel(returns=_AIO + "AsyncConnection"),
        session="async",
    ),
    _AIO + "AsyncEngine": ClassModel(
        methods=each(
            {
                "connect": CallModel((CONNECT,), _AIO + "AsyncConnection"),
                "begin": CallModel((CONNECT,), _AIO + "AsyncEngine.begin()"),
                "raw_connection": CallModel((CONNECT,), is_async=True),
                "dispose": CallModel(is_async=True),
                "execution_options": _BUILD,
            }
        ),
        attributes={"sync_engine": _SA + "Engine"},
        factory=True,
    ),
    _AIO + "AsyncEngine.begin()": ClassModel(enters=_AIO + "AsyncConnection", exits=(COMMIT,)),
    _AIO + "AsyncResult": ClassModel(methods=_STREAM),
    _AIO + "AsyncScalarResult": ClassModel(methods=_STREAM_ROWS),
    _AIO + "AsyncMappingResult": ClassModel(methods=_STREAM_ROWS),
    _AIO + "AsyncAttrs": ClassModel(),
    _SA + "Engine.raw_connection()": ClassModel(
        methods=each(
            {
                "cursor": CallModel(returns="psycopg2.extensions.cursor"),
                "commit": CallModel((COMMIT, BLOCK)),
                "rollback": CallModel((ROLLBACK, BLOCK)),
                "close": CallModel(),
            }
        ),
        session="sync",
    ),
    _SA + "Engine": ClassModel(
        methods=each(
            {
                "connect": CallModel((CONNECT, BLOCK), _SA + "Connection"),
                "begin": CallModel((CONNECT, BLOCK), _SA + "Engine.begin()"),
                "raw_connection": CallModel((CONNECT, BLOCK), _SA + "Engine.raw_connection()"),
                "dispose": CallModel((BLOCK,)),
                "execution_options": _BUILD,
                "execute scalar": _EXECUTE,  # 1.4
            }
        ),
        factory=True,
    ),
    _SA + "Engine.begin()": ClassModel(enters=_SA + "Connection", exits=(COMMIT, BLOCK)),
    _SA + "Connection": ClassModel(
        methods=_CONNECTION, attributes={"engine": _SA + "Engine"}, session="sync"
    ),
    _SA + "Transaction": ClassModel(methods=_TRANSACTION, exits=(COMMIT, BLOCK)),
    _SA + "Result": ClassModel(methods=_ROWS),
    _SA + "CursorResult": ClassModel(bases=(_SA + "Result",)),
    _SA + "ScalarResult": ClassModel(methods=_RESULT),
    _SA + "MappingResult": ClassModel(methods=_RESULT),
    _SA + "Select": ClassModel(methods=_SELECT, statement=(QUERY,)),
    _SA + "CompoundSelect": ClassModel(methods=_COMPOUND, statement=(QUERY,)),
    _SA + "Insert": ClassModel(
        methods=_DML | each({"values inline from_select": _BUILD}), statement=(CREATE,)
    ),
    _SA + "Update": ClassModel(
        methods=_CHANGE | each({"values inline ordered_values": _BUILD}), statement=(WRITE,)
    ),
    _SA + "Delete": ClassModel(methods=_CHANGE, statement=(DELETE,)),
    _SA + "Insert.on_conflict()": ClassModel(
        bases=("sqlalchemy.dialects.postgresql.Insert",), statement=(WRITE,)
    ),
    "sqlalchemy.dialects.postgresql.Insert": ClassModel(bases=(_SA + "Insert",), methods=_UPSERT),
    "sqlalchemy.dialects.sqlite.Insert": ClassModel(bases=(_SA + "Insert",), methods=_UPSERT),
    "sqlalchemy.dialects.mysql.Insert": ClassModel(
        bases=(_SA + "Insert",),
        methods={"on_duplicate_key_update": CallModel(returns=_SA + "Insert.on_conflict()")},
    ),
    _SA + "TextClause": ClassModel(
        methods=each({"bindparams": _BUILD, "columns": CallModel(returns=_SA + "TextualSelect")})
    ),
    _SA + "TextualSelect": ClassModel(statement=(QUERY,)),
    _SA + "Table": ClassModel(
        methods=each(
            {
                "select": CallModel(returns=_SA + "Select"),
                "insert": CallModel(returns=_SA + "Insert"),
                "update": CallModel(returns=_SA + "Update"),
                "delete": CallModel(returns=_SA + "Delete"),
                "create drop": CallModel((BLOCK,)),
            }
        )
    ),
    _SA + "MetaData": ClassModel(methods=each({"create_all drop_all reflect": CallModel((BLOCK,))})),
    _ORM + "DeclarativeBase": ClassModel(attributes={"metadata": _SA + "MetaData"}),
    _ORM + "DeclarativeBaseNoMeta": ClassModel(attributes={"metadata": _SA + "MetaData"}),
    _ORM + "registry": ClassModel(
        attributes={"metadata": _SA + "MetaData"}, methods={"generate_base": CallModel()}
    ),
    "sqlmodel.Session": ClassModel(
        bases=(_ORM + "Session",),
        methods={"exec": _EXECUTE._replace(returns=_SA + "ScalarResult")},
        constructor=CallModel((CONNECT,)),
        session="sync",
    ),
    "sqlmodel.ext.asyncio.session.AsyncSession": ClassModel(
        bases=(_AIO + "AsyncSession",),
        methods={"exec": CallModel((QUERY,), _SA + "ScalarResult", is_async=True, takes="statement")},
        constructor=CallModel((CONNECT,)),
        session="async",
    ),
    "sqlmodel.SQLModel": ClassModel(
        bases=("pydantic.BaseModel",),
        methods={"sqlmodel_update": _BUILD},
        attributes={"metadata": _SA + "MetaData"},
    ),
}

FUNCTIONS: Final = each(
    {
        "create_engine engine_from_config": CallModel(returns=_SA + "Engine"),
        "select": CallModel(returns=_SA + "Select", takes="entity"),
        "insert": CallModel(returns=_SA + "Insert", takes="entity"),
        "update": CallModel(returns=_SA + "Update", takes="entity"),
        "delete": CallModel(returns=_SA + "Delete", takes="entity"),
        "union union_all except_ except_all intersect intersect_all": CallModel(
            returns=_SA + "CompoundSelect"
        ),
        "text": CallModel(returns=_SA + "TextClause", takes="sql"),
        "literal_column": CallModel(takes="sql"),
    },
    _SA,
) | {
    _AIO + "create_async_engine": CallModel(returns=_AIO + "AsyncEngine"),
    _AIO + "async_engine_from_config": CallModel(returns=_AIO + "AsyncEngine"),
    _AIO + "async_object_session": CallModel(returns=_AIO + "AsyncSession"),
    _ORM + "object_session": CallModel(returns=_ORM + "Session"),
    "sqlalchemy.dialects.postgresql.insert": CallModel(
        returns="sqlalchemy.dialects.postgresql.Insert", takes="entity"
    ),
    "sqlalchemy.dialects.sqlite.insert": CallModel(
        returns="sqlalchemy.dialects.sqlite.Insert", takes="entity"
    ),
    "sqlalchemy.dialects.mysql.insert": CallModel(returns="sqlalchemy.dialects.mysql.Insert", takes="entity"),
}

# sqlmodel re-exports SQLAlchemy's names; its `select` differs in types only (`SelectOfScalar`).
_REEXPORTED = words(
    "Column ForeignKey Index Integer String Text JSON Boolean DateTime Float Numeric Uuid UniqueConstraint "
    "CheckConstraint Table MetaData Enum LargeBinary Sequence select insert update delete text func "
    "create_engine exists union union_all except_ except_all intersect intersect_all literal literal_column "
    "null true false column table inspect "
    "and_ or_ not_ case cast desc asc distinct between extract tuple_ type_coerce values bindparam"
)

ALIASES: Final = {
    "sqlalchemy.sql": "sqlalchemy",
    "sqlalchemy.sql.expression": "sqlalchemy",
    "sqlalchemy.sql.selectable": "sqlalchemy",
    "sqlalchemy.sql.elements": "sqlalchemy",
    "sqlalchemy.sql.dml": "sqlalchemy",
    "sqlalchemy.sql.schema": "sqlalchemy",
    "sqlalchemy.sql.sqltypes": "sqlalchemy",
    "sqlalchemy.sql.functions.func": "sqlalchemy.func",
    "sqlalchemy.sql._selectable_constructors": "sqlalchemy",
    "sqlalchemy.sql._elements_constructors": "sqlalchemy",
    "sqlalchemy.sql._dml_constructors": "sqlalchemy",
    "sqlalchemy.schema": "sqlalchemy",
    "sqlalchemy.types": "sqlalchemy",
    "sqlalchemy.future": "sqlalchemy",
    "sqlalchemy.engine": "sqlalchemy",
    "sqlalchemy.engine.base": "sqlalchemy",
    "sqlalchemy.engine.create": "sqlalchemy",
    "sqlalchemy.engine.cursor": "sqlalchemy",
    "sqlalchemy.engine.result": "sqlalchemy",
    "sqlalchemy.future.engine": "sqlalchemy",
    "sqlalchemy.orm.session": "sqlalchemy.orm",
    "sqlalchemy.orm.session.SessionTransaction": "sqlalchemy.orm.SessionTransaction",
    "sqlalchemy.orm.scoping": "sqlalchemy.orm",
    "sqlalchemy.orm.query": "sqlalchemy.orm",
    "sqlalchemy.orm.decl_api": "sqlalchemy.orm",
    "sqlalchemy.orm.base": "sqlalchemy.orm",
    "sqlalchemy.orm.relationships": "sqlalchemy.orm",
    "sqlalchemy.orm.strategy_options": "sqlalchemy.orm",
    "sqlalchemy.orm._orm_constructors": "sqlalchemy.orm",
    "sqlalchemy.orm.attributes.InstrumentedAttribute": "sqlalchemy.orm.InstrumentedAttribute",
    "sqlalchemy.ext.declarative": "sqlalchemy.orm",
    "sqlalchemy.ext.asyncio.session": "sqlalchemy.ext.asyncio",
    "sqlalchemy.ext.asyncio.scoping": "sqlalchemy.ext.asyncio",
    "sqlalchemy.ext.asyncio.engine": "sqlalchemy.ext.asyncio",
    "sqlalchemy.ext.asyncio.result": "sqlalchemy.ext.asyncio",
    "sqlalchemy.dialects.postgresql.dml": "sqlalchemy.dialects.postgresql",
    "sqlalchemy.dialects.sqlite.dml": "sqlalchemy.dialects.sqlite",
    "sqlalchemy.dialects.mysql.dml": "sqlalchemy.dialects.mysql",
    "sqlmodel.main": "sqlmodel",
    "sqlmodel.orm.session": "sqlmodel",
    "sqlmodel.sql.expression": "sqlmodel",
    "sqlmodel.sql.expression.Select": "sqlalchemy.Select",
    "sqlmodel.sql.expression.SelectOfScalar": "sqlalchemy.Select",
    "sqlmodel.sql._expression_select_gen": "sqlmodel",
    "sqlmodel.ext.asyncio.AsyncSession": "sqlmodel.ext.asyncio.session.AsyncSession",
    **{f"sqlmodel.{name}": f"sqlalchemy.{name}" for name in _REEXPORTED},
}

TABLES: Final = Tables(FUNCTIONS, CLASSES, ALIASES)
