"""Tables of third-party and standard APIs: what a call does where the project's own code ends.

Every name is asked for by its dotted path, in any spelling that `canonical` knows; what the tables don't hold
is None, never a guess.
"""

from __future__ import annotations

import functools
import re
from importlib import import_module
from typing import TYPE_CHECKING, Final, TypeVar

from fastapi_lint.application.library.model import CallModel, ClassModel, Effect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi_lint.application.library.model import Tables

__all__ = [
    "CallModel",
    "ClassModel",
    "Effect",
    "canonical",
    "class_model",
    "entry",
    "function_model",
    "is_subclass",
    "lineage",
    "method_model",
    "object_class",
    "sql_effects",
    "sql_verb",
]

T = TypeVar("T")

# Which packages a table module speaks of. It is loaded when a name of one of them is first asked for.
FAMILIES: Final = {
    "sqlalchemy": "sqlalchemy sqlmodel",
    "web": "fastapi starlette sse_starlette pydantic pydantic_settings typing typing_extensions "
    "collections http fastapi_utils fastapi_restful cadwyn",
    "documents": "pymongo motor beanie odmantic mongoengine google",
    "drivers": "sqlite3 aiosqlite psycopg psycopg2 psycopg_pool asyncpg aiopg pymysql MySQLdb mysql aiomysql "
    "asyncmy databases databasez duckdb oracledb pyodbc pymssql snowflake",
    "stores": "redis aioredis elasticsearch opensearchpy clickhouse_connect clickhouse_driver cassandra "
    "neo4j qdrant_client pymilvus pymemcache",
    "http_clients": "requests httpx httpx2 urllib urllib3 http aiohttp websocket starlette",
    "offloading": "asyncio anyio asyncer asgiref trio concurrent threading multiprocessing queue",
    "blocking": "builtins io _io time os posixpath genericpath pathlib shutil glob tempfile subprocess "
    "select fcntl hashlib socket smtplib ftplib imaplib zipfile tarfile gzip bz2 lzma codecs typing PIL "
    "pandas aiofiles",
    "auth": "jwt jose joserfc authlib jwcrypto itsdangerous firebase_admin google keycloak bcrypt hashlib "
    "hmac secrets passlib pwdlib argon2 werkzeug django fastapi_users fastapi_jwt_auth fastapi_jwt authx "
    "fastapi_azure_auth fastapi_login fastapi_keycloak fastapi_auth0 fastapi_plugin auth0_fastapi_api "
    "fief_client async_fastapi_jwt_auth another_fastapi_jwt_auth libre_fastapi_jwt fastapi_another_jwt_auth",
    "clients": "boto3 openai anthropic groq google cohere mistralai stripe twilio sendgrid slack_sdk docker "
    "github minio hvac supabase azure kubernetes paramiko git ldap3 kafka pika fastapi_mail resend "
    "huggingface_hub aiosmtplib elevenlabs postmarker",
    "extensions": "fastapi_pagination advanced_alchemy fastcrud fastapi_users fastapi_users_db_sqlalchemy "
    "fastapi_sqlalchemy fastapi_async_sqlalchemy",
    "active_record": "tortoise peewee ormar gino piccolo edgy django",
}
_WAITING: Final = {family: packages.split() for family, packages in FAMILIES.items()}
_PACKAGES: Final = {package for packages in _WAITING.values() for package in packages}

# What is loaded so far.
FUNCTIONS: Final[dict[str, CallModel]] = {}
CLASSES: Final[dict[str, ClassModel]] = {}
ALIASES: Final[dict[str, str]] = {}
OBJECTS: Final[dict[str, str]] = {}
_loaded: Final[set[str]] = set()
_canonical: Final[dict[str, str]] = {}
_merged: Final[dict[str, ClassModel]] = {}


def load(package: str) -> None:
    """Load the tables that speak of a top-level package; asking by name does this by itself."""
    if package in _loaded or package not in _PACKAGES:
        return
    _loaded.add(package)
    for family, packages in list(_WAITING.items()):
        if package in packages:
            del _WAITING[family]
            tables: Tables = import_module(f"{__name__}.{family}").TABLES
            FUNCTIONS.update(tables.functions)
            CLASSES.update(tables.classes)
            ALIASES.update(tables.aliases)
            OBJECTS.update(tables.objects)


def load_all() -> None:
    """Load every table."""
    for package in sorted(_PACKAGES):
        load(package)


def canonical(dotted: str) -> str:
    """Give the tables' one name for what `dotted` names: `sqlalchemy.orm.Session` for its `session.Session`.

    Modules that only re-export or implement are resolved too, also as a prefix. An unknown name is returned
    unchanged.
    """
    known = _canonical.get(dotted)
    if known is None:
        package = dotted.partition(".")[0]
        load(package)
        known = _resolve(dotted) if package in _PACKAGES else dotted
        _canonical[dotted] = known
    return known


