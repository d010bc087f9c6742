"""Drivers of SQL databases: DB-API (PEP 249) modules, their async relatives, asyncpg, encode's databases.

A connection that `connect` gives belongs to whoever opened it, so it counts as a session. What the DB-API
leaves open is told per driver: whether `with connection` commits (sqlite3, psycopg) or only closes
(aiosqlite, PyMySQL).
"""

from __future__ import annotations

from typing import Final

from fastapi_lint.application.library.model import CallModel, ClassModel, Effect, Tables, asynchronous, each

QUERY, BLOCK, CONNECT = Effect.QUERY, Effect.BLOCK, Effect.CONNECT
COMMIT, ROLLBACK, CREATE = Effect.COMMIT, Effect.ROLLBACK, Effect.CREATE

_EXECUTE = CallModel((QUERY, BLOCK), "self", takes="sql")
_NOTHING = CallModel()
# The server answered when the statement was executed: fetching waits for no new round trip, except on an
# async cursor.
_CURSOR = each(
    {
        "execute executemany": _EXECUTE,
        "fetchone": CallModel(returns="row"),
        "fetchall fetchmany": CallModel(returns="rows"),
        "close": _NOTHING,
    }
)
_CONNECTION = each(
    {
        "commit": CallModel((COMMIT, BLOCK)),
        "rollback": CallModel((ROLLBACK, BLOCK)),
        "close": CallModel((BLOCK,)),
    }
)
_FETCHES_AWAITED = each(
    {
        "fetchone": CallModel(returns="row", is_async=True),
        "fetchall fetchmany": CallModel(returns="rows", is_async=True),
        "close": CallModel(is_async=True),
    }
)
_ACURSOR = asynchronous(_CURSOR) | _FETCHES_AWAITED
_ACONNECTION = asynchronous(_CONNECTION)
_OPENS = CallModel((CONNECT, BLOCK))
_AOPENS = CallModel((CONNECT,), is_async=True)


def _connection(cursor: str, *, commits: bool = False, executes: str = "") -> ClassModel:
    """A blocking connection, whose `with` may commit; `executes` are methods that make a cursor execute."""
    shortcut = _EXECUTE._replace(returns=cursor)
    return ClassModel(
        methods={
            **_CONNECTION,
            "cursor": CallModel(returns=cursor),
            **each({executes: shortcut} if executes else {}),
        },
        exits=(COMMIT, BLOCK) if commits else (),
        session="sync",
    )


_ASYNCPG = each(
    {
        "execute executemany": CallModel((QUERY,), "scalar", is_async=True, takes="sql"),
        "fetch fetchmany": CallModel((QUERY,), "rows", is_async=True, takes="sql"),
        "fetchrow": CallModel((QUERY,), "row", is_async=True, takes="sql"),
        "fetchval": CallModel((QUERY,), "scalar", is_async=True, takes="sql"),
        "copy_records_to_table copy_to_table": CallModel((CREATE,), is_async=True),
    }
)
_PREPARED = {
    name: _ASYNCPG[name]._replace(takes="")
    for name in ("fetch", "fetchmany", "fetchrow", "fetchval", "executemany")
}
_DATABASES = each(
    {
        "fetch_all": CallModel((QUERY,), "rows", is_async=True, takes="statement"),
        "fetch_one": CallModel((QUERY,), "row", is_async=True, takes="statement"),
        "fetch_val execute execute_many": CallModel((QUERY,), "scalar", is_async=True, takes="statement"),
        "iterate": CallModel((QUERY,), "rows", takes="statement"),
    }
)
_DATABASES_TRANSACTION = each(
    {
        "start": CallModel(is_async=True),
        "commit": CallModel((COMMIT,), is_async=True),
        "rollback": CallModel((ROLLBACK,), is_async=True),
    }
)

