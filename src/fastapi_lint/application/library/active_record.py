"""Active-record libraries: their models are their own sessions, and read, save and delete themselves."""

from __future__ import annotations

from typing import Final

from fastapi_lint.application.library.model import CallModel, ClassModel, Effect, Tables, asynchronous, each

QUERY, WRITE, CREATE, DELETE, BLOCK = Effect.QUERY, Effect.WRITE, Effect.CREATE, Effect.DELETE, Effect.BLOCK
COMMIT, ROLLBACK = Effect.COMMIT, Effect.ROLLBACK

_BUILD = CallModel(returns="self")
_READ = CallModel((QUERY, BLOCK))
_ROWS, _ROW, _ONE, _SCALAR = (_READ._replace(returns=kind) for kind in ("rows", "row", "one", "scalar"))
_AROWS, _AROW, _AONE, _ASCALAR = (
    CallModel((QUERY,), kind, is_async=True) for kind in ("rows", "row", "one", "scalar")
)
_CREATES = CallModel((CREATE, BLOCK))
_WRITES = CallModel((WRITE, BLOCK))
_DELETES = CallModel((DELETE, BLOCK))
_SAVES = CallModel((CREATE, BLOCK), takes="receiver")
# Reads first and creates only what it doesn't find.
_GETS_OR_CREATES = CallModel((QUERY, WRITE), is_async=True)

# Tortoise: a query set is awaited or looped over.
_TORTOISE = "tortoise.queryset."
_TORTOISE_QUERIES = each(
    {
        "all filter exclude annotate select_for_update": CallModel(returns=_TORTOISE + "QuerySet"),
        "get": CallModel(returns=_TORTOISE + "QuerySet.get()"),
        "get_or_none first last earliest latest": CallModel(returns=_TORTOISE + "QuerySet.first()"),
        "exists": CallModel(returns=_TORTOISE + "ExistsQuery"),
        "bulk_create": CallModel(returns=_TORTOISE + "BulkCreateQuery"),
        "bulk_update": CallModel(returns=_TORTOISE + "BulkUpdateQuery"),
        "raw": CallModel(returns=_TORTOISE + "RawSQLQuery", takes="sql"),
        "in_bulk": CallModel((QUERY,), is_async=True),
    }
)
_TORTOISE_VALUES = each({"values values_list": CallModel(returns=_TORTOISE + "ValuesQuery")})
_TORTOISE_SHAPES = each({"prefetch_related select_related only annotate": _BUILD})

_PEEWEE_SELECT = each(
    {
        "where orwhere join join_from left_outer_join order_by order_by_extend group_by group_by_extend "
        "having limit offset paginate distinct select select_extend columns switch with_cte for_update "
        "filter objects dicts tuples namedtuples from_ alias union union_all intersect except_ clone": _BUILD,
        "execute iterator prefetch": _ROWS,
        "get": _ONE,
        "get_or_none first peek": _ROW,
        "count exists scalar scalars": _SCALAR,
    }
)
_PEEWEE_CHANGE = each({"where returning on_conflict on_conflict_ignore on_conflict_replace": _BUILD})
_PEEWEE_SIMPLE_CHANGE = each({"where returning": _BUILD})

_ORMAR = each(
    {
        "filter exclude select_related select_all prefetch_related order_by limit offset paginate fields "
        "exclude_fields": _BUILD,
        "all values values_list": _AROWS,
        "get first last": _AONE,
        "get_or_none first_or_none last_or_none": _AROW,
        "count exists sum avg min max": _ASCALAR,
        "create": CallModel((CREATE,), "one", is_async=True),
        "bulk_create": CallModel((CREATE,), is_async=True, takes="rows"),
        "update bulk_update": CallModel((WRITE,), is_async=True),
        "get_or_create update_or_create": _GETS_OR_CREATES,
        "delete": CallModel((DELETE,), is_async=True),
    }
)
_ASYNC_RECORD = each(
    {
        "save": CallModel((CREATE,), "self", is_async=True, takes="receiver"),
        "update": CallModel((WRITE,), "self", is_async=True),
        "delete": CallModel((DELETE,), is_async=True),
        "load": CallModel((QUERY,), "self", is_async=True),
    }
)

_NOT_EDGY = [
    "all",
    "select_all",
    "paginate",
    "fields",
    "exclude_fields",
    "first",
    "last",
    "first_or_none",
    "last_or_none",
    "sum",
    "avg",
    "min",
    "max",
]
_EDGY = {name: model for name, model in _ORMAR.items() if name not in _NOT_EDGY} | each(
    {
        "all only defer distinct reverse using": _BUILD,
        "first last": _AROW,
        "bulk_get_or_create": _GETS_OR_CREATES,
    }
)

_PICCOLO = "piccolo.query.methods."


