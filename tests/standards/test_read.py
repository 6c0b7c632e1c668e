"""Reading any file: what format it is, and what is wrong with damaged, mislabelled or hostile ones."""

import csv
import datetime as dt
import io
import json
import tracemalloc
import zipfile

import openpyxl
import pytest
import xlsxwriter

from palermo.errors import InvalidRecord, Unknown
from palermo.standards import read
from palermo.standards.source import Limits

HEADER = "person.sex,person.gender,means[].kind"
ROW = "f,Feminine,Threats;Abuse"


def stream(text, codec="utf-8"):
    return io.BytesIO(text.encode(codec) if isinstance(text, str) else text)


def rows(given, **options):
    return list(read.records(stream(given) if isinstance(given, (str, bytes)) else given, **options))


def refused(given, **options):
    with pytest.raises(InvalidRecord) as caught:
        rows(given, **options)
    return caught.value.problems[0]


def rules(row):
    return [problem.rule for problem in row.problems]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_any_encoding_and_any_separator_give_the_same_record(codec, mark):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=mark)
    writer.writerows(
        [["case.closure_details", "person.sex", "means[].kind"], ["fermé à l'été", "f", "Threats;Abuse"]]
    )

    reading = read.records(stream(text.getvalue(), codec))

    (row,) = reading
    assert row.record.document["case"]["closure_details"] == "fermé à l'été"
    assert len(row.record.document["means"]) == 2
    assert f"separator {mark!r}" in reading.notes


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ("", "empty-file"),
        (HEADER + "\n", "header-only"),
        ("person.sex,person.sex\nf,f\n", "duplicate-header"),
        ("person.sex\nf\n", "wrong-delimiter"),
        ("person.sex~means[].kind\nf~Threats\n", "wrong-delimiter"),
        ("one,two,three\n1,2,3\n", "unknown-format"),
        (HEADER + "".join(f",c{n}" for n in range(2_000)) + "\n" + ROW + "\n", "too-many-columns"),
        (HEADER + "\n" + (ROW + ",9\n") * 5, "shifted-header"),
        ("person.sex,person.na\0me\nf,x\n", "zero-byte"),
        ('{"count": 2, "results": 7}', "no-array"),
        ("person.sex," * 200_000, "line-too-long"),
        ("person.sex,one\0two\nf,g\n", "zero-byte"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_is_refused_with_its_remedy(given, rule):
    problem = refused(given)

    assert problem.rule == rule
    assert problem.remedy


def test_values_that_stand_beside_their_names_are_told_by_the_distance():
    shifted = "person.sex,person.gender,person.marital,note\n" + "7,f,Feminine,Single\n" * 9

    assert "1 column(s) to the right" in refused(shifted).wrong


def test_an_unknown_format_names_those_there_are():
    assert "jsonl, csv, htcds, xlsform, ctdc" in refused(HEADER + "\n" + ROW, format="sdmx").remedy


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        ("f,Feminine", "ragged-row"),
        ("f,Feminine,Threats,extra", "ragged-row"),
        ('f,"Feminine" x,Threats', "broken-quotes"),
        ("f,Femi\0nine,Threats", "zero-byte"),
        ("x" * 3_000, "line-too-long"),
        ("purple,Feminine,Threats", "R15"),
        ("(perhaps),Feminine,Threats", "state"),
    ],
)
def test_one_bad_row_is_refused_with_its_line_and_the_others_are_read(bad, rule):
    found = rows(f"{HEADER}\n{ROW}\n{bad}\n{ROW}\n", limits=Limits(line=2_000))

    assert [row.number for row in found] == [2, 3, 4]
    assert [row.refused for row in found] == [False, True, False]
    assert rules(found[1]) == [rule]


def test_a_quotation_that_never_closes_is_told_with_the_lines_it_swallowed():
    found = rows(f'{HEADER}\n{ROW}\nf,"Feminine,Threats\n{ROW}\n')

    assert [row.refused for row in found] == [False, True]
    assert "(line 3 to line 4)" in found[1].problems[0].wrong


def test_a_row_over_several_lines_is_numbered_by_its_first():
    found = rows('case.closure_details,person.sex\n"one\ntwo",f\nthree,purple\n')

    assert [row.number for row in found] == [2, 4]


def test_wrong_bytes_spoil_one_row_only():
    good = f"{ROW}\n" * 9_000

    found = rows(f"{HEADER}\n{good}".encode() + b"f,Femin\xe9e\xff,Threats\n" + ROW.encode())

    assert [rules(row) for row in found if row.refused] == [["wrong-bytes"]]
    assert len(found) == 9_002


def test_a_mapped_column_that_is_not_there_is_refused_with_those_that_are():
    problem = refused("person.sex,Note\nf,x\n", mapping={"Note": "", "Nope": "person.gender"})

    assert (problem.rule, problem.path) == ("absent-column", "header")
    assert "'Nope'" in problem.wrong
    assert problem.remedy == "Name one of its columns: person.sex, Note."


