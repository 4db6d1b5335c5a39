"""What PostgreSQL says of the tables: their columns and keys, and the SQL to copy them by."""

from dataclasses import dataclass
from typing import Final

from django.db import connection
from psycopg import sql

from concordat.exchange.rules import Column, Exported

# Generated columns follow from others, and a number that the installation itself gives out means
# nothing elsewhere: neither is taken along.
_COLUMNS: Final = """
SELECT a.attname, format_type(a.atttypid, NULL), NOT a.attnotnull,
       coalesce(a.attnum = ANY (k.indkey), false)
FROM pg_attribute a
LEFT JOIN pg_index k ON k.indrelid = a.attrelid AND k.indisprimary
WHERE a.attrelid = to_regclass(%s) AND a.attnum > 0 AND NOT a.attisdropped
  AND a.attgenerated = '' AND a.attidentity = ''
ORDER BY a.attnum
"""

_AS_WRITTEN: Final = (
    "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; "
    "SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'"
)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """The columns of a table that are taken along, and the names of those that make its key.

    Without a key of its own a row is all that it says.
    """

    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns’ names, in the order of a file."""
        return tuple(column.name for column in self.columns)


def shape_of(table: str) -> Shape:
    """Return what is taken along of a table."""
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [f"public.{table}"])
        found = cursor.fetchall()
    return Shape(
        columns=tuple(Column(name=n, type=kind, nullable=null) for n, kind, null, _ in found),
        key=tuple(name for name, *_, in_key in found if in_key),
    )


def write_alike() -> None:
    """Let this transaction write values as every installation does, whatever its own settings."""
    with connection.cursor() as cursor:
        cursor.execute(_AS_WRITTEN)


def taken_rows(one: Exported, shape: Shape) -> sql.Composed:
    """Return the SQL of a force’s rows of a table, always in the same order."""
    in_order = [column for column in shape.columns if column.name in (shape.key or shape.names)]
    return sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY {}").format(
        names_of(shape.names),
        sql.Identifier(one.table),
        sql.SQL(one.taken),  # a constant of ours
        sql.SQL(", ").join(map(_ordered, in_order)),
    )


def names_of(columns: tuple[str, ...]) -> sql.Composed:
    """Return a list of columns as SQL."""
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _ordered(column: Column) -> sql.Composable:
    name = sql.Identifier(column.name)
    return name + sql.SQL(' COLLATE "C"') if column.type == "text" else name
