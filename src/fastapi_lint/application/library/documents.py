"""Document databases: PyMongo, Motor, Beanie, ODMantic, MongoEngine, Firestore. Their clients hold pools."""

from __future__ import annotations

from typing import Final

from fastapi_lint.application.library.model import CallModel, ClassModel, Effect, Tables, asynchronous, each

QUERY, WRITE, CREATE, DELETE, BLOCK = Effect.QUERY, Effect.WRITE, Effect.CREATE, Effect.DELETE, Effect.BLOCK

_BUILD = CallModel(returns="self")
_ROWS = CallModel((QUERY, BLOCK), "rows")
_ROW = CallModel((QUERY, BLOCK), "row")
_SCALAR = CallModel((QUERY, BLOCK), "scalar")
_CREATES = CallModel((CREATE, BLOCK))
_WRITES = CallModel((WRITE, BLOCK))
_DELETES = CallModel((DELETE, BLOCK))

_COLLECTION = each(
    {
        "find find_raw_batches": CallModel(returns="pymongo.cursor.Cursor"),
        "aggregate": CallModel((QUERY, BLOCK), "pymongo.command_cursor.CommandCursor"),
        "find_one": _ROW,
        "count_documents estimated_document_count distinct": _SCALAR,
        "insert_one insert_many": _CREATES,
        "update_one update_many replace_one bulk_write": _WRITES,
        "find_one_and_update find_one_and_replace": CallModel((WRITE, BLOCK), "row"),
        "find_one_and_delete": CallModel((DELETE, BLOCK), "row"),
        "delete_one delete_many drop": _DELETES,
        "create_index create_indexes drop_index index_information": CallModel((BLOCK,)),
        "with_options": _BUILD,
    }
)
_CURSOR = each(
    {
        "sort limit skip hint batch_size max_time_ms collation comment where allow_disk_use": _BUILD,
        "to_list": _ROWS,
        "next": _ROW,
        "distinct explain": _SCALAR,
        "close": CallModel((BLOCK,)),
    }
)
_COMMAND_CURSOR = {name: _CURSOR[name] for name in ("to_list", "next", "batch_size", "close")}
_DATABASE = each(
    {
        "get_collection with_options": CallModel(returns="pymongo.collection.Collection"),
        "command list_collection_names": _SCALAR,
        "create_collection": CallModel((BLOCK,), "pymongo.collection.Collection"),
        "drop_collection": _DELETES,
        "aggregate": CallModel((QUERY, BLOCK), "pymongo.command_cursor.CommandCursor"),
    }
) | {"with_options": _BUILD}
_CLIENT = each(
    {
        "get_database get_default_database": CallModel(returns="pymongo.database.Database"),
        "list_database_names server_info": _SCALAR,
        "drop_database": _DELETES,
        "close": CallModel((BLOCK,)),
    }
)
_ASYNC = {
    "pymongo.cursor.Cursor": "pymongo.asynchronous.cursor.AsyncCursor",
    "pymongo.command_cursor.CommandCursor": "pymongo.asynchronous.command_cursor.AsyncCommandCursor",
    "pymongo.collection.Collection": "pymongo.asynchronous.collection.AsyncCollection",
    "pymongo.database.Database": "pymongo.asynchronous.database.AsyncDatabase",
}
_MOTOR = {
    "pymongo.cursor.Cursor": "motor.motor_asyncio.AsyncIOMotorCursor",
    "pymongo.command_cursor.CommandCursor": "motor.motor_asyncio.AsyncIOMotorCommandCursor",
    "pymongo.collection.Collection": "motor.motor_asyncio.AsyncIOMotorCollection",
    "pymongo.database.Database": "motor.motor_asyncio.AsyncIOMotorDatabase",
}
# Motor's `aggregate` gives its cursor at once and asks the server when that is read; PyMongo's own async one
# is awaited.
_MOTOR_AGGREGATE = {"aggregate": CallModel(returns="motor.motor_asyncio.AsyncIOMotorCommandCursor")}