@pytest.mark.parametrize(
    ("text", "columns", "unclaimed"),
    [
        ("person.sex,shelter\nf,1\n", (("person.sex", "person.sex"),), ("shelter",)),
        (
            "yearOfRegistration,Datasource,ExploitType,isForcedLabour,control_category,bed\n2020,,,1,,2\n",
            (
                ("yearOfRegistration", "case.year_registered"),
                ("Datasource", "case.data_source"),
                ("ExploitType", "exploitation[].form"),
                ("isForcedLabour", "exploitation[].form"),
                ("control_category", "means[].kind"),
            ),
            ("bed",),
        ),
        (
            "g/prs_Gender,prs_Birthdate,vic_MethodsOfControl/Threats,_uuid,bed\nfemale,,1,u,2\n",
            (
                ("g/prs_Gender", "person.gender"),
                ("prs_Birthdate", "person.birth"),
                ("vic_MethodsOfControl/Threats", "means[].kind"),
                ("_uuid", "case.ref"),
            ),
            ("bed",),
        ),
        ("prs_Gender,prs_Birthdate,Bed\n,2001-01-01,2\n", None, ("Bed",)),
    ],
    ids=["csv", "ctdc", "xlsform", "htcds"],
)
def test_a_reading_says_which_field_each_column_fills(text, columns, unclaimed):
    with read.records(stream(text)) as reading:
        assert reading.columns == (
            columns or (("prs_Gender", "person.gender"), ("prs_Birthdate", "person.birth"))
        )
        assert reading.unclaimed == unclaimed


def test_a_misspelt_mapping_is_told_before_the_format_and_repeats_no_cell():
    problem = refused("Sexe,Secret\nf,x\n", mapping={"Sxe": "person.sex"})

    assert problem.rule == "absent-name"
    assert "'Sxe'" in problem.wrong
    assert "Secret" not in repr(problem)


def test_a_mapping_of_json_is_refused():
    assert refused(document(), mapping={"sex": "person.sex"}).rule == "mapped-json"


def test_the_encoding_may_be_named():
    reading = read.records(stream("case.closure_details,person.sex\nété,f\n", "cp1252"), codec="cp1252")

    assert "cp1252, as asked" in reading.notes
    assert next(iter(reading)).record.document["case"]["closure_details"] == "été"


def test_the_raw_value_is_kept_only_for_statistical_codes():
    consent = '[{"purpose": {"value": "services", "state": "answered"}, "given": true}]'.replace('"', '""')
    header = "person.sex,need[].service,consent"

    (row,) = rows(f'{header}\nfemalle,palace,"{consent}"\n')

    assert {problem.path for problem in row.problems} == {"person.sex", "need[0].service"}
    assert row.raw == {"person.sex": "femalle"}
    assert "palace" not in str(row.problems)


def test_a_raw_value_unlike_every_code_is_not_kept_as_it_may_be_a_name():
    (row,) = rows("person.sex,person.gender\nZephyrine,Feminine\n")

    assert row.refused
    assert row.raw == {}


def test_plain_columns_and_the_column_of_their_entity_may_not_both_speak():
    (row,) = rows('person.sex,person\nf,"{""sex"": {""value"": ""m"", ""state"": ""answered""}}"\n')

    assert rules(row) == ["said-twice"]


@pytest.mark.parametrize(
    ("cell", "column", "rule"),
    [
        ("many", "case.year_registered", "unreadable-number"),
        ("perhaps", "exploitation[].intended_only", "unreadable-tick"),
        ("{", "person", "not-json"),
    ],
)
def test_cells_of_the_wrong_kind_are_told(cell, column, rule):
    (row,) = rows(f"{column},case.ref\n{cell},A1\n")

    assert rules(row) == [rule]


def document(**entities):
    return json.dumps({"schema_version": "1.0", **entities})


def test_json_lines_are_told_from_their_first_line_and_numbered():
    lines = [
        document(),
        "",
        document(case={"ref": "A-1"}),
        '{"a": 1, "a": 2}',
        "[1]",
        '{"cut": ',
        '{"x": NaN}',
        "[" * 99_999,
    ]

    found = rows("\n".join(lines) + "\n")

    assert [row.number for row in found] == [1, 3, 4, 5, 6, 7, 8]
    assert [row.refused for row in found] == [False, False, *[True] * 5]
    assert [rules(row)[0] for row in found[2:]] == ["repeated-key", *["not-json"] * 4]


def test_a_json_fault_never_repeats_the_text():
    (row,) = rows('{"schema_version": "1.0", "person": Amina}')

    assert "Amina" not in str(row.problems)


