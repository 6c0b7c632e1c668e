"""The published tables that are read: treaty status, yes/no table, detected victims, goal series."""

from collections.abc import Iterator, Mapping

from palermo.appraisal import observation, reader, reservation, state
from palermo.appraisal.evidence import Found
from palermo.appraisal.observation import TOTAL, Observation
from palermo.appraisal.provision import instruments
from palermo.appraisal.reader import Kind, Place, Row, UnreadableCell
from palermo.appraisal.reservation import Declared, Reservation
from palermo.appraisal.state import items
from palermo.appraisal.table import Count
from palermo.appraisal.treaty import Act, TreatyAction
from palermo.errors import Unknown

LIKELY_MOST = 1_000_000
GAPS = frozenset({"", "..", "...", "…", "-", "–", "NA", "N/A"})


def _treaty_status(line: int, row: Row, place: Place, count: Count) -> Iterator[TreatyAction]:
    as_of = reader.day(row, "as_of")
    found = Found(source=place.sources(row["source"]), as_of=as_of, file=place.file, line=line)
    signed = reader.day(row, "signature_date") if row["signature_date"] else None
    acted = reader.day(row, "action_date") if row["action_date"] else None
    act = _act(row)
    for one in (signed, acted):
        if one and one > as_of:
            raise UnreadableCell("action_date", "is later than as_of.", "Correct one of the two dates.")
    treaty = _treaty(row["treaty"])
    if act is not Act.SIGNATURE:
        yield TreatyAction(state=row["iso3"], treaty=treaty, act=act, on=acted, found=found)
    if signed or act is Act.SIGNATURE:
        yield TreatyAction(state=row["iso3"], treaty=treaty, act=Act.SIGNATURE, on=signed, found=found)


def _reservation(line: int, row: Row, place: Place, count: Count) -> Iterator[Reservation]:
    as_of = reader.day(row, "as_of")
    kind = row["kind"].strip()
    if kind not in {one.value for one in Declared}:
        raise UnreadableCell("kind", "is not known.", f"Use one of {', '.join(Declared)}.")
    yield Reservation(
        state=row["iso3"],
        treaty=_treaty(row["treaty"]),
        kind=Declared(kind),
        on=reader.day(row, "date") if row["date"].strip() else None,
        heading=reservation.heading(row["text"]),
        text_hash=reservation.text_hash(row["text"]),
        found=Found(source=place.sources(row["source"]), as_of=as_of, file=place.file, line=line),
        against=tuple(_aimed(one) for one in items(row["against"])),
    )


def _aimed(given: str) -> str:
    try:
        return state.place(given)
    except Unknown as error:
        raise UnreadableCell("against", "names no State.", str(error)) from error


YES_NO_COLUMNS = {
    "C_138_Ratified": "C138",
    "Convention_on_the_Rights_of_the_Child_Ratified": "CRC",
    "CRC_Armed_Conflict_Ratified": "CRC-OP-AC",
    "CRC_Commercial_Sexual_Exploitation_of_Children_Ratified": "CRC-OP-SC",
    "Palermo_Ratified": "TIP",
    "C_182_Ratified": "C182",
}
YES_NO = {"Yes": Act.REPORTED_PARTY, "No": Act.REPORTED_NOT_PARTY, "N/A": None, "": None}


def _yes_no(line: int, row: Row, place: Place, count: Count) -> Iterator[TreatyAction]:
    found = place.found(line)
    for column in YES_NO_COLUMNS:
        if row[column].strip() not in YES_NO:
            raise UnreadableCell(column, "is neither Yes, No nor N/A.", "Use one of the three.")
    for column, treaty in YES_NO_COLUMNS.items():
        if act := YES_NO[row[column].strip()]:
            yield TreatyAction(state=row["iso3"], treaty=treaty, act=act, on=None, found=found)


def _detected_victims(line: int, row: Row, place: Place, count: Count) -> Iterator[Observation]:
    if _gap(row["value_text"], count):
        return
    yield _counted(
        row, "value_text", line, place, iso3=row["iso3"], series="detected_victims", year=row["year"]
    )


GLOTIP_SERIES = {
    "Detected trafficking victims": "detected_victims",
    "Persons prosecuted": "persons_prosecuted",
    "Persons convicted": "persons_convicted",
}
GLOTIP_FORMS = {
    "Total": TOTAL,
    "Forced labour": "forced labour",
    "Sexual exploitation": "sexual exploitation",
    "Other forms of exploitation": "other forms",
}
GLOTIP_USED = {"Total", "by form of exploitation"}


