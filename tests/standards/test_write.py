"""Writers: what they write reads back as it was, and what does not is told."""

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import InvalidRecord
from palermo.standards import flat, flat_cells, htcds, htcds_cells, read, record, source, table, write
from palermo.standards.answer import answered
from palermo.standards.field import Type
from palermo.standards.loss import Loss
from palermo.standards.record import Record
from palermo.standards.specimen import specimens
from palermo.standards.table import plain, safe
from palermo.standards.vocabulary import vocabulary
from tests.standards.documents import documents

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(
    str.strip
)
TYPED = {
    Type.TEXT: TEXT | st.sampled_from(["=1+1", "_x0041_", "'=x", "-5", "a;b|c\\", "+99900011122", "'"]),
    Type.EDTF: st.dates().map(str) | st.sampled_from(["2021", "2021-03"]),
    Type.INTEGER: st.integers(0, 30).map(str),
    Type.NUMBER: st.integers(-89, 89).map(str) | st.sampled_from(["-12.25", "0.5"]),
    Type.BOOLEAN: st.sampled_from(["TRUE", "FALSE"]),
}


def listed(column):
    """The codes that the standard lists for a field; a few countries and languages where it lists none."""
    name = column.home.vocabulary
    if column.name == "per_RoleInProcess":
        return [*htcds.labels("perpetrator_role"), *htcds.labels("trafficked_person_role")]
    return list(htcds.labels(name)) or sorted(vocabulary(name))[:40]


def cell(column):
    if column.name == "con_Consent":
        return st.just("TRUE")
    if not column.home.vocabulary:
        return TYPED[column.home.type]
    codes = st.sampled_from(listed(column))
    many = column.listed and column.name not in ("vic_ForcedLabourIndustry", "vic_RelationshipToTrafficker")
    return st.lists(codes, min_size=1, max_size=4, unique=True).map(";".join) if many else codes


ROW = st.fixed_dictionaries(
    {"con_Consent": st.just("TRUE")},
    optional={name: cell(column) for name, column in htcds.columns().items() if name != "con_Consent"},
)