def test_our_own_records_may_also_stand_in_an_array():
    found = rows(f"[{document()}, {document(case={'ref': 'B]{'})},\n{document()}]")

    assert [row.number for row in found] == [1, 2, 3]
    assert found[1].refused


@pytest.mark.parametrize(
    ("text", "rule"),
    [("[{}, {", "cut-array"), ("[{}", "cut-array"), ('[{"schema_version": ' + "1" * 70_000, "line-too-long")],
)
def test_an_array_that_does_not_end_is_refused(text, rule):
    assert refused(text, format="jsonl", limits=Limits(line=2_000)).rule == rule


@pytest.mark.parametrize("rest", ["{}", "\n\n[]", " " * 70_000 + "x"])
def test_nothing_may_follow_an_array(rest):
    assert refused(f"[{document()}]\n{rest}", format="jsonl").rule == "after-array"


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("order", [["count", "next", "results"], ["count", "results", "next"]])
def test_one_page_of_several_is_refused_and_its_address_not_repeated(order, indent):
    values = {"count": 2, "next": "https://server.example/?key=secret", "results": [json.loads(document())]}

    problem = refused(json.dumps({name: values[name] for name in order}, indent=indent))

    assert problem.rule == "one-page"
    assert "secret" not in repr(problem)


@pytest.mark.parametrize("after", [None, ""])
@pytest.mark.parametrize("order", [["count", "next", "results"], ["count", "results", "next"]])
def test_the_only_page_of_an_export_is_read(order, after):
    values = {"count": 1, "next": after, "results": [json.loads(document())]}

    assert len(rows(stream(json.dumps({name: values[name] for name in order}, indent=1)))) == 1


def test_an_array_in_one_line_of_many_megabytes_is_read_in_bounded_memory():
    one = document(case={"ref": "A-1"})

    class Long(io.RawIOBase):
        left = 200_000
        rest = b"["

        def readable(self):
            return True

        def readinto(self, buffer):
            while len(self.rest) < len(buffer) and self.left:
                self.left -= 1
                self.rest += one.encode() + (b"," if self.left else b"]")
            size = min(len(buffer), len(self.rest))
            buffer[:size], self.rest = self.rest[:size], self.rest[size:]
            return size

    tracemalloc.start()
    count = sum(1 for _ in zip(range(20_000), read.records(Long()), strict=False))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 20_000
    assert peak < 24 << 20


def test_the_same_row_has_the_same_digest_and_another_has_not():
    one, two, three = rows(f"{HEADER}\n{ROW}\n{ROW}\nm,Masculine,\n")

    assert one.digest == two.digest != three.digest
    assert len(one.digest) == 32


