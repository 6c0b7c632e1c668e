"""Made-up tables to release: our own shares, nothing of anybody's record; the same on every machine."""

from random import Random

COLUMNS = ("year", "sex", "age_band", "citizenship", "form", "means", "industry", "child")
SCHEMA = """
population = { en = "Made-up victims of country XA", fr = "Victimes fictives du pays XA" }
purpose = "tests"
{person}
[[column]]
name = "year"
codes = ["2021", "2022", "2023", "2024"]
closed = true

[[column]]
name = "sex"
vocabulary = "sex"
blank = ["unknown"]

[[column]]
name = "age_band"
codes = ["0-8", "9-17", "18-29", "30-47", "48+"]
closed = true
blank = ["NULL", "-99"]

[[column]]
name = "citizenship"
codes = ["XA", "XB", "XC", "XD"]
closed = true

[[column]]
name = "form"
codes = ["ForcedLabour", "SexualExploitation", "ForcedBegging", "Servitude"]
closed = true
split = ";"

[[column]]
name = "means"
codes = ["DebtBondage", "Threats", "WithholdsDocuments"]
closed = true
split = ";"

[[column]]
name = "industry"
vocabulary = "industry"
level = 1

[[column]]
name = "child"
codes = ["yes", "no"]
closed = true
blank = ["0"]
"""


def a_schema_text(*, person="", **changed):
    """The schema of the made-up table, with some of its text changed."""
    text = SCHEMA.replace("{person}", person)
    for old, new in changed.get("changes", {}).items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def rows(persons=5_000, *, seed=1):
    """As many made-up persons, one a row: some cells blank, and what people do depends on who they are."""
    chance = Random(seed)
    return [_row(chance) for _ in range(persons)]


def _row(chance):
    child = chance.random() < 0.25
    sex = chance.choices(("f", "m", "unknown"), weights=(64, 33, 3))[0]
    labour = chance.random() < (0.7 if sex == "m" else 0.3)
    forms = ["ForcedLabour"] if labour else [chance.choice(("SexualExploitation", "Servitude"))]
    forms += ["ForcedBegging"] if child and chance.random() < 0.4 else []
    return (
        chance.choices(("2021", "2022", "2023", "2024"), weights=(2, 3, 4, 5))[0],
        sex,
        _blank(chance, 0.1, ("NULL", "-99", ""), _age(chance, child)),
        _blank(chance, 0.2, ("",), chance.choices(("XA", "XB", "XC", "XD"), weights=(50, 30, 15, 5))[0]),
        ";".join(forms),
        _means(chance, labour),
        _blank(chance, 0.3, ("",), chance.choice(("A_AgricultureForestryAndFishing", "C14")))
        if labour
        else "",
        _blank(chance, 0.2, ("0",), "yes" if child else "no"),
    )


def _age(chance, child):
    bands = (("0-8", "9-17"), (1, 5)) if child else (("18-29", "30-47", "48+"), (6, 3, 1))
    return chance.choices(bands[0], weights=bands[1])[0]


def _means(chance, labour):
    shares = {"DebtBondage": 0.5 if labour else 0.1, "Threats": 0.4, "WithholdsDocuments": 0.3 * labour}
    return " ; ".join(code for code, share in shares.items() if chance.random() < share)


def _blank(chance, share, texts, told):
    return chance.choice(texts) if chance.random() < share else told


def csv(table, *, header=COLUMNS):
    """The text of a CSV file without quotation marks."""
    return "".join(",".join(row) + "\n" for row in (header, *table))