def _glotip(line: int, row: Row, place: Place, count: Count) -> Iterator[Observation]:
    series = GLOTIP_SERIES.get(row["Indicator"])
    if series is None or row["Dimension"] not in GLOTIP_USED:
        count.leave(f"{row['Indicator']}, {row['Dimension']}")
        return
    if _gap(row["txtVALUE"], count):
        return
    if row["Category"] not in GLOTIP_FORMS:
        raise UnreadableCell("Category", "is not a form of exploitation.", "Use the names of the data set.")
    yield _counted(
        row,
        "txtVALUE",
        line,
        place,
        iso3=row["Iso3_code"],
        series=series,
        year=row["Year"],
        sex=row["Sex"].lower(),
        age=row["Age"].lower(),
        form=GLOTIP_FORMS[row["Category"]],
    )


SDG_TOTALS = {"": TOTAL, "bothsex": TOTAL, "allage": TOTAL, "alldomains": TOTAL}
SDG_SERIES = frozenset(
    {
        "VC_HTF_DETV",
        "VC_HTF_DETVFL",
        "VC_HTF_DETVSX",
        "VC_HTF_DETVOG",
        "VC_HTF_DETVOP",
        "SG_CPA_MIGRS",
        "SL_TLF_CHLDEC",
        "SL_TLF_CHLDEA",
        "VC_VAW_SXVLN",
        "SP_DYN_MRBF18",
        "SG_REG_BRTH",
    }
)


def _sdg(line: int, row: Row, place: Place, count: Count) -> Iterator[Observation]:
    if row["series"] not in SDG_SERIES:
        count.leave(f"series {row['series']}")
        return
    domain = row.get("policy_domains", "")
    yield Observation(
        state=row["iso3"],
        series=row["series"],
        period=reader.year(row["year"], "year"),
        bounds=reader.bounds(row["value"], "value"),
        value_text=row["value"],
        unit=row["units"],
        sex=SDG_TOTALS.get(row["sex"], row["sex"]),
        age=SDG_TOTALS.get(row["age"], row["age"]),
        form=SDG_TOTALS.get(domain, domain),
        status=observation.ObservationStatus.ESTIMATED
        if row["nature"] == "e"
        else observation.status(row["value"]),
        found=place.found(line),
    )


KINDS: Mapping[str, Kind] = {
    "treaty_status": Kind(
        columns=(
            "iso3",
            "name",
            "treaty",
            "signature_date",
            "action",
            "action_date",
            "as_of",
            "source",
            "status",
        ),
        facts=_treaty_status,
        complete=True,
    ),
    "reservations": Kind(
        columns=("iso3", "name", "treaty", "kind", "date", "against", "text", "as_of", "source"),
        facts=_reservation,
        lists=True,
    ),
    "yes_no": Kind(columns=("iso3", "name", *YES_NO_COLUMNS), facts=_yes_no),
    "detected_victims": Kind(
        columns=("iso3", "country", "year", "value_text"), facts=_detected_victims, name="country"
    ),
    "glotip": Kind(
        columns=(
            "Iso3_code",
            "Country",
            "Indicator",
            "Dimension",
            "Category",
            "Sex",
            "Age",
            "Year",
            "txtVALUE",
        ),
        facts=_glotip,
        code="Iso3_code",
        name="Country",
    ),
    "sdg": Kind(
        columns=("series", "iso3", "age", "nature", "sex", "units", "year", "value"), facts=_sdg, name="iso3"
    ),
}


def _gap(cell: str, count: Count) -> bool:
    """Whether the publisher left a gap there; it is counted as one, and is no zero."""
    if cell.strip() not in GAPS:
        return False
    count.leave("no figure")
    return True


def _counted(
    row: Row,
    column: str,
    line: int,
    place: Place,
    *,
    iso3: str,
    series: str,
    year: str,
    sex: str = TOTAL,
    age: str = TOTAL,
    form: str = TOTAL,
) -> Observation:
    """A count of people; one above a million is a questionnaire's code that slipped into the column."""
    found_bounds = reader.bounds(row[column], column)
    if found_bounds.high > LIKELY_MOST:
        wrong = f"is above {LIKELY_MOST:,}, more than any State has reported."
        raise UnreadableCell(column, wrong, "Look the figure up at the publisher.")
    return Observation(
        state=iso3,
        series=series,
        period=reader.year(year, "year"),
        bounds=found_bounds,
        value_text=row[column].strip(),
        unit="people",
        sex=sex,
        age=age,
        form=form,
        status=observation.status(row[column]),
        found=place.found(line),
    )


def _act(row: Row) -> Act:
    cell = row["action"].strip()
    if not cell:
        return Act.SIGNATURE
    if cell not in {act.value for act in Act} - {Act.NO_ENTRY.value}:
        raise UnreadableCell("action", "is not a treaty action.", "Use ratification, accession or the like.")
    return Act(cell)


def _treaty(given: str) -> str:
    if given not in instruments():
        raise UnreadableCell("treaty", "is not a treaty of the framework.", "Use an id of instruments.csv.")
    return given
