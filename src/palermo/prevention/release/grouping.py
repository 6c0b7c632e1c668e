"""Distinct rows of a table and how many persons have each, by SQL that every engine understands alike."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from palermo.errors import InvalidRecord, Problem
from palermo.prevention.release.engine import Engine, literal
from palermo.prevention.release.fault import fault, refusal
from palermo.prevention.release.persons import Persons
from palermo.prevention.release.plain import Parquet, Plain
from palermo.prevention.release.schema import Column, Schema
from palermo.prevention.release.unlisted import Unlisted

MOST_VALUES = 200_000
"""Different texts in a column beyond which it cannot be one of codes."""

Row = NDArray[np.int16]


def grouped(file: Plain | Parquet, schema: Schema, engine: Engine, *, salt: str) -> Persons:
    """The persons of a file that the engine reads itself; `salt` hides who they are while they are merged."""
    where, asked = file.path.name, [column.name for column in schema.columns]
    engine.scan(file, [*asked, schema.person] if schema.person else asked)
    if problems := _too_many(schema, engine):
        raise InvalidRecord(where, problems)
    texts = engine.texts(len(asked))
    if not texts[0]:
        raise refusal(where, "no-rows", path="file")
    if problems := [*_unlisted(schema, texts), *_nobody(schema, engine)]:
        raise InvalidRecord(where, problems)
    start = 0
    for number, column in enumerate(schema.columns):
        engine.keep(f"m{number}", _meaning(column, texts[number], start))
        start += len(column.fields)
    engine.define("coded", _coded(schema, salt))
    return distinct(where, schema, engine)


def distinct(where: str, schema: Schema, engine: Engine) -> Persons:
    """The distinct rows of the table `coded`, one row a person."""
    fields = [f"f{number}" for number in range(len(schema.fields))]
    rows = "coded"
    if schema.person is not None and schema.duplicates == "merge":
        engine.define("merged", _merged(fields))
        rows = "merged"
    elif schema.person is not None and engine.rows(_TWICE):
        raise refusal(where, "duplicate-person", path=f"column {schema.person}")
    names = ", ".join(fields)
    found = engine.numbers(f"SELECT {names}, count(*) AS weight FROM {rows} GROUP BY {names}")  # noqa: S608  # our names
    return _persons([found[name] for name in fields], found["weight"], schema)


def _persons(columns: Sequence[NDArray[np.int64]], weights: NDArray[np.int64], schema: Schema) -> Persons:
    codes = np.empty((len(weights), len(columns)), dtype=np.int16, order="F")
    for place, column in enumerate(columns):
        codes[:, place] = column
    return Persons(codes=codes, weights=np.asarray(weights, dtype=np.int64), sizes=schema.sizes)


def columns(codes: Row, people: Sequence[str]) -> dict[str, NDArray[np.int16] | NDArray[np.object_]]:
    """Coded rows as the table `coded` has them."""
    found: dict[str, NDArray[np.int16] | NDArray[np.object_]] = {
        f"f{place}": np.ascontiguousarray(codes[:, place]) for place in range(codes.shape[1])
    }
    return found | ({"person": np.array(people, dtype=object)} if people else {})


_TWICE = (
    "SELECT 1 FROM (SELECT person, count(*) AS times FROM coded GROUP BY person) AS p WHERE times > 1 LIMIT 1"
)


def _merged(fields: Sequence[str]) -> str:
    """One row a person; what two rows of a person record differently is not recorded."""
    facts = ", ".join(
        f"CASE WHEN min(nullif({name}, 0)) = max(nullif({name}, 0)) THEN max({name}) ELSE 0 END AS {name}"
        for name in fields
    )
    return f"SELECT {facts} FROM coded GROUP BY person"  # noqa: S608  # our own names


def _too_many(schema: Schema, engine: Engine) -> list[Problem]:
    places = range(len(schema.columns))
    told = ", ".join(f"approx_count_distinct(c{place})" for place in places)
    (counts,) = engine.rows(f"SELECT {told} FROM given")  # noqa: S608  # our own names
    return [
        fault("many-values", path=f"column {schema.columns[place].name}", limit=MOST_VALUES)
        for place in places
        if int(str(counts[place])) > MOST_VALUES
    ]


def _unlisted(schema: Schema, texts: Sequence[Sequence[str]]) -> Iterator[Problem]:
    for column, cells in zip(schema.columns, texts, strict=False):
        unlisted = Unlisted(column=column)
        for cell in cells:
            unlisted.add(cell)
        yield from unlisted.problems()


def _nobody(schema: Schema, engine: Engine) -> list[Problem]:
    if schema.person is None:
        return []
    person = _person(len(schema.columns))
    found = engine.rows(f"SELECT 1 FROM given WHERE {person} = '' LIMIT 1")  # noqa: S608  # our own names
    return [fault("person-missing", path=f"column {schema.person}")] if found else []


def _person(place: int) -> str:
    """The person of a row; `who` says the same of a cell."""
    return f"trim(replace(replace(c{place}, chr(9), ''), chr(160), ''))"


def who(cell: str) -> str:
    """The person that a cell names, without the blanks that nobody sees."""
    return cell.replace("\t", "").replace("\xa0", "").strip(" ")


def _meaning(column: Column, cells: Sequence[str], start: int) -> Mapping[str, Sequence[str] | Sequence[int]]:
    """What each text of a column means for each of its fields, of which `start` is the first."""
    values = [column.values(cell) or () for cell in cells]
    fields = {f"f{start + place}": [one[place] for one in values] for place in range(len(column.fields))}
    return {"cell": list(cells), **fields}


def _coded(schema: Schema, salt: str) -> str:
    joins = " ".join(f"JOIN m{place} ON c{place} = m{place}.cell" for place in range(len(schema.columns)))
    wanted = [f"f{place}" for place in range(len(schema.fields))]
    if schema.person is not None:
        wanted.append(f"md5(concat({literal(salt)}, {_person(len(schema.columns))})) AS person")
    return f"SELECT {', '.join(wanted)} FROM given {joins}"  # noqa: S608  # our own names
