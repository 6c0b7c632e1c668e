"""The same grouping on Apache Spark, for files that one machine should not carry; needs the extra `spark`.

Only SQL travels and no code of ours. The file lies where every worker reads it under the same path.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from palermo.prevention.release.engine import Table
from palermo.prevention.release.plain import Parquet, Plain

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


class Spark:
    """A Spark session, with views of its own."""

    def __init__(self, session: "SparkSession") -> None:
        self._session = session.newSession()

    def scan(self, file: Plain | Parquet, columns: Sequence[str]) -> None:
        frame = self._parquet(file) if isinstance(file, Parquet) else self._csv(file)
        names = [f"coalesce(CAST({_named(name)} AS STRING), '') AS c{at}" for at, name in enumerate(columns)]
        frame.selectExpr(*names).createOrReplaceTempView("given")

    def _parquet(self, file: Parquet) -> "DataFrame":
        return self._session.read.parquet(file.path.absolute().as_uri())

    def _csv(self, file: Plain) -> "DataFrame":
        from pyspark.sql.types import StringType, StructField, StructType

        return self._session.read.csv(
            file.path.absolute().as_uri(),
            schema=StructType([StructField(name, StringType()) for name in file.columns]),
            sep=file.delimiter,
            header=True,
            quote="",
            escape="\0",
            mode="FAILFAST",
            maxCharsPerColumn=file.longest,
        )

    def names(self, file: Parquet) -> Sequence[str]:
        return list(map(str, self._parquet(file).columns))

    def keep(self, name: str, table: Table) -> None:
        kinds = {True: "string", False: "smallint"}
        schema = ", ".join(
            f"{key} {kinds[bool(held) and isinstance(held[0], str)]}" for key, held in table.items()
        )
        rows = list(zip(*table.values(), strict=True))
        self._session.createDataFrame(rows, schema).createOrReplaceTempView(name)

    def define(self, name: str, query: str) -> None:
        self._session.sql(query).createOrReplaceTempView(name)

    def texts(self, places: int) -> list[list[str]]:
        sets = ", ".join(f"collect_set(c{place}) AS c{place}" for place in range(places))
        (row,) = self.rows(f"SELECT {sets} FROM given")  # noqa: S608  # our own names
        return [list(map(str, one)) for one in row]  # type: ignore[call-overload]  # lists, by the query

    def rows(self, query: str) -> list[tuple[object, ...]]:
        return [tuple(row) for row in self._session.sql(query).collect()]

    def numbers(self, query: str) -> Mapping[str, NDArray[np.int64]]:
        found = self._session.sql(query).toArrow()
        return {name: found[name].to_numpy() for name in found.column_names}


def _named(name: str) -> str:
    """A column's name in Spark's SQL."""
    return "`" + name.replace("`", "``") + "`"