# Beanie: queries run when awaited, listed or looped over; `save` inserts or replaces.
_BEANIE = "beanie.odm.queries."
_BEANIE_FILTERS = each(
    {
        "find find_many find_all sort skip limit project": CallModel(returns=_BEANIE + "find.FindMany"),
        "find_one": CallModel(returns=_BEANIE + "find.FindOne"),
        "aggregate": CallModel(returns=_BEANIE + "aggregation.AggregationQuery"),
        "count sum avg max min distinct": CallModel((QUERY,), "scalar", is_async=True),
    }
)
_CHANGES_MANY = CallModel(returns=_BEANIE + "update.UpdateMany")
_CHANGES_ONE = CallModel(returns=_BEANIE + "update.UpdateOne")
_BEANIE_DOCUMENT = {
    name: model for name, model in _BEANIE_FILTERS.items() if name not in {"sort", "skip", "limit", "project"}
} | each(
    {
        "all": CallModel(returns=_BEANIE + "find.FindMany"),
        "get": CallModel((QUERY,), "row", is_async=True),
        "create insert": CallModel((CREATE,), "self", is_async=True),
        "insert_one": CallModel((CREATE,), "self", is_async=True),
        "insert_many": CallModel((CREATE,), is_async=True),
        "save": CallModel((CREATE,), "self", is_async=True, takes="receiver"),
        "replace update set inc current_date save_changes": CallModel((WRITE,), "self", is_async=True),
        "replace_many": CallModel((WRITE,), is_async=True),
        "update_all": _CHANGES_MANY,
        "delete delete_all": CallModel((DELETE,), is_async=True),
        "sync fetch_link fetch_all_links": CallModel((QUERY,), is_async=True),
    }
)

# ODMantic: the engine is the session; `save` inserts or replaces.
_ENGINE = each(
    {
        "find": CallModel(returns="odmantic.engine.SyncCursor", takes="entity"),
        "find_one": _ROW._replace(takes="entity"),
        "count": _SCALAR._replace(takes="entity"),
        "save": CallModel((CREATE, BLOCK), "one", takes="row"),
        "save_all": CallModel((CREATE, BLOCK), "rows", takes="rows"),
        "delete remove": _DELETES,
    }
)
_AIO_ENGINE = asynchronous(_ENGINE) | {"find": CallModel(returns="odmantic.engine.AIOCursor", takes="entity")}

_QUERYSET = each(
    {
        "filter all exclude order_by limit skip only fields all_fields none select_related no_cache "
        "batch_size hint no_dereference timeout using clone search_text where rewind": _BUILD,
        "first with_id modify": _ROW,
        "get": CallModel((QUERY, BLOCK), "one"),
        "count distinct sum average in_bulk scalar values_list explain aggregate item_frequencies": _SCALAR,
        "create": CallModel((CREATE, BLOCK), "one"),
        "insert": _CREATES,
        "update update_one upsert_one": _WRITES,
        "delete": _DELETES,
    }
)

_FIRESTORE = "google.cloud.firestore."
_FIRESTORE_QUERY = each(
    {
        "where order_by limit limit_to_last offset select start_at start_after end_at end_before": CallModel(
            returns=_FIRESTORE + "Query"
        ),
        "get": _ROWS,
        "stream": _ROWS,
    }
)
_FIRESTORE_COLLECTION = _FIRESTORE_QUERY | each(
    {
        "document": CallModel(returns=_FIRESTORE + "DocumentReference"),
        "add": _CREATES,
    }
)
_FIRESTORE_DOCUMENT = each(
    {
        "get": _ROW,
        "set update": _WRITES,
        "create": _CREATES,
        "delete": _DELETES,
        "collection": CallModel(returns=_FIRESTORE + "CollectionReference"),
    }
)
_FIRESTORE_CLIENT = each(
    {
        "collection collection_group": CallModel(returns=_FIRESTORE + "CollectionReference"),
        "document": CallModel(returns=_FIRESTORE + "DocumentReference"),
    }
)
_FIRESTORE_ASYNC = {
    _FIRESTORE + name: f"{_FIRESTORE}Async{name}"
    for name in ("Query", "CollectionReference", "DocumentReference")
}
_STREAMS = {"stream": CallModel((QUERY,), "rows")}