def _piccolo(names: str, effects: tuple[Effect, ...], returns: str = "") -> ClassModel:
    """A query that is built, then awaited, `run` or `run_sync`."""
    blocking = CallModel((*effects, BLOCK), returns)
    return ClassModel(
        methods=each(
            {names: _BUILD, "run": blocking._replace(effects=effects, is_async=True), "run_sync": blocking}
        ),
        awaited=CallModel(effects, returns),
    )


_DJANGO_QUERYSET = each(
    {
        "filter exclude all order_by distinct annotate alias values values_list select_related "
        "prefetch_related only defer using none reverse select_for_update": _BUILD,
        "get earliest latest": _ONE,
        "first last": _ROW,
        "count exists aggregate in_bulk": _SCALAR,
        "create": CallModel((CREATE, BLOCK), "one"),
        "bulk_create": CallModel((CREATE, BLOCK), takes="rows"),
        "update bulk_update": _WRITES,
        "get_or_create update_or_create": CallModel((QUERY, WRITE, BLOCK)),
        "delete": _DELETES,
    }
)
_DJANGO_AWAITED = {
    f"a{name}": model for name, model in asynchronous(_DJANGO_QUERYSET).items() if model.is_async
}

CLASSES: Final = {
    "tortoise.models.Model": ClassModel(
        methods=_TORTOISE_QUERIES
        | each(
            {
                "create": CallModel((CREATE,), "self", is_async=True),
                "get_or_create update_or_create": _GETS_OR_CREATES,
                "save": CallModel((CREATE,), is_async=True, takes="receiver"),
                "update_from_dict": _BUILD,
                "delete": CallModel((DELETE,), is_async=True),
                "refresh_from_db fetch_related fetch_for_list": CallModel((QUERY,), is_async=True),
            }
        )
    ),
    _TORTOISE + "QuerySet": ClassModel(
        methods=_TORTOISE_QUERIES
        | _TORTOISE_SHAPES
        | _TORTOISE_VALUES
        | each(
            {
                "order_by limit offset distinct group_by using_db force_index use_index": _BUILD,
                "count": CallModel(returns=_TORTOISE + "CountQuery"),
                "update": CallModel(returns=_TORTOISE + "UpdateQuery"),
                "delete": CallModel(returns=_TORTOISE + "DeleteQuery"),
                "explain": _ASCALAR,
            }
        ),
        awaited=CallModel((QUERY,), "rows"),
        iterated=CallModel((QUERY,), "rows"),
    ),
    _TORTOISE + "QuerySet.get()": ClassModel(
        methods=_TORTOISE_SHAPES | _TORTOISE_VALUES, awaited=CallModel((QUERY,), "one")
    ),
    _TORTOISE + "QuerySet.first()": ClassModel(
        methods=_TORTOISE_SHAPES | _TORTOISE_VALUES, awaited=CallModel((QUERY,), "row")
    ),
    _TORTOISE + "ValuesQuery": ClassModel(
        awaited=CallModel((QUERY,), "rows"), iterated=CallModel((QUERY,), "rows")
    ),
    _TORTOISE + "CountQuery": ClassModel(awaited=CallModel((QUERY,), "scalar")),
    _TORTOISE + "ExistsQuery": ClassModel(awaited=CallModel((QUERY,), "scalar")),
    _TORTOISE + "RawSQLQuery": ClassModel(awaited=CallModel((QUERY,), "rows")),
    _TORTOISE + "UpdateQuery": ClassModel(awaited=CallModel((WRITE,), "scalar")),
    _TORTOISE + "BulkUpdateQuery": ClassModel(awaited=CallModel((WRITE,), "scalar")),
    _TORTOISE + "DeleteQuery": ClassModel(awaited=CallModel((DELETE,), "scalar")),
    _TORTOISE + "BulkCreateQuery": ClassModel(awaited=CallModel((CREATE,))),
    "tortoise.fields.relational.ReverseRelation": ClassModel(
        methods=each(
            {
                "filter all order_by limit offset": CallModel(returns=_TORTOISE + "QuerySet"),
                "create": CallModel((CREATE,), "one", is_async=True),
            }
        ),
        awaited=CallModel((QUERY,), "rows"),
        iterated=CallModel((QUERY,), "rows"),
    ),
    "tortoise.fields.relational.ManyToManyRelation": ClassModel(
        bases=("tortoise.fields.relational.ReverseRelation",),
        methods=each({"add remove clear": CallModel((WRITE,), is_async=True)}),
    ),
    "tortoise.transactions.in_transaction()": ClassModel(exits=(COMMIT,)),
    "peewee.Model": ClassModel(
        methods=each(
            {
                "select filter": CallModel(returns="peewee.ModelSelect"),
                "raw": CallModel(returns="peewee.ModelRaw", takes="sql"),
                "get get_by_id": _ONE,
                "get_or_none": _ROW,
                "get_or_create": CallModel((QUERY, WRITE, BLOCK)),
                "create": CallModel((CREATE, BLOCK), "self"),
                "bulk_create": CallModel((CREATE, BLOCK), takes="rows"),
                "insert insert_many insert_from": CallModel(returns="peewee.ModelInsert"),
                "replace replace_many": CallModel(returns="peewee.ModelInsert"),
                "update": CallModel(returns="peewee.ModelUpdate"),
                "bulk_update set_by_id": _WRITES,
                "delete": CallModel(returns="peewee.ModelDelete"),
                "delete_by_id delete_instance truncate_table": _DELETES,
                "save": _SAVES,
                "create_table drop_table": CallModel((BLOCK,)),
            }
        )
    ),
    "peewee.ModelSelect": ClassModel(methods=_PEEWEE_SELECT, iterated=_ROWS),
    "peewee.ModelRaw": ClassModel(
        methods=each({"dicts tuples objects": _BUILD, "execute iterator": _ROWS, "get": _ONE}), iterated=_ROWS
    ),
    "peewee.ModelInsert": ClassModel(methods=_PEEWEE_CHANGE | {"execute": _CREATES}),
    "peewee.ModelUpdate": ClassModel(methods=_PEEWEE_SIMPLE_CHANGE | {"from_": _BUILD, "execute": _WRITES}),
    "peewee.ModelDelete": ClassModel(methods=_PEEWEE_SIMPLE_CHANGE | {"execute": _DELETES}),
    "peewee.Database": ClassModel(
        methods=each(
            {
                "connect close create_tables drop_tables init": CallModel((BLOCK,)),
                "execute_sql": CallModel((QUERY, BLOCK), takes="sql"),
                "atomic transaction": CallModel(returns="peewee.Database.atomic()"),
                "connection_context": CallModel(),
                "commit": CallModel((COMMIT, BLOCK)),
                "rollback": CallModel((ROLLBACK, BLOCK)),
            }
        )
    ),
    "peewee.Database.atomic()": ClassModel(exits=(COMMIT, BLOCK)),
    "peewee.SqliteDatabase": ClassModel(bases=("peewee.Database",)),
    "peewee.PostgresqlDatabase": ClassModel(bases=("peewee.Database",)),
    "peewee.MySQLDatabase": ClassModel(bases=("peewee.Database",)),
    "ormar.Model": ClassModel(
        bases=("pydantic.BaseModel",),
        methods=_ASYNC_RECORD
        | each(
            {
                "upsert": CallModel((WRITE,), "self", is_async=True),
                "load_all": CallModel((QUERY,), "self", is_async=True),
                "save_related": CallModel((WRITE,), is_async=True),
            }
        ),
        attributes={"objects": "ormar.QuerySet"},
    ),
    "ormar.QuerySet": ClassModel(methods=_ORMAR | {"iterate": CallModel((QUERY,), "rows")}),
    "edgy.Model": ClassModel(
        bases=("pydantic.BaseModel",),
        methods=_ASYNC_RECORD | {"load": CallModel((QUERY,), is_async=True)},
        attributes={"query": "edgy.QuerySet"},
    ),
    "edgy.QuerySet": ClassModel(
        methods=_EDGY, awaited=CallModel((QUERY,), "rows"), iterated=CallModel((QUERY,), "rows")
    ),
    # Gino gives these through the `db` that a project makes.
    "gino.Gino": ClassModel(
        attributes={"Model": "gino.declarative.Model"},
        methods=each(
            {
                "all": _AROWS,
                "first one_or_none": _AROW,
                "one": _AONE,
                "scalar": _ASCALAR,
                "status": CallModel((WRITE,), is_async=True, takes="statement"),
                "select": CallModel(returns="sqlalchemy.Select"),
            }
        ),
    ),
    "gino.declarative.Model": ClassModel(
        attributes={"query": "gino.declarative.Model.query()"},
        methods=each(
            {
                "get": _AROW,
                "create": CallModel((CREATE,), "self", is_async=True),
                "update": CallModel(returns="gino.crud.UpdateRequest"),
                "delete": CallModel((DELETE,), is_async=True),
            }
        ),
    ),
    "gino.declarative.Model.query()": ClassModel(
        bases=("sqlalchemy.Select",), attributes={"gino": "gino.api.GinoExecutor"}
    ),
    "gino.api.GinoExecutor": ClassModel(
        methods=each(
            {
                "all": _AROWS,
                "first one_or_none": _AROW,
                "one": _AONE,
                "scalar": _ASCALAR,
                "load": _BUILD,
                "status": CallModel((WRITE,), is_async=True),
            }
        )
    ),
    "gino.crud.UpdateRequest": ClassModel(methods={"apply": CallModel((WRITE,), is_async=True)}),
    "piccolo.table.Table": ClassModel(
        methods=each(
            {
                "select": CallModel(returns=_PICCOLO + "select.Select"),
                "objects": CallModel(returns=_PICCOLO + "objects.Objects"),
                "insert": CallModel(returns=_PICCOLO + "insert.Insert"),
                "update": CallModel(returns=_PICCOLO + "update.Update"),
                "delete": CallModel(returns=_PICCOLO + "delete.Delete"),
                "exists": CallModel(returns=_PICCOLO + "exists.Exists"),
                "count": CallModel(returns=_PICCOLO + "count.Count"),
                "raw": CallModel(returns="piccolo.table.Table.raw()", takes="sql"),
                "save": CallModel(returns="piccolo.table.Table.save()"),
                "remove": CallModel(returns=_PICCOLO + "delete.Delete"),
                "get_related": CallModel(returns="piccolo.table.Table.get_related()"),
                "refresh": CallModel(returns="piccolo.table.Table.get_related()"),
            }
        )
    ),
    _PICCOLO + "select.Select": _piccolo(
        "where order_by limit offset first output group_by distinct columns", (QUERY,), "rows"
    ),
    _PICCOLO + "objects.Objects": ClassModel(
        methods=each(
            {
                "where order_by limit offset output prefetch": _BUILD,
                "run": _AROWS,
                "run_sync": _ROWS,
                "first get": CallModel(returns="piccolo.table.Table.get_related()"),
                "get_or_create": CallModel(returns="piccolo.table.Table.get_or_create()"),
                "create": CallModel(returns="piccolo.table.Table.create()"),
            }
        ),
        awaited=CallModel((QUERY,), "rows"),
    ),
    _PICCOLO + "insert.Insert": _piccolo("add returning on_conflict", (CREATE,)),
    _PICCOLO + "update.Update": _piccolo("values where returning", (WRITE,)),
    _PICCOLO + "delete.Delete": _piccolo("where returning", (DELETE,)),
    _PICCOLO + "exists.Exists": _piccolo("where", (QUERY,), "scalar"),
    _PICCOLO + "count.Count": _piccolo("where distinct", (QUERY,), "scalar"),
    "piccolo.table.Table.raw()": _piccolo("output", (QUERY,), "rows"),
    "piccolo.table.Table.save()": _piccolo("output", (WRITE,)),
    "piccolo.table.Table.create()": _piccolo("output", (CREATE,), "one"),
    "piccolo.table.Table.get_related()": _piccolo("prefetch output", (QUERY,), "row"),
    "piccolo.table.Table.get_or_create()": _piccolo("prefetch output", (QUERY, WRITE), "one"),
    "django.db.models.Model": ClassModel(
        methods=each(
            {
                "save": _SAVES,
                "delete": _DELETES,
                "refresh_from_db": CallModel((QUERY, BLOCK)),
                "asave": CallModel((CREATE,), is_async=True, takes="receiver"),
                "adelete": CallModel((DELETE,), is_async=True),
                "arefresh_from_db": CallModel((QUERY,), is_async=True),
            }
        ),
        attributes={"objects": "django.db.models.QuerySet"},
    ),
    "django.db.models.QuerySet": ClassModel(methods=_DJANGO_QUERYSET | _DJANGO_AWAITED, iterated=_ROWS),
}

