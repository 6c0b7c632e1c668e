from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from palermo.errors import InvalidRecord, Unreachable
from palermo.prevention.release import described, figure, intake, made, pack, packed, schema_text
from palermo.prevention.release.described import Telling
from palermo.prevention.release.plan import Plan
from tests.prevention.release import made_up

DAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def schema():
    return schema_text.read(made_up.a_schema_text())


@pytest.fixture(scope="module")
def release(schema):
    plan = Plan(sizes=schema.sizes, epsilon=4.0, delta=1e-5, ways=2)
    secret = intake.of_rows(made_up.COLUMNS, made_up.rows(1_200), schema)
    return made.make(secret, plan, seed=1, effort=made.Effort(fits=1, moves=5))


@pytest.fixture
def folder(release, schema, tmp_path):
    pack.write(described.files(release, schema, Telling(on=DAY), signed=False), tmp_path / "pack", key=None)
    return tmp_path / "pack"


def test_a_pack_read_back_has_the_rows_counts_and_promise_of_its_release(folder, release, schema):
    found = packed.read(folder, schema)

    assert np.array_equal(found.rows, release.rows)
    assert figure.written(found.figures) == figure.written(described.figures(release, schema))
    assert (found.rho_micro, found.delta) == (release.rho_micro, release.delta)
    assert found.epsilon == pytest.approx(release.epsilon, abs=0.001)
    assert (found.plan.ways, found.plan.sizes) == (2, schema.sizes)


def test_a_pack_of_counts_alone_has_no_rows(release, schema, tmp_path):
    alone = replace(release, rows=None)
    pack.write(described.files(alone, schema, Telling(on=DAY), signed=False), tmp_path / "pack")

    assert packed.read(tmp_path / "pack", schema).rows is None


@pytest.mark.parametrize(
    "changes", [{'codes = ["yes", "no"]': 'codes = ["no", "yes"]'}, {'"child"': '"minor"'}]
)
def test_a_pack_is_not_read_with_another_schema(folder, changes):
    other = schema_text.read(made_up.a_schema_text(changes=changes))

    with pytest.raises(InvalidRecord, match="The pack does not have this column as the schema does"):
        packed.read(folder, other)


def test_columns_in_another_order_are_another_schema(folder, schema):
    with pytest.raises(InvalidRecord, match="column year"):
        packed.read(folder, replace(schema, columns=schema.columns[::-1]))


@pytest.mark.parametrize("name", ["rows.csv", "counts.csv"])
def test_a_table_that_was_changed_is_refused(folder, schema, name):
    with (folder / name).open("ab") as file:
        file.write(b"\n")

    with pytest.raises(InvalidRecord, match=rf"{name}: The file is not the one that was published"):
        packed.read(folder, schema)


def test_a_folder_without_a_card_is_no_pack(folder, schema):
    (folder / "card.json").unlink()

    with pytest.raises(InvalidRecord, match=r"card.json: The file is missing"):
        packed.read(folder, schema)


def test_a_folder_that_cannot_be_read_is_refused(folder, schema):
    (folder / "card.json").unlink()
    (folder / "card.json").mkdir()

    with pytest.raises(Unreachable, match="Give a folder that you may read"):
        packed.read(folder, schema)