CLASSES: Final = {
    "pymongo.MongoClient": ClassModel(methods=_CLIENT, members="pymongo.database.Database"),
    "pymongo.database.Database": ClassModel(methods=_DATABASE, members="pymongo.collection.Collection"),
    "pymongo.collection.Collection": ClassModel(methods=_COLLECTION),
    "pymongo.cursor.Cursor": ClassModel(methods=_CURSOR, iterated=_ROWS),
    "pymongo.command_cursor.CommandCursor": ClassModel(methods=_COMMAND_CURSOR, iterated=_ROWS),
    "pymongo.AsyncMongoClient": ClassModel(
        methods=asynchronous(_CLIENT, _ASYNC), members="pymongo.asynchronous.database.AsyncDatabase"
    ),
    "pymongo.asynchronous.database.AsyncDatabase": ClassModel(
        methods=asynchronous(_DATABASE, _ASYNC), members="pymongo.asynchronous.collection.AsyncCollection"
    ),
    "pymongo.asynchronous.collection.AsyncCollection": ClassModel(methods=asynchronous(_COLLECTION, _ASYNC)),
    "pymongo.asynchronous.cursor.AsyncCursor": ClassModel(
        methods=asynchronous(_CURSOR), iterated=CallModel((QUERY,), "rows")
    ),
    "pymongo.asynchronous.command_cursor.AsyncCommandCursor": ClassModel(
        methods=asynchronous(_COMMAND_CURSOR), iterated=CallModel((QUERY,), "rows")
    ),
    "motor.motor_asyncio.AsyncIOMotorClient": ClassModel(
        methods=asynchronous(_CLIENT, _MOTOR) | {"close": CallModel()},
        members="motor.motor_asyncio.AsyncIOMotorDatabase",
    ),
    "motor.motor_asyncio.AsyncIOMotorDatabase": ClassModel(
        methods=asynchronous(_DATABASE, _MOTOR) | _MOTOR_AGGREGATE,
        members="motor.motor_asyncio.AsyncIOMotorCollection",
    ),
    "motor.motor_asyncio.AsyncIOMotorCollection": ClassModel(
        methods=asynchronous(_COLLECTION, _MOTOR) | _MOTOR_AGGREGATE
    ),
    "motor.motor_asyncio.AsyncIOMotorCursor": ClassModel(
        methods=asynchronous(_CURSOR), iterated=CallModel((QUERY,), "rows")
    ),
    "motor.motor_asyncio.AsyncIOMotorCommandCursor": ClassModel(
        methods=asynchronous(_COMMAND_CURSOR), iterated=CallModel((QUERY,), "rows")
    ),
    "beanie.Document": ClassModel(bases=("pydantic.BaseModel",), methods=_BEANIE_DOCUMENT),
    "beanie.Link": ClassModel(methods=each({"fetch fetch_one": CallModel((QUERY,), "row", is_async=True)})),
    _BEANIE + "find.FindMany": ClassModel(
        methods={
            name: model for name, model in _BEANIE_FILTERS.items() if name not in {"find_one", "find_all"}
        }
        | each(
            {
                "to_list": CallModel((QUERY,), "rows", is_async=True),
                "first_or_none": CallModel((QUERY,), "row", is_async=True),
                "exists": CallModel((QUERY,), "scalar", is_async=True),
                "update update_many set inc current_date upsert": _CHANGES_MANY,
                "delete delete_many": CallModel(returns=_BEANIE + "delete.DeleteMany"),
            }
        ),
        iterated=CallModel((QUERY,), "rows"),
    ),
    _BEANIE + "find.FindOne": ClassModel(
        methods=each(
            {
                "find_one project": _BUILD,
                "count exists": CallModel((QUERY,), "scalar", is_async=True),
                "update update_one set inc current_date upsert": _CHANGES_ONE,
                "replace_one": CallModel((WRITE,), is_async=True),
                "delete delete_one": CallModel(returns=_BEANIE + "delete.DeleteOne"),
            }
        ),
        awaited=CallModel((QUERY,), "row"),
    ),
    _BEANIE + "aggregation.AggregationQuery": ClassModel(
        methods={"to_list": CallModel((QUERY,), "rows", is_async=True)}, iterated=CallModel((QUERY,), "rows")
    ),
    _BEANIE + "update.UpdateMany": ClassModel(
        methods=each({"update set inc current_date upsert": _BUILD}), awaited=CallModel((WRITE,))
    ),
    _BEANIE + "update.UpdateOne": ClassModel(
        methods=each({"update set inc current_date upsert": _BUILD}), awaited=CallModel((WRITE,), "row")
    ),
    _BEANIE + "delete.DeleteMany": ClassModel(awaited=CallModel((DELETE,))),
    _BEANIE + "delete.DeleteOne": ClassModel(awaited=CallModel((DELETE,))),
    "odmantic.AIOEngine": ClassModel(
        methods=_AIO_ENGINE | each({"session transaction": CallModel(returns="odmantic.session.AIOSession")})
    ),
    "odmantic.session.AIOSession": ClassModel(methods=_AIO_ENGINE),
    "odmantic.engine.AIOCursor": ClassModel(
        awaited=CallModel((QUERY,), "rows"), iterated=CallModel((QUERY,), "rows")
    ),
    "odmantic.SyncEngine": ClassModel(
        methods=_ENGINE | each({"session transaction": CallModel(returns="odmantic.session.SyncSession")})
    ),
    "odmantic.session.SyncSession": ClassModel(methods=_ENGINE),
    "odmantic.engine.SyncCursor": ClassModel(iterated=_ROWS),
    "odmantic.Model": ClassModel(methods=each({"model_update": _BUILD})),
    "mongoengine.Document": ClassModel(
        methods=each(
            {
                "save": CallModel((CREATE, BLOCK), "self", takes="receiver"),
                "modify update cascade_save": _WRITES,
                "delete drop_collection": _DELETES,
                "reload": _ROW,
            }
        ),
        attributes={"objects": "mongoengine.queryset.QuerySet"},
    ),
    "mongoengine.DynamicDocument": ClassModel(bases=("mongoengine.Document",)),
    "mongoengine.queryset.QuerySet": ClassModel(
        methods=_QUERYSET, call=CallModel(returns="mongoengine.queryset.QuerySet"), iterated=_ROWS
    ),
    _FIRESTORE + "Client": ClassModel(methods=_FIRESTORE_CLIENT),
    _FIRESTORE + "CollectionReference": ClassModel(methods=_FIRESTORE_COLLECTION),
    _FIRESTORE + "DocumentReference": ClassModel(methods=_FIRESTORE_DOCUMENT),
    _FIRESTORE + "Query": ClassModel(methods=_FIRESTORE_QUERY),
    _FIRESTORE + "AsyncClient": ClassModel(methods=asynchronous(_FIRESTORE_CLIENT, _FIRESTORE_ASYNC)),
    _FIRESTORE + "AsyncCollectionReference": ClassModel(
        methods=asynchronous(_FIRESTORE_COLLECTION, _FIRESTORE_ASYNC) | _STREAMS
    ),
    _FIRESTORE + "AsyncDocumentReference": ClassModel(
        methods=asynchronous(_FIRESTORE_DOCUMENT, _FIRESTORE_ASYNC)
    ),
    _FIRESTORE + "AsyncQuery": ClassModel(
        methods=asynchronous(_FIRESTORE_QUERY, _FIRESTORE_ASYNC) | _STREAMS
    ),
}

