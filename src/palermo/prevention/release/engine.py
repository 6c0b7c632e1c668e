"""Where rows are grouped: DuckDB in this process, or another engine that answers the same SQL.

Only what both understand is asked: a view of text cells, small tables to join, and group by. What a grouping
makes, distinct rows with how many persons have each, is small enough to be held by the process that asks.
"""

from collections.abc import Mapping, Sequence
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from palermo.prevention.release.plain import Parquet, Plain

Table = Mapping[str, Sequence[str] | Sequence[int]]
MEMORY = "1500MB"
"""What DuckDB holds before it puts codes, never names, in a temporary folder that is removed in the end."""


class Engine(Protocol):
    """What grouping needs."""

    def scan(self, file: Plain | Parquet, columns: Sequence[str]) -> None:
        """Make a view `given` of the named columns of a file, as texts c0, c1 and so on."""

    def names(self, file: Parquet) -> Sequence[str]:
        """The columns of a Parquet file."""

    def keep(self, name: str, table: Table) -> None:
        """Make a small table of texts and whole numbers."""

    def define(self, name: str, query: str) -> None:
        """Make a view of a query."""

    def texts(self, places: int) -> list[list[str]]:
        """The different texts of each of the first columns of `given`."""

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """The few rows of a query."""

    def numbers(self, query: str) -> Mapping[str, NDArray[np.int64]]:
        """The columns of a query of whole numbers."""


class Duck:
    """DuckDB, with a folder of its own for what does not fit in memory."""

    def __init__(self, *, memory: str = MEMORY) -> None:
        import duckdb

        self._folder = TemporaryDirectory(prefix="palermo-release-")
        self._known: set[str] = set()
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "temp_directory": self._folder.name,
            "preserve_insertion_order": False,
        }
        self._connection = duckdb.connect(config=settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._folder.cleanup()

    def scan(self, file: Plain | Parquet, columns: Sequence[str]) -> None:
        if isinstance(file, Parquet):
            texts = [
                f"coalesce(CAST({named(name)} AS VARCHAR), '') AS c{at}" for at, name in enumerate(columns)
            ]
            source = f"read_parquet({literal(str(file.path))})"
        else:
            places = [file.columns.index(name) for name in columns]
            texts = [f"coalesce(x{place}, '') AS c{at}" for at, place in enumerate(places)]
            source = _csv(file)
        self.define("given", f"SELECT {', '.join(texts)} FROM {source}")  # noqa: S608  # names are quoted

    def names(self, file: Parquet) -> Sequence[str]:
        told = self.rows(f"DESCRIBE FROM read_parquet({literal(str(file.path))})")
        return [str(row[0]) for row in told]

    def keep(self, name: str, table: Table) -> None:
        kinds = {True: "VARCHAR", False: "SMALLINT"}
        columns = [f"{key} {kinds[bool(held) and isinstance(held[0], str)]}" for key, held in table.items()]
        self._connection.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
        parts = ", ".join("unnest(?)" for _ in table)
        query = f"INSERT INTO {name} SELECT {parts}"
        self._connection.execute(query, [list(held) for held in table.values()])

    def append(self, name: str, columns: Mapping[str, NDArray[np.int16] | NDArray[np.object_]]) -> None:
        """Add rows to a table, which is made at the first."""
        self._connection.register("part", dict(columns))
        verb = f"INSERT INTO {name}" if name in self._known else f"CREATE TABLE {name} AS"
        self._connection.execute(f"{verb} SELECT * FROM part")  # noqa: S608  # our own names
        self._connection.unregister("part")
        self._known.add(name)

    def define(self, name: str, query: str) -> None:
        self._connection.execute(f"CREATE OR REPLACE VIEW {name} AS {query}")

    def texts(self, places: int) -> list[list[str]]:
        lists = ", ".join(f"list(DISTINCT c{place})" for place in range(places))
        ((*found,),) = self.rows(f"SELECT {lists} FROM given")  # noqa: S608  # our own names
        return [list(one or ()) for one in found]  # type: ignore[call-overload]  # lists, by the query

    def rows(self, query: str) -> list[tuple[object, ...]]:
        return self._connection.execute(query).fetchall()

    def numbers(self, query: str) -> Mapping[str, NDArray[np.int64]]:
        return self._connection.execute(query).fetchnumpy()


def _csv(file: Plain) -> str:
    columns = ", ".join(f"'x{place}': 'VARCHAR'" for place in range(len(file.columns)))
    return (
        f"read_csv({literal(str(file.path))}, auto_detect=false, header=false, skip=1, quote='', escape='', "
        f"delim={literal(file.delimiter)}, strict_mode=true, "
        f"compression='{'gzip' if file.compressed else 'none'}', "
        f"max_line_size={2 * file.longest + 2}, columns={{{columns}}})"
    )


def literal(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"


def named(name: str) -> str:
    """A column's name in DuckDB's SQL."""
    return '"' + name.replace('"', '""') + '"'