def rows_of(*rows):
    """Rows of HTCDS cells by field name as a CSV file, with one header row of codes."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(htcds.columns()), restval="")
    writer.writeheader()
    writer.writerows({name: safe(value) for name, value in row.items()} for row in rows)
    return io.BytesIO(text.getvalue().encode())


def same(column, value):
    """A cell in a form in which the order of several choices does not matter."""
    return frozenset(value.split(";")) if column.listed else value


def comparable(cells):
    return {name: same(htcds.columns()[name], value) for name, value in cells.items() if value}


def kept(stream, **options):
    rows = list(read.records(stream, **options))
    assert [str(problem) for row in rows if row.refused for problem in row.problems] == []
    return [row.record for row in rows]


def written(writer, records, **options):
    stream = io.BytesIO()
    loss = writer(records, stream, **options)
    stream.seek(0)
    return stream, loss


@settings(max_examples=40, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=4))
def test_htcds_comes_back_whole_through_the_record_and_csv(rows):
    records = kept(rows_of(*rows), format="htcds")

    stream, loss = written(write.htcds, records)

    assert loss.lossless
    lines = list(csv.DictReader(io.TextIOWrapper(stream, encoding="utf-8", newline="")))[1:]
    assert [comparable({name: plain(value) for name, value in line.items()}) for line in lines] == list(
        map(comparable, rows)
    )


@settings(max_examples=8, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=4))
def test_htcds_comes_back_whole_through_the_record_and_a_workbook(rows):
    records = kept(rows_of(*rows), format="htcds")

    stream, loss = written(write.htcds, records, workbook=True)

    assert loss.lossless
    again = kept(stream)
    assert [each.document for each in again] == [each.document for each in records]


@pytest.mark.parametrize("name", [name for name, column in htcds.columns().items() if column.home.vocabulary])
def test_every_value_of_every_list_comes_back(name):
    column = htcds.columns()[name]
    answers = ["TRUE"] if name == "con_Consent" else listed(column)
    rows = [{"con_Consent": "TRUE", name: code} for code in answers]

    records = kept(rows_of(*rows), format="htcds")
    back = [htcds_cells.said(each.document)[0] for each in records]

    assert back == rows


ODD = {
    "schema_version": "1.0",
    "case": {"ref": "A-17", "opened_at": "202X", "closure_details": "two; parts\nand = more"},
    "person": {"sex": {"value": None, "state": "declined"}, "citizenships": [answered("XA"), answered("XB")]},
    "means": [{"kind": answered("Other"), "kind_text": "a;b|c\\"}, {"kind": answered("Threats")}],
    "exploitation": [
        {},
        {"platform": [answered("Line"), answered("QQ")], "place": "'=x"},
        {"intended_only": False},
    ],
}


def said(document):
    return json.dumps(document, sort_keys=True)


@pytest.mark.parametrize("name", ["jsonl", "csv"])
def test_our_own_formats_hold_every_record_whole(name):
    made = [ODD, *(each.document for each in specimens(150))]
    records = [record.read(document, where="test") for document in made]

    stream, loss = written(write.WRITERS[name], records)

    assert (loss.lossless, loss.written) == (True, len(records))
    assert [said(each.document) for each in kept(stream)] == [said(each.document) for each in records]


@settings(max_examples=80, deadline=None)
@given(st.lists(documents(), min_size=1, max_size=3))
def test_our_own_csv_holds_every_document_of_sound_form(found):
    stream, _ = written(write.csv, [Record(document=document) for document in found])

    with source.opened(stream) as opened:
        drafts = [draft for each in table.tables(opened) for draft in flat.drafts(each)]

    assert [said(draft.document) for draft in drafts] == list(map(said, found))


@settings(max_examples=30, deadline=None)
@given(ROW)
def test_our_own_csv_holds_every_record_that_htcds_can_say(row):
    (found,) = kept(rows_of(row), format="htcds")

    stream, _ = written(write.csv, [found])

    assert [each.document for each in kept(stream)] == [found.document]


@settings(deadline=None)
@given(st.lists(st.text(st.sampled_from("a;|\\ ")), min_size=1))
def test_parts_come_back_however_they_are_marked(parts):
    joined = ";".join("|".join(map(flat_cells.escaped, part.split(" "))) for part in parts)

    back = [" ".join(map(flat.unescaped, flat.split(part, "|"))) for part in flat.split(joined, ";")]

    assert back == parts


@settings(deadline=None)
@given(st.text() | st.text(st.sampled_from("'=+-@\t1a")))
def test_a_safe_cell_is_no_formula_and_gives_the_text_back(text):
    found = safe(text)

    assert plain(found) == text
    assert found[:1] not in tuple("=+@\t\r\n＝＋－＠")
    assert not found.startswith("-") or found[1:].replace(".", "", 1).isdecimal()


def a_record(**entities):
    return Record(document={"schema_version": "1.0", **entities})


def fates(loss: Loss):
    return {lost.path: (lost.became, lost.records) for lost in loss.lost}


def test_forced_criminality_becomes_other_in_htcds_and_the_report_says_so():
    records = [a_record(exploitation=[{"form": answered("ForcedCriminality")}])] * 2

    stream, loss = written(write.htcds, records)

    assert fates(loss) == {
        "exploitation[].form": ("written as Other, with ForcedCriminality in words in cco_CaseComment", 2)
    }
    assert b"Type of Exploitation: Other = ForcedCriminality" in stream.read()


@pytest.mark.parametrize(
    ("entities", "path", "fate"),
    [
        (
            {"recruitment": {"relation": [answered("Friend")]}},
            "recruitment.relation",
            "written as the wider code Acquainted",
        ),
        (
            {"person": {"gender": answered("TransOrNonConforming")}},
            "person.gender",
            "left out: the standard has no code",
        ),
        ({"person": {"sex": answered("f")}}, "person.sex", "has no place there"),
        ({"person": {"gender": {"value": None, "state": "declined"}}}, "person.gender", "has no place there"),
        ({"case": {"consent": answered("withdrawn")}}, "case.consent", "has no place there"),
        ({"case": {"opened_at": "2021"}}, "case.opened_at", "has no place there"),
    ],
    ids=["wider", "no code", "no field", "missing answer", "withdrawn", "no date"],
)
def test_what_htcds_cannot_say_is_told(entities, path, fate):
    _, loss = written(write.htcds, [a_record(**entities)])

    assert fates(loss)[path][0].startswith(fate)


def test_a_text_too_long_for_a_cell_is_left_out_of_the_workbook_and_told():
    long = a_record(comment=[{"text": "x" * 40_000}])

    _, loss = written(write.htcds, [long], workbook=True)

    assert fates(loss) == {"cco_CaseComment": (write.LONG, 1)}


CTDC = {
    "case": {"year_registered": 2020, "data_source": answered("case_management")},
    "person": {"sex": answered("f"), "age_band": answered("9-17"), "citizenships": [answered("XA")]},
    "means": [{"kind": answered("DebtBondageEarnings")}, {"kind": answered("Threats")}],
    "exploitation": [
        {"form": answered("ForcedLabour"), "industry": answered("F_Construction"), "country": answered("XB")}
    ],
    "recruitment": {"relation": [answered("Friend")]},
}


def test_a_statistical_record_comes_back_whole_from_ctdc():
    stream, loss = written(write.ctdc, [a_record(**CTDC)])

    (back,) = kept(stream, format="ctdc")
    assert loss.lossless
    assert back.document == {"schema_version": "1.0", **CTDC}


@pytest.mark.parametrize(
    ("kind", "flag"),
    [
        ("TakesEarnings", "meansDebtBondageEarnings"),
        ("SexualAbuse", "meansAbusePsyPhySex"),
        ("PhysicalThreats", "meansThreats"),
    ],
)
def test_parts_turn_their_composite_flag_on_and_the_report_says_so(kind, flag):
    stream, loss = written(write.ctdc, [a_record(means=[{"kind": answered(kind)}])])

    (line,) = csv.DictReader(io.TextIOWrapper(stream, encoding="utf-8"))
    assert line[flag] == "1"
    assert fates(loss)["means[].kind"] == (f"written as {flag}", 1)


def test_other_flags_hold_what_no_flag_names_and_no_stays_no():
    document = {
        "case": {"forms_excluded": [answered("ForcedLabour")]},
        "exploitation": [{"form": answered("OrganRemoval")}],
        "recruitment": {"relation": [answered("Stranger")]},
        "person": {"gender": answered("TransgenderFeminine")},
    }

    stream, loss = written(write.ctdc, [a_record(**document)])

    (line,) = csv.DictReader(io.TextIOWrapper(stream, encoding="utf-8"))
    assert (line["isOtherExploit"], line["isForcedLabour"], line["isSexualExploit"]) == ("1", "0", "")
    assert (line["recruiterRelationOther"], line["gender"]) == ("1", "Trans/NonConforming")
    assert {"exploitation[].form", "recruitment.relation", "person.gender"} <= set(fates(loss))


def test_a_file_appears_only_when_it_is_whole(tmp_path):
    def broken():
        yield a_record()
        raise InvalidRecord("test", ())

    with pytest.raises(InvalidRecord):
        write.jsonl(broken(), tmp_path / "cases.jsonl")
    assert list(tmp_path.iterdir()) == []

    write.jsonl([a_record()], tmp_path / "cases.jsonl")
    assert [each.name for each in tmp_path.iterdir()] == ["cases.jsonl"]


def test_a_loss_report_is_sorted_and_counts_records_not_values():
    loss = Loss()
    loss.record({("b", "x"), ("a", "y")})
    loss.record({("b", "x")})

    assert loss.document() == {
        "written": 2,
        "lost": [{"field": "a", "became": "y", "records": 1}, {"field": "b", "became": "x", "records": 2}],
    }
    assert [str(each) for each in loss.lost] == ["a: y (1 records)", "b: x (2 records)"]


def test_the_report_names_declared_paths_even_where_a_key_is_called_state():
    address = {"kind": answered("mailing"), "city": "x", "state": "y"}

    _, loss = written(write.ctdc, [a_record(person={"addresses": [address]})])

    assert {"person.addresses[].city", "person.addresses[].state", "person.addresses[].kind"} <= set(
        fates(loss)
    )