FUNCTIONS: Final = {
    "google.cloud.firestore.transactional": CallModel(),
    "beanie.init_beanie": CallModel(is_async=True),
    "mongoengine.connect": CallModel(returns="pymongo.MongoClient"),
}

ALIASES: Final = {
    "pymongo.mongo_client.MongoClient": "pymongo.MongoClient",
    "pymongo.synchronous.mongo_client.MongoClient": "pymongo.MongoClient",
    "pymongo.synchronous": "pymongo",
    "pymongo.asynchronous.mongo_client.AsyncMongoClient": "pymongo.AsyncMongoClient",
    "motor.motor_asyncio.AsyncIOMotorLatentCommandCursor": "motor.motor_asyncio.AsyncIOMotorCommandCursor",
    "motor.core.AgnosticClient": "motor.motor_asyncio.AsyncIOMotorClient",
    "motor.core.AgnosticDatabase": "motor.motor_asyncio.AsyncIOMotorDatabase",
    "motor.core.AgnosticCollection": "motor.motor_asyncio.AsyncIOMotorCollection",
    "motor.core.AgnosticCursor": "motor.motor_asyncio.AsyncIOMotorCursor",
    "beanie.odm.documents.Document": "beanie.Document",
    "beanie.odm.fields.Link": "beanie.Link",
    "odmantic.engine.AIOEngine": "odmantic.AIOEngine",
    "odmantic.engine.SyncEngine": "odmantic.SyncEngine",
    "odmantic.model.Model": "odmantic.Model",
    "mongoengine.document": "mongoengine",
    "mongoengine.fields": "mongoengine",
    "mongoengine.connection.connect": "mongoengine.connect",
    "mongoengine.QuerySet": "mongoengine.queryset.QuerySet",
    "mongoengine.queryset.queryset": "mongoengine.queryset",
    "google.cloud.firestore_v1": "google.cloud.firestore",
    "google.cloud.firestore_v1.client": "google.cloud.firestore",
    "google.cloud.firestore_v1.async_client": "google.cloud.firestore",
}

TABLES: Final = Tables(FUNCTIONS, CLASSES, ALIASES)
