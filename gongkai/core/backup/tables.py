"""Which tables there are at a state of migrations, and how their columns are saved.

The models as the *database* has them are asked, not those of the code: so a backup can be made
before the code's migrations have run, and restored by code that has more of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps.registry import Apps
from django.db import connection, connections, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.db.models.options import Options

from gongkai.core.backup.values import Kind, kind_of

Migration = tuple[str, str]  # application and name
LEFT_OUT = {  # signed in, or locked out, then and there; with addresses of visitors, which need not be kept
    "axes_accessattempt",
    "axes_accessattemptexpiration",
    "axes_accessfailurelog",
    "axes_accesslog",
    "django_session",
    "finding_change",  # what the index has still to learn: it is made anew
    "usersessions_usersession",
}
_ROWS_AT_ONCE = 100  # a row may hold a whole law


class UnknownMigrations(Exception):
    """The database, or a backup, has been through migrations that this software does not have."""

    def __init__(self, migrations: Collection[Migration]) -> None:
        names = "、".join(".".join(migration) for migration in sorted(migrations)[:3])
        super().__init__(f"数据来自较新版本的软件（{names}），这个版本用不了。请换用不低于它的版本。")


@dataclass(frozen=True, slots=True)
class Column:
    """A column, its field at that state of migrations, and how its values are saved."""

    name: str
    field: models.Field[Any, Any]
    kind: Kind

    @property
    def asked(self) -> str | Combinable:
        """What a queryset is asked for: the value, or of JSON the text that the database holds."""
        return Cast(self.field.attname, models.TextField()) if self.kind.name == "json" else self.field.attname


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the database; `number` is the column whose values the database gives out by itself, if there is one."""

    name: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    number: str | None

    def rows(self, alias: str) -> Iterator[tuple[Any, ...]]:
        """All rows in the order of their keys, a few at a time."""
        rows = self.model._base_manager.using(alias).order_by("pk")  # noqa: SLF001 - without what a manager hides
        return rows.values_list(*(column.asked for column in self.columns)).iterator(chunk_size=_ROWS_AT_ONCE)

    def count(self, alias: str) -> int:
        """How many rows there are."""
        return self.model._base_manager.using(alias).count()  # noqa: SLF001


def migrations_of(alias: str) -> set[Migration]:
    """The migrations that the database has been through, of the applications that are installed. Raises UnknownMigrations."""
    loader = MigrationLoader(connections[alias])
    applied = {(app, name) for app, name in loader.applied_migrations if app in loader.migrated_apps}
    _refuse_unknown(loader, applied)
    return applied


def nodes(loader: MigrationLoader, named: Iterable[Migration]) -> list[Migration]:
    """Those migrations as this software has them; what was squashed, one by one where only some are. Raises UnknownMigrations.

    The graph of `loader` is then built anew, of single migrations.
    """
    wanted = set(named)
    _refuse_unknown(loader, wanted)
    whole = {key for key, squashed in loader.replacements.items() if wanted.issuperset(squashed.replaces)}
    if any(wanted.intersection(squashed.replaces) for key, squashed in loader.replacements.items() if key not in whole):
        loader.replace_migrations = False  # type: ignore[attr-defined]  # not in the stubs
        loader.build_graph()
        return [node for node in loader.graph.nodes if node in wanted and node not in loader.replacements]
    return [node for node in loader.graph.nodes if node in wanted | whole]


def _refuse_unknown(loader: MigrationLoader, named: set[Migration]) -> None:
    replaced = {old for squashed in loader.replacements.values() for old in squashed.replaces}
    if unknown := named - loader.disk_migrations.keys() - replaced:
        raise UnknownMigrations(unknown)


def tables_at(loader: MigrationLoader, named: Iterable[Migration]) -> dict[str, Table]:
    """The tables, by name, of a database that has been through these migrations. Raises UnknownMigrations, UnknownKind."""
    apps: Apps = loader.project_state(nodes(loader, named)).apps
    found = (_table(model) for model in apps.get_models(include_auto_created=True) if _has_a_table(model))
    return {table.name: table for table in sorted(found, key=lambda table: table.name)}


def _options(model: type[models.Model]) -> Options[Any]:
    return model._meta  # noqa: SLF001 - Django's documented way to ask


def _has_a_table(model: type[models.Model]) -> bool:
    return _options(model).managed and not _options(model).proxy


def _table(model: type[models.Model]) -> Table:
    fields = [field for field in _options(model).local_concrete_fields if not field.generated]
    numbers = [field.column for field in fields if isinstance(field, models.AutoField)]
    columns = tuple(Column(str(field.column), field, kind_of(field)) for field in fields)
    return Table(_options(model).db_table, model, columns, numbers[0] if numbers else None)


@dataclass(frozen=True, slots=True)
class Pending:
    """How many migrations the database has still to go through, and whether it has been through any."""

    steps: int
    in_use: bool


def pending() -> Pending:
    """What a new version of the software would do to the database."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Pending(len(plan), bool(executor.loader.applied_migrations))
