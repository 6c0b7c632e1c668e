"""The reference page of the framework, written from its data: `python -m palermo.appraisal.reference`."""

import sys
from collections.abc import Iterable, Sequence

from palermo.appraisal import condition, words
from palermo.appraisal.cycle import cycles
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
the official text, on the page *Framework* of a node or with `checked_by` and `checked_on` in
`provisions.csv`.
"""


def page() -> str:
    """The whole page, in Markdown."""
    parts = [
        INTRODUCTION,
        *(_provisions(one) for one in Set),
        _measures(),
        _instruments(),
        _rules(),
        _obstacles(),
        _obstacle_rules(),
        _cycles(),
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


RULES = {
    "treaties": "party to each listed treaty, by the newest dated register",
    "statistics": "detected victims reported, fresh, broken down, and estimated beyond those detected",
    "plans": "a plan in force, shown by its document, with money set aside",
}
BY_PEOPLE = "a person names it, a second agrees"


def _rules() -> str:
    rows = (
        (f"`{name}`", f"`{row['rule']}`", RULES[row["rule"]], ", ".join(row.get("treaties", ())))
        for name, row in words.table("rules.toml").items()
    )
    note = (
        "A provision that is not listed is *not assessed* until a statement of the State is confirmed for it,"
        " or two people judge it.\n\n"
    )
    return "## Rules\n\n" + note + _table(("provision", "rule", "asks", "treaties"), rows)


def _obstacle_rules() -> str:
    rows = (
        (
            f"`{row.reason}`",
            f"`{row.when}`",
            row.means.en,
            row.means.fr,
            ", ".join(f"`{one}`" for one in row.provisions),
            BY_PEOPLE if row.when == condition.BY_PEOPLE else "the rules",
        )
        for row in condition.rules()
    )
    head = ("code", "condition", "English", "Français", "provisions", "found by")
    return "## When an obstacle is found\n\n" + _table(head, rows)


def _cycles() -> str:
    rows = (
        (
            one.id,
            str(one.starts_on),
            str(one.ends_on),
            f"{one.meeting[0]} to {one.meeting[1]}" if one.meeting else "not set",
            one.meeting_status,
            one.declaration or "–",
        )
        for one in cycles()
    )
    head = ("cycle", "from", "to", "meeting", "date seen", "declaration")
    return "## Cycles\n\n" + _table(head, rows)


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