FUNCTIONS: Final = {
    "tortoise.transactions.in_transaction": CallModel(returns="tortoise.transactions.in_transaction()"),
}

ALIASES: Final = {
    "tortoise.Model": "tortoise.models.Model",
    "tortoise.fields.ReverseRelation": "tortoise.fields.relational.ReverseRelation",
    "tortoise.fields.ManyToManyRelation": "tortoise.fields.relational.ManyToManyRelation",
    "tortoise.fields.base.Field": "tortoise.fields.Field",
    "ormar.models.Model": "ormar.Model",
    "ormar.models.model.Model": "ormar.Model",
    "ormar.queryset.QuerySet": "ormar.QuerySet",
    "ormar.queryset.queryset.QuerySet": "ormar.QuerySet",
    "edgy.core.db.models.model.Model": "edgy.Model",
    "edgy.core.db.querysets.queryset.QuerySet": "edgy.QuerySet",
    "gino.api.Gino": "gino.Gino",
    "gino.ext.starlette.Gino": "gino.Gino",
    "piccolo.query.Select": "piccolo.query.methods.select.Select",
    "piccolo.query.Objects": "piccolo.query.methods.objects.Objects",
    "django.db.models.fields.related.ForeignKey": "django.db.models.ForeignKey",
    "django.db.models.base.Model": "django.db.models.Model",
    "django.db.models.query.QuerySet": "django.db.models.QuerySet",
}

TABLES: Final = Tables(FUNCTIONS, CLASSES, ALIASES)
