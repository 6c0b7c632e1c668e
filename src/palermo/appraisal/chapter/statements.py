"""The chapter on statements: what the State said, of what kind, who confirmed it, what registers say."""

from collections.abc import Iterable, Mapping

from palermo.appraisal import provision
from palermo.appraisal.assess import Appraisal
from palermo.appraisal.chapter.cell import column, refs
from palermo.appraisal.evidence import Evidence, counted
from palermo.appraisal.report import (
    Block,
    Lines,
    Paragraph,
    Quote,
    Row,
    Section,
    Table,
    Tag,
    Value,
)
from palermo.appraisal.statement.claim import Check, Claim, Kind, Standing, Support
from palermo.appraisal.treaty_check import TreatyCheck
from palermo.appraisal.words import Phrase, say

FITS = 0.5
"""From this probability on a passage that nobody has read is shown with the machine's proposals."""
LONGEST_QUOTE = 320
MOST_UNFIT = 40
MOST_PROPOSALS = 3
MARKS = '"“”„«» \u00a0'
KIND_TONES = {
    Kind.DONE: "green",
    Kind.UNDER_WAY: "blue",
    Kind.PROMISED: "yellow",
    Kind.URGED: "purple",
    Kind.DESCRIBED: "grey",
}
CHECK_TONES = {Check.CONFIRMED: "green", Check.CONTRADICTED: "red", Check.CANNOT_CHECK: "grey"}
SAID = {
    Standing.CONFIRMED: "by_people",
    Standing.ONCE: "once",
    Standing.CONFLICT: "conflicting",
    Standing.PROPOSED: "by_machine",
}


def statements(appraisal: Appraisal) -> Section:
    claims = appraisal.claims
    title = say("statements.title")
    if not claims:
        return Section(id="statements", title=title, blocks=(Paragraph(text=say("statements.none")),))
    fitting, unfit = _fitting(claims), _unfit(claims)
    listed = tuple(one for one in fitting if tells(one))
    blocks: tuple[Block, ...] = (
        Paragraph(text=say("statements.text"), inset=True),
        Paragraph(text=_counts(claims, fitting, unfit)),
        _documents(claims),
        *_table("claims", CLAIM_COLUMNS, map(_claim_row, listed)),
        *_more("claims", len(fitting) - len(listed)),
        *_table("treaties", TREATY_COLUMNS, map(_check_row, appraisal.treaty_checks)),
        *_table("support", SUPPORT_COLUMNS, _support_rows(claims)),
        *_table("unfit", UNFIT_COLUMNS, _unfit_rows(unfit[:MOST_UNFIT])),
        *_more("unfit", len(unfit) - MOST_UNFIT),
    )
    return Section(id="statements", title=title, blocks=blocks)


CLAIM_COLUMNS = (("passage", 6), ("kind", 2), ("actor", 2), ("fits", 4), ("evidence", 1))
TREATY_COLUMNS = (("passage", 4), ("check", 2), ("register", 5), ("evidence", 2))
SUPPORT_COLUMNS = (("support", 2), ("passage", 6), ("evidence", 1))
UNFIT_COLUMNS = (("passage", 6), ("fits", 2), ("evidence", 1))


def cited(appraisal: Appraisal) -> tuple[Claim, ...]:
    """The claims whose passages the chapter shows."""
    claims = appraisal.claims
    listed = filter(tells, _fitting(claims))
    shown = (*listed, *(one.claim for one in appraisal.treaty_checks), *asking(claims))
    return tuple({one.evidence.id: one for one in (*shown, *_unfit(claims)[:MOST_UNFIT])}.values())


def fits(claim: Claim) -> bool:
    """Whether people gave it a provision, or the machine would while nobody refused."""
    if claim.standing is Standing.REFUSED:
        return False
    return claim.standing is not Standing.PROPOSED or claim.match >= FITS


def tells(claim: Claim) -> bool:
    """Whether somebody read it, or it names an act, a call, a treaty, a plan or a need."""
    read = claim.standing is not Standing.PROPOSED
    return bool(read or claim.kind is not Kind.DESCRIBED or claim.treaties or claim.plans or claim.support)