CLASSES: Final = {
    "sqlite3.Connection": _connection(
        "sqlite3.Cursor", commits=True, executes="execute executemany executescript"
    ),
    "sqlite3.Cursor": ClassModel(methods=_CURSOR | {"executescript": _EXECUTE}),
    "aiosqlite.Connection": ClassModel(
        methods=_ACONNECTION
        | each(
            {
                "execute executemany executescript": CallModel(
                    (QUERY,), "aiosqlite.Connection.execute()", takes="sql"
                ),
                "execute_fetchall": CallModel((QUERY,), "aiosqlite.Connection.fetch()", takes="sql"),
                "execute_insert": CallModel((CREATE,), "aiosqlite.Connection.fetch()", takes="sql"),
                "cursor": CallModel(returns="aiosqlite.Connection.execute()"),
            }
        ),
        awaited=CallModel(returns="aiosqlite.Connection"),
        session="async",
    ),
    "aiosqlite.Connection.execute()": ClassModel(
        awaited=CallModel(returns="aiosqlite.Cursor"), enters="aiosqlite.Cursor"
    ),
    "aiosqlite.Connection.fetch()": ClassModel(awaited=CallModel(returns="rows")),
    "aiosqlite.Cursor": ClassModel(methods=_ACURSOR),
    "psycopg2.extensions.connection": _connection("psycopg2.extensions.cursor", commits=True),
    "psycopg2.extensions.cursor": ClassModel(methods=_CURSOR),
    "psycopg2.pool.ThreadedConnectionPool": ClassModel(
        methods=each(
            {"getconn": CallModel((CONNECT, BLOCK), "psycopg2.extensions.connection"), "putconn": _NOTHING}
        ),
        factory=True,
    ),
    "psycopg2.pool.SimpleConnectionPool": ClassModel(bases=("psycopg2.pool.ThreadedConnectionPool",)),
    "psycopg.Connection": ClassModel(
        methods=_CONNECTION
        | each(
            {
                "connect": _OPENS._replace(returns="self"),
                "cursor": CallModel(returns="psycopg.Cursor"),
                "execute": _EXECUTE._replace(returns="psycopg.Cursor"),
                "transaction": CallModel(returns="psycopg.Connection.transaction()"),
            }
        ),
        exits=(COMMIT, BLOCK),
        session="sync",
    ),
    "psycopg.Connection.transaction()": ClassModel(exits=(COMMIT, BLOCK)),
    "psycopg.Cursor": ClassModel(methods=_CURSOR),
    "psycopg.AsyncConnection": ClassModel(
        methods=_ACONNECTION
        | each(
            {
                "connect": _AOPENS._replace(returns="self"),
                "cursor": CallModel(returns="psycopg.AsyncCursor"),
                "execute": CallModel((QUERY,), "psycopg.AsyncCursor", is_async=True, takes="sql"),
                "transaction": CallModel(returns="psycopg.AsyncConnection.transaction()"),
            }
        ),
        exits=(COMMIT,),
        session="async",
    ),
    "psycopg.AsyncConnection.transaction()": ClassModel(exits=(COMMIT,)),
    "psycopg.AsyncCursor": ClassModel(methods=_ACURSOR),
    "psycopg_pool.ConnectionPool": ClassModel(
        methods=each(
            {
                "connection getconn": CallModel((CONNECT, BLOCK), "psycopg.Connection"),
                "putconn": _NOTHING,
                "open close wait": CallModel((BLOCK,)),
            }
        ),
        factory=True,
    ),
    "psycopg_pool.AsyncConnectionPool": ClassModel(
        methods=each(
            {
                "connection": CallModel((CONNECT,), "psycopg.AsyncConnection"),
                "getconn": CallModel((CONNECT,), "psycopg.AsyncConnection", is_async=True),
                "putconn open close wait": CallModel(is_async=True),
            }
        ),
        factory=True,
    ),
    "asyncpg.Connection": ClassModel(
        methods=_ASYNCPG
        | each(
            {
                "transaction": CallModel(returns="asyncpg.transaction.Transaction"),
                "prepare": CallModel(
                    (QUERY,), "asyncpg.prepared_stmt.PreparedStatement", is_async=True, takes="sql"
                ),
                "cursor": CallModel((QUERY,), "rows", takes="sql"),
                "close": CallModel(is_async=True),
            }
        ),
        session="async",
    ),
    "asyncpg.Pool": ClassModel(
        methods=_ASYNCPG
        | each(
            {
                "acquire": CallModel((CONNECT,), "asyncpg.Pool.acquire()"),
                "release": CallModel(is_async=True),
                "close": CallModel(is_async=True),
            }
        ),
        awaited=CallModel(returns="asyncpg.Pool"),
        factory=True,
    ),
    "asyncpg.Pool.acquire()": ClassModel(
        awaited=CallModel(returns="asyncpg.Connection"), enters="asyncpg.Connection"
    ),
    "asyncpg.transaction.Transaction": ClassModel(
        methods=each(
            {
                "start": CallModel(is_async=True),
                "commit": CallModel((COMMIT,), is_async=True),
                "rollback": CallModel((ROLLBACK,), is_async=True),
            }
        ),
        exits=(COMMIT,),
    ),
    "asyncpg.prepared_stmt.PreparedStatement": ClassModel(methods=_PREPARED),
    "aiopg.Pool": ClassModel(
        methods={"acquire": CallModel((CONNECT,), "aiopg.Pool.acquire()")}, factory=True
    ),
    "aiopg.Pool.acquire()": ClassModel(
        awaited=CallModel(returns="aiopg.Connection"), enters="aiopg.Connection"
    ),
    "aiopg.Connection": ClassModel(
        methods={"cursor": CallModel(returns="aiopg.Connection.cursor()")}, session="async"
    ),
    "aiopg.Connection.cursor()": ClassModel(awaited=CallModel(returns="aiopg.Cursor"), enters="aiopg.Cursor"),
    "aiopg.Cursor": ClassModel(
        methods={name: model for name, model in _ACURSOR.items() if name != "close"},
    ),
    "pymysql.connections.Connection": ClassModel(
        methods=_CONNECTION
        | each({"cursor": CallModel(returns="pymysql.cursors.Cursor"), "begin ping": CallModel((BLOCK,))}),
        session="sync",
    ),
    "pymysql.cursors.Cursor": ClassModel(methods=_CURSOR),
    "MySQLdb.connections.Connection": _connection("MySQLdb.cursors.Cursor"),
    "MySQLdb.cursors.Cursor": ClassModel(methods=_CURSOR),
    "mysql.connector.connection.MySQLConnection": _connection("mysql.connector.cursor.MySQLCursor"),
    "mysql.connector.cursor.MySQLCursor": ClassModel(methods=_CURSOR),
    "mysql.connector.pooling.MySQLConnectionPool": ClassModel(
        methods={"get_connection": CallModel((CONNECT, BLOCK), "mysql.connector.connection.MySQLConnection")},
        factory=True,
    ),
    "mysql.connector.aio.MySQLConnection": ClassModel(
        methods=_ACONNECTION
        | {"cursor": CallModel(returns="mysql.connector.aio.cursor.MySQLCursor", is_async=True)},
        session="async",
    ),
    "mysql.connector.aio.cursor.MySQLCursor": ClassModel(methods=_ACURSOR),
    "aiomysql.Pool": ClassModel(
        methods={"acquire": CallModel((CONNECT,), "aiomysql.Pool.acquire()")}, factory=True
    ),
    "aiomysql.Pool.acquire()": ClassModel(
        awaited=CallModel(returns="aiomysql.Connection"), enters="aiomysql.Connection"
    ),
    "aiomysql.Connection": ClassModel(
        methods=each(
            {
                "cursor": CallModel(returns="aiomysql.Connection.cursor()"),
                "commit": CallModel((COMMIT,), is_async=True),
                "rollback": CallModel((ROLLBACK,), is_async=True),
                "begin ping": CallModel(is_async=True),
                "close": _NOTHING,
            }
        ),
        session="async",
    ),
    "aiomysql.Connection.cursor()": ClassModel(
        awaited=CallModel(returns="aiomysql.Cursor"), enters="aiomysql.Cursor"
    ),
    "aiomysql.Cursor": ClassModel(methods=_ACURSOR),
    "aiomysql.DictCursor": ClassModel(bases=("aiomysql.Cursor",)),
    "databases.Database": ClassModel(
        methods=_DATABASES
        | each(
            {
                "connect disconnect": CallModel(is_async=True),
                "connection": CallModel((CONNECT,), "databases.core.Connection"),
                "transaction": CallModel(returns="databases.core.Transaction"),
            }
        )
    ),
    "databases.core.Connection": ClassModel(
        methods=_DATABASES | {"transaction": CallModel(returns="databases.core.Transaction")}, session="async"
    ),
    "databases.core.Transaction": ClassModel(methods=_DATABASES_TRANSACTION, exits=(COMMIT,)),
    "duckdb.DuckDBPyConnection": ClassModel(
        methods=each(
            {
                "execute executemany sql query": _EXECUTE,
                "fetchone": CallModel(returns="row"),
                "fetchall fetchmany df fetchdf fetch_df": CallModel(returns="rows"),
                "cursor": CallModel(returns="self"),
                "begin commit rollback close": CallModel((BLOCK,)),
            }
        ),
        session="sync",
    ),
    "oracledb.Connection": _connection("oracledb.Cursor"),
    "oracledb.Cursor": ClassModel(methods=_CURSOR),
    "pyodbc.Connection": _connection("pyodbc.Cursor", commits=True, executes="execute"),
    "pyodbc.Cursor": ClassModel(methods=_CURSOR),
    "pymssql.Connection": _connection("pymssql.Cursor"),
    "pymssql.Cursor": ClassModel(methods=_CURSOR),
    "snowflake.connector.SnowflakeConnection": _connection("snowflake.connector.cursor.SnowflakeCursor"),
    "snowflake.connector.cursor.SnowflakeCursor": ClassModel(methods=_CURSOR),
}

