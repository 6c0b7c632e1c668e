"""Made-up tables of treaties and figures for the demonstration's three countries, in the published forms.

They carry a source of their own that says so, so that no page can show them as anybody's record.
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

COUNTRIES = ("XA", "XB", "XC")
TREATIES = ("UNTOC", "TIP", "SOM", "UNCAC", "CRC", "CRC-OP-SC", "CEDAW", "C182", "C138", "SLAVERY1956")
SOURCE = "palermo-demo"

CATALOGUE = """\
# Made up for the demonstration: no State, no treaty action and no victim here is real.
[source."palermo-demo"]
grade = "D"
name = {{ en = "Made-up register of the demonstration", fr = "Registre fictif de la démonstration" }}
publisher = {{ en = "palermo (made up)", fr = "palermo (fictif)" }}

[table."treaty_status.csv"]
reader = "treaty_status"

[table."dol_convention_status.csv"]
reader = "yes_no"
source = "palermo-demo"
as_of = {yes_no}

[table."detected_victims_total.csv"]
reader = "detected_victims"
source = "palermo-demo"
as_of = {victims}
"""


def write(folder: Path, *, today: date, seed: int) -> None:
    """Write the tables; the same seed and day give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = Random(seed)  # noqa: S311  # made-up tables need repeatable chance, not secrecy
    treaties_as_of = today - timedelta(days=900)
    catalogue = CATALOGUE.format(yes_no=today - timedelta(days=200), victims=today - timedelta(days=120))
    (folder / "sources.toml").write_text(catalogue, encoding="utf-8")
    _table(folder / "treaty_status.csv", _TREATY_COLUMNS, _treaties(treaties_as_of, chance))
    _table(folder / "dol_convention_status.csv", _YES_NO_COLUMNS, _yes_no())
    _table(folder / "detected_victims_total.csv", _VICTIM_COLUMNS, _victims(today.year, chance))


_TREATY_COLUMNS = (
    "iso3", "name", "treaty", "signature_date", "action", "action_date", "as_of", "source", "status",
)  # fmt: skip
_YES_NO_COLUMNS = (
    "iso3", "name", "advancement_level", "C_138_Ratified", "Convention_on_the_Rights_of_the_Child_Ratified",
    "CRC_Armed_Conflict_Ratified", "CRC_Commercial_Sexual_Exploitation_of_Children_Ratified",
    "Palermo_Ratified", "C_182_Ratified",
)  # fmt: skip
_VICTIM_COLUMNS = ("iso3", "country", "region", "subregion", "year", "value_text")


def _treaties(as_of: date, chance: Random) -> Iterable[Sequence[object]]:
    """XA joined all but the trafficking protocol, as of a day long past; XB all; XC signed some only."""
    for country in COUNTRIES:
        for treaty in TREATIES:
            signed = date(2000 + chance.randrange(8), chance.randint(1, 12), chance.randint(1, 28))
            joined = signed + timedelta(days=chance.randrange(200, 2000))
            out = (country, treaty) == ("XA", "TIP") or (country == "XC" and chance.random() < 0.4)
            yield (
                country, f"Country {country}", treaty, signed, "" if out else "ratification",
                "" if out else joined, as_of, SOURCE, "signatory" if out else "party",
            )  # fmt: skip


def _yes_no() -> Iterable[Sequence[object]]:
    """The newer table says that XA joined the trafficking protocol: the conflict a page must show."""
    yield ("XA", "Country XA", "", "Yes", "Yes", "Yes", "Yes", "Yes", "Yes")
    yield ("XB", "Country XB", "", "Yes", "Yes", "Yes", "Yes", "Yes", "Yes")


def _victims(year: int, chance: Random) -> Iterable[Sequence[object]]:
    """XA reports every year, XB stopped four years ago, XC reports counts too small to be shown."""
    for past in range(9, 0, -1):
        yield ("XA", "Country XA", "", "", year - past, 420 + 60 * (9 - past) + chance.randrange(80))
        yield ("XC", "Country XC", "", "", year - past, "<5" if chance.random() < 0.7 else 6)
        if past > 4:
            yield ("XB", "Country XB", "", "", year - past, 90 + chance.randrange(30))


def _table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