def test_progress_is_told_in_bytes_of_the_file(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text(f"{HEADER}\n" + f"{ROW}\n" * 2_500)
    told = []

    rows(path, progress=lambda position, size: told.append((position, size)))

    assert len(told) == 3
    assert told[-1] == (path.stat().st_size, path.stat().st_size)


def test_rules_are_asked_as_of_the_day_that_is_given():
    given = (
        '[{"purpose": {"value": "services", "state": "answered"}, "given": true, "given_at": "2030-01-01"}]'
    )
    line = document(consent=json.loads(given), person={"birth": "2001"})

    assert not rows(line)[0].refused
    assert rules(rows(line, today=dt.date(2026, 1, 1))[0]) == ["R08"]


def test_leaving_early_closes_the_file(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text(f"{HEADER}\n{ROW}\n")

    with read.records(path) as reading:
        file = reading._source.raw

    assert file.closed


def book(*sheets):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for number, lines in enumerate(sheets):
        sheet = made.create_sheet(f"s{number}")
        for line in lines:
            sheet.append(line)
    out = io.BytesIO()
    made.save(out)
    out.seek(0)
    return out


def test_the_first_sheet_with_a_known_header_is_read():
    made = book(
        [["about this file"]], [HEADER.split(","), ROW.split(",")], [HEADER.split(","), ["m", None, None]]
    )

    reading = read.records(made)

    assert "sheet s1" in reading.notes
    assert [row.record.document["person"]["sex"]["value"] for row in reading] == ["f"]


def test_a_mapping_is_of_the_sheet_that_is_read():
    made = book([["Read me"], ["x"]], [["Sexe", "means[].kind"], ["f", "Threats"]])

    (row,) = read.records(made, mapping={"Sexe": "person.sex"})

    assert row.record.document["person"]["sex"]["value"] == "f"


def test_dates_ticks_and_whole_numbers_of_a_workbook_become_text():
    made = book(
        [
            ["prs_Birthdate", "con_Consent", "prs_NumberOfChildren", "hte_Latitude"],
            [dt.datetime(1999, 4, 3), True, 2.0, 1.5],
        ]
    )

    (row,) = rows(made)

    assert row.record.document["person"] == {"birth": "1999-04-03", "children_count": 2}
    assert row.record.document["event"][0]["latitude"] == 1.5


def replaced(made, part, change):
    out = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    out.seek(0)
    return out


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
@pytest.mark.parametrize(
    "change", [lambda data: data[: len(data) // 2], lambda data: BOMB + data], ids=["cut", "entities"]
)
def test_a_workbook_whose_parts_are_damaged_or_hostile_is_refused(part, change):
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as filled:
        sheet = filled.add_worksheet()
        sheet.write_row(0, 0, HEADER.split(","))
        sheet.write_row(1, 0, ROW.split(","))

    assert refused(replaced(made, part, change)).rule in ("broken-workbook", "zip-bomb")


def ods(rows_xml):
    text = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<o:doc xmlns:o="{text}office:1.0" xmlns:t="{text}table:1.0" xmlns:p="{text}text:1.0">'
        f'<t:table t:name="Cases">{rows_xml}</t:table></o:doc>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("content.xml", content)
    out.seek(0)
    return out


def test_an_open_document_sheet_is_read_like_any_other():
    cell = "<t:table-cell><p:p>{}</p:p></t:table-cell>".format
    date = '<t:table-cell o:value-type="date" o:date-value="1999-04-03"/>'
    tick = '<t:table-cell o:value-type="boolean" o:boolean-value="true"/>'
    count = '<t:table-cell o:value-type="float" o:value="2"/>'
    head = "".join(map(cell, ["prs_Birthdate", "con_Consent", "prs_NumberOfChildren", "prs_Gender"]))
    wide = '<t:table-cell t:number-columns-repeated="16000"/>'
    blank = f'<t:table-row t:number-rows-repeated="1048000">{wide}</t:table-row>'
    answers = f"{date}{tick}{count}{cell('Feminine')}"
    sheet = f"<t:table-row>{head}</t:table-row><t:table-row>{answers}</t:table-row>{blank}"

    (row,) = rows(ods(sheet))

    assert row.record.document["person"]["birth"] == "1999-04-03"
    assert row.record.document["person"]["children_count"] == 2
    assert row.record.document["person"]["gender"]["value"] == "Feminine"


def test_a_damaged_open_document_sheet_is_refused():
    assert refused(ods("<t:table-row>")).rule == "broken-workbook"


def test_a_line_of_json_with_wrong_bytes_is_refused_alone():
    good = document() + "\n"

    found = rows((good * 3_000).encode() + b'{"schema_version": "\xff"}\n' + good.encode())

    assert [row.number for row in found if row.refused] == [3_001]


def test_json_without_any_list_is_refused_before_it_fills_the_memory():
    assert refused('{"count": ' + "1" * 200_000, limits=Limits(line=2_000)).rule == "no-array"


def test_an_array_may_come_in_pieces_with_blanks_between():
    (first, second) = rows(f"[{document()}{' ' * 70_000},\n{document()}\n]")

    assert not first.refused
    assert not second.refused


def test_empty_cells_behind_the_last_column_are_no_fault():
    (row,) = rows(f"{HEADER}\n{ROW},,\n")

    assert not row.refused


def test_a_workbook_with_too_many_columns_is_refused():
    made = book([HEADER.split(","), [*ROW.split(","), *["x"] * 50]])

    assert refused(made, limits=Limits(columns=40)).rule == "too-many-columns"


def test_short_rows_of_a_workbook_end_in_empty_cells():
    (row,) = rows(book([HEADER.split(","), ["f"]]))

    assert row.record.document == {
        "schema_version": "1.0",
        "person": {"sex": {"value": "f", "state": "answered"}},
    }


def test_a_row_of_htcds_or_ctdc_that_the_file_itself_spoils_is_refused():
    htcds = rows("prs_Gender,cas_Status\nFeminine,Active\nFeminine\n", format="htcds")
    ctdc = rows("ExploitType,Labor_Type\nLabor,\nLabor\n", format="ctdc")

    assert [[*map(rules, found)][1] for found in (htcds, ctdc)] == [["ragged-row"]] * 2


def test_what_is_kept_locally_is_an_object():
    (row,) = rows("person.sex,local,extra\nf,[1],2\n")

    assert rules(row) == ["said-twice"]


def test_a_pipe_that_is_cut_at_once_is_refused():
    class Pipe(io.RawIOBase):
        def __init__(self):
            self._data = io.BytesIO(b"\x1f\x8b\x08")

        def readable(self):
            return True

        def readinto(self, buffer):
            return self._data.readinto(buffer)

    assert refused(Pipe()).rule == "broken-gzip"


@pytest.mark.parametrize("codec", ["klingon", "rot13"])
def test_an_encoding_that_is_none_is_unknown(codec):
    with pytest.raises(Unknown, match="such as utf-8"):
        read.records(io.BytesIO(b"case.ref,person.sex\nA-1,f\n"), codec=codec)