FUNCTIONS: Final = {
    "sqlite3.connect": _OPENS._replace(returns="sqlite3.Connection"),
    "aiosqlite.connect": CallModel((CONNECT,), "aiosqlite.Connection"),
    "psycopg2.connect": _OPENS._replace(returns="psycopg2.extensions.connection"),
    "psycopg.connect": _OPENS._replace(returns="psycopg.Connection"),
    "psycopg.AsyncConnection.connect": _AOPENS._replace(returns="psycopg.AsyncConnection"),
    "asyncpg.connect": _AOPENS._replace(returns="asyncpg.Connection"),
    "asyncpg.create_pool": CallModel(returns="asyncpg.Pool"),
    "aiopg.connect": CallModel((CONNECT,), "aiopg.Pool.acquire()"),
    "aiopg.create_pool": CallModel(returns="aiopg.Pool"),
    "pymysql.connect": _OPENS._replace(returns="pymysql.connections.Connection"),
    "MySQLdb.connect": _OPENS._replace(returns="MySQLdb.connections.Connection"),
    "mysql.connector.connect": _OPENS._replace(returns="mysql.connector.connection.MySQLConnection"),
    "mysql.connector.aio.connect": _AOPENS._replace(returns="mysql.connector.aio.MySQLConnection"),
    "aiomysql.connect": CallModel((CONNECT,), "aiomysql.Pool.acquire()"),
    "aiomysql.create_pool": CallModel(returns="aiomysql.Pool"),
    "asyncmy.connect": CallModel((CONNECT,), "aiomysql.Pool.acquire()"),
    "asyncmy.create_pool": CallModel(returns="aiomysql.Pool"),
    "duckdb.connect": _OPENS._replace(returns="duckdb.DuckDBPyConnection"),
    "duckdb.execute": _EXECUTE._replace(returns="duckdb.DuckDBPyConnection"),
    "duckdb.sql": _EXECUTE._replace(returns="rows"),
    "duckdb.query": _EXECUTE._replace(returns="rows"),
    "oracledb.connect": _OPENS._replace(returns="oracledb.Connection"),
    "pyodbc.connect": _OPENS._replace(returns="pyodbc.Connection"),
    "pymssql.connect": _OPENS._replace(returns="pymssql.Connection"),
    "snowflake.connector.connect": _OPENS._replace(returns="snowflake.connector.SnowflakeConnection"),
}