def _resolve(dotted: str) -> str:
    while True:
        prefix = dotted
        while prefix not in ALIASES:
            prefix = prefix.rpartition(".")[0]
            if not prefix:
                return dotted
        dotted = ALIASES[prefix] + dotted[len(prefix) :]
        load(dotted.partition(".")[0])


def function_model(dotted: str) -> CallModel | None:
    """What calling the function does, or None. A class is not a function: see `ClassModel.constructor`."""
    return FUNCTIONS.get(canonical(dotted))


def object_class(dotted: str) -> str:
    """The dotted class of a module's own instance (`fastapi_sqlalchemy.db`), or an empty string."""
    return OBJECTS.get(canonical(dotted), "")


@functools.cache
def lineage(dotted: str) -> tuple[str, ...]:
    """The canonical class and those it inherits from, nearest first; bases outside the tables end a line."""
    found: list[str] = []
    waiting = [canonical(dotted)]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found.append(name)
            load(name.partition(".")[0])
            model = CLASSES.get(name)
            if model is not None:
                waiting[:0] = model.bases
    return tuple(found)


def is_subclass(dotted: str, base: str) -> bool:
    """Whether the class `dotted` is `base` or inherits from it, as far as the tables know."""
    return canonical(base) in lineage(dotted)


def class_model(dotted: str) -> ClassModel | None:
    """What the class `dotted` can do, with all that it inherits, or None.

    A method, attribute or other value of the nearest class wins; `bases` stay the class's own.
    """
    name = canonical(dotted)
    merged = _merged.get(name)
    if merged is None:
        models = [CLASSES[each] for each in lineage(name) if each in CLASSES]
        if name not in CLASSES:
            return None
        merged = models[0]
        for model in models[1:]:
            merged = ClassModel(
                bases=merged.bases,
                methods={**model.methods, **merged.methods},
                attributes={**model.attributes, **merged.attributes},
                depends={**model.depends, **merged.depends},
                constructor=merged.constructor if merged.constructor != CallModel() else model.constructor,
                enters=merged.enters or model.enters,
                exits=merged.exits or model.exits,
                call=merged.call or model.call,
                awaited=merged.awaited or model.awaited,
                iterated=merged.iterated or model.iterated,
                session=merged.session or model.session,
                factory=merged.factory or model.factory,
                members=merged.members or model.members,
                otherwise=merged.otherwise or model.otherwise,
                statement=merged.statement or model.statement,
            )
        _merged[name] = merged
    return merged


def method_model(dotted: str, method: str) -> CallModel | None:
    """What calling a method of the class or of an instance does, inherited ones too; None if unknown."""
    model = class_model(dotted)
    if model is None:
        return None
    otherwise = None if method == "close" or method.endswith("_async") else model.otherwise
    return model.methods.get(method, otherwise)


def entry(table: Mapping[str, T], dotted: str, member: str) -> T | None:
    """What a table of members (`auth.TOKENS`, say) holds for one of the class, inherited ones too."""
    names = (f"{name}.{member}" for name in lineage(dotted))
    return next((table[name] for name in names if name in table), None)


_SQL_WORD: Final = re.compile(r"(?:\s|\(|--[^\n]*\n|/\*.*?\*/)*([a-z]+)", re.IGNORECASE | re.DOTALL)
_SQL_MAIN_VERB: Final = re.compile(r"\b(insert|update|delete)\b(?!\s+set\b)", re.IGNORECASE)
_SQL_EFFECTS: Final = {
    "select": (Effect.QUERY,),
    "show": (Effect.QUERY,),
    "values": (Effect.QUERY,),
    "explain": (Effect.QUERY,),
    "pragma": (Effect.QUERY,),
    "insert": (Effect.CREATE,),
    "replace": (Effect.WRITE,),
    "merge": (Effect.WRITE,),
    "update": (Effect.WRITE,),
    "delete": (Effect.DELETE,),
    "truncate": (Effect.DELETE,),
    "commit": (Effect.COMMIT,),
    "rollback": (Effect.ROLLBACK,),
}
SQL_VERBS: Final = frozenset({*_SQL_EFFECTS, "with", "create", "alter", "drop"})
"""First words of SQL statements."""


def sql_verb(text: str) -> str:
    """The first word of a statement, in lower case; empty if the text starts with something else."""
    found = _SQL_WORD.match(text)
    return found[1].lower() if found else ""


def sql_effects(text: str) -> tuple[Effect, ...]:
    """What running this SQL does, by its verb; empty for what touches no rows (DDL, SET, SAVEPOINT)."""
    verb = sql_verb(text)
    if verb == "with":  # a common table expression: its main verb may change rows
        main = _SQL_MAIN_VERB.search(text)
        verb = main[1].lower() if main else "select"
    if verb == "insert" and re.search(r"\bon\s+(conflict|duplicate)\b", text, re.IGNORECASE):
        return (Effect.WRITE,)
    return _SQL_EFFECTS.get(verb, ())