def _fitting(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(one for one in claims if fits(one))


def _unfit(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(one for one in claims if not fits(one))


def asking(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(one for one in claims if one.support and one.standing is not Standing.REFUSED)


def _counts(claims: tuple[Claim, ...], fitting: tuple[Claim, ...], unfit: tuple[Claim, ...]) -> Phrase:
    standings = [one.standing for one in fitting]
    confirmed, proposed = standings.count(Standing.CONFIRMED), standings.count(Standing.PROPOSED)
    numbers = {
        "documents": len({one.document.id for one in claims}),
        "passages": len(claims),
        "confirmed": confirmed,
        "unsettled": len(fitting) - confirmed - proposed,
        "proposed": proposed,
        "unfit": len(unfit),
    }
    return say(
        "statements.counts", **{name: counted(one, opens="statements") for name, one in numbers.items()}
    )


def _documents(claims: tuple[Claim, ...]) -> Table:
    found = {one.document.id: one.document for one in claims}
    return Table(
        caption=say("statements.documents"),
        columns=(
            column("document", width=4),
            column("speaker", width=4),
            column("spoken", width=2),
            column("passages", numeric=True),
        ),
        rows=tuple(
            Row(
                cells=(
                    one.name,
                    one.speaker or say("dash"),
                    one.spoken_on or say("statements.undated"),
                    counted(sum(each.document.id == id_ for each in claims), opens="statements"),
                )
            )
            for id_, one in found.items()
        ),
    )


def _table(name: str, columns: Iterable[tuple[str, int]], rows: Iterable[Row]) -> tuple[Table, ...]:
    """The table of that name; none where it would be empty."""
    made = tuple(rows)
    heads = tuple(column(head, width=width) for head, width in columns)
    return (Table(caption=say(f"statements.{name}"), columns=heads, rows=made),) if made else ()


def _claim_row(one: Claim) -> Row:
    kind = Tag(label=say(f"kind.{one.kind}"), tone=KIND_TONES[one.kind])
    return Row(
        cells=(
            quoted(one),
            kind,
            say(f"actor.{one.actor}"),
            Lines(items=_provisions(one)),
            refs([one.evidence]),
        )
    )


def _provisions(one: Claim) -> tuple[Value, ...]:
    """The provisions that people gave it; else the machine's proposals, so marked and with their scores."""
    said = Tag(
        label=say(f"statement.{SAID[one.standing]}"),
        tone="green" if one.standing is Standing.CONFIRMED else "yellow",
    )
    if one.provisions:
        return (said, *one.provisions)
    proposals = one.proposals[:MOST_PROPOSALS]
    return (
        said,
        *(say("statement.score", provision=each.provision, score=f"{each.score:.2f}") for each in proposals),
    )


def _check_row(one: TreatyCheck) -> Row:
    treaty = provision.instruments()[one.mention.treaty].name
    tag = Tag(label=say(f"check.name.{one.checked.check}"), tone=CHECK_TONES[one.checked.check])
    words = Quote(text=one.mention.words, language=one.claim.passage.language)
    return Row(
        cells=(
            Lines(items=(treaty, words)),
            tag,
            one.checked.why,
            refs((one.claim.evidence, *one.checked.standing.evidence)),
        )
    )


def _support_rows(claims: Iterable[Claim]) -> Iterable[Row]:
    for support in Support:
        for one in asking(claims):
            if support in one.support:
                yield Row(cells=(say(f"support.{support}"), quoted(one), refs([one.evidence])))


def _unfit_rows(unfit: Iterable[Claim]) -> Iterable[Row]:
    """Each wording once, with every passage that has it."""
    alike: dict[Quote, list[Evidence]] = {}
    for one in unfit:
        alike.setdefault(quoted(one), []).append(one.evidence)
    for quote, proof in alike.items():
        yield Row(cells=(quote, say("none"), refs(proof)))


def _more(name: str, rest: int) -> tuple[Paragraph, ...]:
    """How many more passages of that table are not listed; nothing where all are."""
    if rest <= 0:
        return ()
    count = counted(rest, opens="statements")
    return (Paragraph(text=say(f"statements.{name}.more", count=count)),)


def quoted(one: Claim) -> Quote:
    """The passage in its own words, cut where it is long; the evidence holds it whole."""
    text = " ".join(one.passage.text.split()).strip(MARKS)
    short = text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE].rsplit(' ', 1)[0]} …"
    return Quote(text=short, language=one.passage.language)


def checks_counted(appraisal: Appraisal) -> Mapping[Check, int]:
    """How many statements on treaties the register confirms, contradicts and cannot check."""
    found = [one.checked.check for one in appraisal.treaty_checks]
    return {check: found.count(check) for check in Check}
