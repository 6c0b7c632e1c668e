"""A table read by a real Spark master and worker gives the persons, counts and digest that DuckDB gives."""

import pytest

from palermo.errors import InvalidRecord
from palermo.prevention.release import counts, intake, schema_text
from palermo.prevention.release.cluster import Spark
from palermo.prevention.release.engine import Duck
from palermo.prevention.release.opening import opened
from tests.prevention.release.made_up import COLUMNS, a_schema_text, csv, rows
from tests.prevention.release.test_counts import all_cells
from tests.prevention.test_spark import cluster, on_a_cluster, session, sessions

__all__ = ["cluster", "session", "sessions"]  # fixtures


def digest(secret, schema, cap=5):
    """One name for all counts of persons."""
    sizes = schema.sizes
    two, three = (
        counts.pairs(secret, all_cells(sizes, 2), cap),
        counts.triples(secret, all_cells(sizes, 3), cap),
    )
    return opened(
        counts.digest(counts.persons(secret), counts.recorded(secret), counts.ones(secret), two, three)
    )


def a_file(folder, table, header=COLUMNS):
    (folder / "table.csv").write_text(csv(table, header=header), encoding="utf-8")
    return folder / "table.csv"


@on_a_cluster
def test_counts_on_spark_have_the_digest_of_those_in_duckdb(tmp_path, session):
    path, schema = a_file(tmp_path, rows(3_000)), schema_text.read(a_schema_text())

    there = intake.read(path, schema, engine=Spark(session))

    assert digest(there.persons, schema) == digest(intake.read(path, schema).persons, schema)


@on_a_cluster
def test_parquet_on_spark_has_the_same_digest(tmp_path, session):
    path, schema = a_file(tmp_path, rows(500)), schema_text.read(a_schema_text())
    with Duck() as duck:
        duck.rows(f"COPY (FROM read_csv('{path}', all_varchar=true)) TO '{tmp_path}/t.parquet'")

    there = intake.read(tmp_path / "t.parquet", schema, engine=Spark(session))

    assert digest(there.persons, schema) == digest(intake.read(path, schema).persons, schema)


@on_a_cluster
def test_rows_of_a_person_are_merged_alike_on_spark(tmp_path, session):
    table = [
        (*row, f"{number % 300}\xa0" if number % 2 else str(number % 300))
        for number, row in enumerate(rows(900))
    ]
    schema = schema_text.read(a_schema_text(person='person = "id"\nduplicates = "merge"'))
    path = a_file(tmp_path, table, header=(*COLUMNS, "id"))

    there = intake.read(path, schema, engine=Spark(session))

    assert opened(counts.persons(there.persons)).tolist() == [300]
    assert digest(there.persons, schema) == digest(intake.read(path, schema).persons, schema)


@on_a_cluster
def test_spark_refuses_what_duckdb_refuses(tmp_path, session):
    table = [("2029", "f", "Maria", "XA", "", "", "", ""), *rows(20)]
    path, schema = a_file(tmp_path, table), schema_text.read(a_schema_text())

    told = []
    for engine in (None, Spark(session)):
        with pytest.raises(InvalidRecord) as refused:
            intake.read(path, schema, engine=engine)
        told.append(str(refused.value))

    assert told[0] == told[1]
