"""How classes are mapped to stored entities: bases, columns, relationships and how these are loaded."""

from __future__ import annotations

from typing import Final

# How a relationship is loaded: `eager` (with its owner, no query of its own per row), `lazy` (a query at
# first access), `refused` (an error or nothing at access), `dynamic` (gives a query or collection to work
# with). Methods of `Load` have the same names.
RELATIONSHIP_LOADERS: Final = {
    "sqlalchemy.orm.selectinload": "eager",
    "sqlalchemy.orm.joinedload": "eager",
    "sqlalchemy.orm.subqueryload": "eager",
    "sqlalchemy.orm.immediateload": "eager",
    "sqlalchemy.orm.contains_eager": "eager",
    "sqlalchemy.orm.lazyload": "lazy",
    "sqlalchemy.orm.defaultload": "",  # says nothing of this relationship, only of those behind it
    "sqlalchemy.orm.raiseload": "refused",
    "sqlalchemy.orm.noload": "refused",
}
RELATIONSHIP_LAZY: Final[dict[str | bool | None, str]] = {
    "select": "lazy",
    "raise_on_sql": "refused",
    "raise": "refused",
    "noload": "refused",
    "selectin": "eager",
    "joined": "eager",
    "subquery": "eager",
    "immediate": "eager",
    "dynamic": "dynamic",
    "write_only": "dynamic",
    True: "lazy",
    False: "eager",
    None: "refused",
}
LOADER_OBJECTS: Final = frozenset({"sqlalchemy.orm.Load"})

DECLARATIVE_BASES: Final = frozenset(
    {
        "sqlalchemy.orm.DeclarativeBase",
        "sqlalchemy.orm.DeclarativeBaseNoMeta",
        "advanced_alchemy.base.UUIDBase",
        "advanced_alchemy.base.UUIDAuditBase",
        "advanced_alchemy.base.BigIntBase",
        "advanced_alchemy.base.BigIntAuditBase",
    }
)
DECLARATIVE_BASE_FACTORIES: Final = frozenset(
    {
        "sqlalchemy.orm.declarative_base",
        "sqlalchemy.orm.registry.generate_base",
        "sqlalchemy.ext.automap.automap_base",
    }
)
DECLARATIVE_BASE_DECORATORS: Final = frozenset(
    {"sqlalchemy.orm.as_declarative", "sqlalchemy.orm.registry.mapped"}
)
COLUMNS: Final = frozenset(
    {
        "sqlalchemy.Column",
        "sqlalchemy.orm.mapped_column",
        "sqlalchemy.orm.column_property",
        "sqlalchemy.orm.deferred",
        "sqlmodel.Field",
    }
)
RELATIONSHIPS: Final = frozenset(
    {
        "sqlalchemy.orm.relationship",
        "sqlalchemy.orm.relation",
        "sqlalchemy.orm.dynamic_loader",
        "sqlmodel.Relationship",
    }
)
BACKREF: Final = "sqlalchemy.orm.backref"
# Annotations `Mapped[X]` and its kin; the two of a relationship whose value is a query to work with.
MAPPED: Final = {
    "sqlalchemy.orm.Mapped": "",
    "sqlalchemy.orm.DynamicMapped": "dynamic",
    "sqlalchemy.orm.WriteOnlyMapped": "dynamic",
}
# The keyword with which a session factory or session is told which class its sessions have
# (`class_=AsyncSession`).
SESSION_CLASS_KEYWORD: Final = "class_"

# Classes whose subclasses are stored entities. SQLModel's are only with `table=True`, SQLAlchemy's have made
# bases.
ENTITY_BASES: Final = frozenset(
    {
        *DECLARATIVE_BASES,
        "sqlmodel.SQLModel",
        "tortoise.models.Model",
        "peewee.Model",
        "ormar.Model",
        "edgy.Model",
        "gino.declarative.Model",
        "piccolo.table.Table",
        "django.db.models.Model",
        "beanie.Document",
        "odmantic.Model",
        "mongoengine.Document",
        "mongoengine.DynamicDocument",
    }
)
# Fields of active-record classes whose value is fetched when it is first read, one query for each instance.
LAZY_FIELDS: Final = frozenset(
    {
        "peewee.ForeignKeyField",
        "mongoengine.ReferenceField",
        "django.db.models.ForeignKey",
        "django.db.models.OneToOneField",
    }
)