ALIASES: Final = {
    "aiosqlite.core.Connection": "aiosqlite.Connection",
    "aiosqlite.core.connect": "aiosqlite.connect",
    "aiosqlite.cursor.Cursor": "aiosqlite.Cursor",
    "psycopg2.extensions.Connection": "psycopg2.extensions.connection",
    "psycopg.connection.Connection": "psycopg.Connection",
    "psycopg.connection_async.AsyncConnection": "psycopg.AsyncConnection",
    "psycopg.Connection.connect": "psycopg.connect",
    "psycopg.cursor.Cursor": "psycopg.Cursor",
    "psycopg.cursor_async.AsyncCursor": "psycopg.AsyncCursor",
    "psycopg_pool.pool.ConnectionPool": "psycopg_pool.ConnectionPool",
    "psycopg_pool.pool_async.AsyncConnectionPool": "psycopg_pool.AsyncConnectionPool",
    "asyncpg.connection.Connection": "asyncpg.Connection",
    "asyncpg.connection.connect": "asyncpg.connect",
    "asyncpg.pool.Pool": "asyncpg.Pool",
    "asyncpg.pool.create_pool": "asyncpg.create_pool",
    "aiomysql.connection.Connection": "aiomysql.Connection",
    "aiomysql.pool.Pool": "aiomysql.Pool",
    "aiomysql.pool.create_pool": "aiomysql.create_pool",
    "aiomysql.cursors": "aiomysql",
    "asyncmy.Connection": "aiomysql.Connection",
    "asyncmy.Pool": "aiomysql.Pool",
    "pymysql.Connection": "pymysql.connections.Connection",
    "pymysql.connections.connect": "pymysql.connect",
    "mysql.connector.MySQLConnection": "mysql.connector.connection.MySQLConnection",
    "mysql.connector.pooling.connect": "mysql.connector.connect",
    "databases.core.Database": "databases.Database",
    "databasez.Database": "databases.Database",  # Edgy's fork
    "oracledb.connection.Connection": "oracledb.Connection",
    "oracledb.connection.connect": "oracledb.connect",
    "oracledb.cursor.Cursor": "oracledb.Cursor",
}

TABLES: Final = Tables(FUNCTIONS, CLASSES, ALIASES)
