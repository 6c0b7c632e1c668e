"""The reference page of the framework, written from its data: `python -m palermo.appraisal.reference`."""

import sys
from collections.abc import Iterable, Sequence

from palermo.appraisal import words
from palermo.appraisal.obstacle import Reason
from palermo.appraisal.provision import Provision, Set, instruments, measures, provisions
from palermo.appraisal.question import settings
from palermo.appraisal.words import phrase_text

HEADINGS = {
    Set.PLAN: "Provisions of the Global Plan",
    Set.DECLARATION: "Commitments of the political declarations",
    Set.GOAL: "Targets of the Sustainable Development Goals",
    Set.COMPACT: "Actions of the Global Compact for Migration, objective 10",
}
INTRODUCTION = """# The framework

This page is written from the data in `src/palermo/appraisal/framework/` by
`python -m palermo.appraisal.reference`. The provisions are in our own words. A reference that is not
*verified* is shown in every report as "paragraph number not checked" until a named person confirms it against
the official text: fill `checked_by` and `checked_on` in `provisions.csv`.
"""


def page() -> str:
    """The whole page, in Markdown."""
    parts = [
        INTRODUCTION,
        *(_provisions(one) for one in Set),
        _measures(),
        _instruments(),
        _obstacles(),
        _sources(),
    ]
    return "\n".join(parts)


def _provisions(kept: Set) -> str:
    chosen = [one for one in provisions().values() if one.set is kept]
    head = ("id", "pillar", "reference", "seen", "English", "Français", "evidence", "rule")
    return f"## {HEADINGS[kept]}\n\n" + _table(head, (_provision_row(one) for one in chosen))


def _provision_row(one: Provision) -> tuple[str, ...]:
    rule = settings(one.id)
    named = f"`{rule['rule']}`" if rule else "" if one.scored else "asked of the United Nations"
    place = " ".join(part for part in (one.instrument, one.part, one.paragraph) if part)
    kinds = ", ".join(one.evidence_kinds)
    return (f"`{one.id}`", one.pillar, place, one.reference_status, one.text.en, one.text.fr, kinds, named)


def _measures() -> str:
    rows = (
        (f"`{one.id}`", f"`{one.provision}`", one.label.en, one.label.fr, one.unit)
        for one in measures().values()
    )
    return "## Measures\n\n" + _table(("id", "provision", "English", "Français", "unit"), rows)


def _instruments() -> str:
    head = ("id", "English", "Français", "reference", "adopted", "date seen", "depositary")
    rows = (
        (
            f"`{one.id}`",
            one.name.en,
            one.name.fr,
            one.reference,
            str(one.adopted_on),
            one.adopted_status,
            one.depositary,
        )
        for one in instruments().values()
    )
    return "## Instruments\n\n" + _table(head, rows)


def _obstacles() -> str:
    parts = ("name", "text", "step", "helper")
    rows = (
        (f"`{reason}`", *(phrase_text(f"obstacle.{reason}.{part}").en for part in parts)) for reason in Reason
    )
    return "## Obstacles\n\n" + _table(("code", "name", "what is said", "next step", "who can help"), rows)


def _sources() -> str:
    rows = (
        (
            f"`{name}`",
            f"`{entry['reader']}`",
            entry.get("source", "named in each row"),
            str(entry.get("as_of", "in each row")),
        )
        for name, entry in words.table("sources.toml")["table"].items()
    )
    return "## Tables known by name\n\n" + _table(("file", "reader", "source", "as of"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return (
        "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
        + "\n"
    )


if __name__ == "__main__":
    sys.stdout.write(page())
