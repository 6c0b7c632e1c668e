"""A risk report in plain sentences: of each question, what was tried, found, and left open."""

from collections.abc import Iterator
from dataclasses import dataclass

from palermo.prevention.release.exposure import Exposure
from palermo.prevention.release.inference import Inference
from palermo.prevention.release.report import Report
from palermo.prevention.release.risk_words import named, told
from palermo.prevention.release.schema import Schema
from palermo.prevention.release.share import Share, Span
from palermo.prevention.release.wording import small


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One question of the report."""

    title: str
    tried: str
    found: tuple[str, ...]
    open: str


def text(report: Report, schema: Schema, language: str) -> str:
    """The whole report, with a place to sign."""
    lines = [told("title", language), "", *head(report, schema, language)]
    for section in sections(report, schema, language):
        lines += ["", section.title, "", section.tried, *(f"- {one}" for one in section.found), section.open]
    return "\n".join([*lines, "", told("sign", language), told("signature", language), ""])


def head(report: Report, schema: Schema, language: str) -> tuple[str, ...]:
    """That the report stays inside, what it is about, and whether it found the promise broken."""
    apart = told("apart", language)
    known, hidden = (
        apart.join(named(schema, field, language) for field in fields)
        for fields in (report.asked.known, report.asked.sensitive)
    )
    about = told(
        "about",
        language,
        persons=report.real.persons,
        rows=report.released.persons,
        epsilon=report.epsilon,
        delta=small(float(f"{report.delta:.2g}"), language),
        known=known,
        sensitive=hidden,
    )
    return told("inside", language), about, told("broken" if report.broken else "not-broken", language)


def sections(report: Report, schema: Schema, language: str) -> tuple[Section, ...]:
    """The four questions, in the order they are asked."""
    found = {
        "groups": tuple(_groups(report, schema, language)),
        "alone": tuple(_alone(report, language)),
        "inference": tuple(_inferred(one, schema, language) for one in report.inferences),
        "membership": tuple(_membership(report, language)),
    }
    values: dict[str, dict[str, object]] = {
        "alone": {"of": report.alone.released.of, "trials": report.alone.trials},
        "membership": {"persons": report.membership.persons - 1, "runs": report.asked.runs},
    }
    return tuple(
        Section(
            title=told(name, language),
            tried=told(f"{name}-tried", language, **values.get(name, {})),
            found=lines,
            open=told(f"{name}-open", language),
        )
        for name, lines in found.items()
    )


def _groups(report: Report, schema: Schema, language: str) -> Iterator[str]:
    for name, table in (("real", report.real), ("released", report.released)):
        which = told(name, language)
        yield told("groups-found", language, which=which, **_counts(table))
        for one in table.sensitive:
            yield told(
                "groups-flag" if _flag(schema, one.column) else "groups-sensitive",
                language,
                which=which,
                column=named(schema, one.column, language),
                fewest=one.fewest,
                told=one.told,
                distance=one.distance,
                typical=one.typical,
            )


def _counts(table: Exposure) -> dict[str, int]:
    names = ("persons", "groups", "smallest", "alone", "few", "least")
    return {name: getattr(table, name) for name in names}


def _alone(report: Report, language: str) -> Iterator[str]:
    found = report.alone
    if not found.released.of:
        yield told("alone-none", language)
        return
    yield told("alone-found", language, **_share(found.released))
    yield told("alone-inside", language, **_share(found.inside))
    yield told("alone-outside", language, **_share(found.outside))
    yield told("alone-more" if found.excess.low > 0 else "alone-same", language, **_points(found.excess))


def _inferred(one: Inference, schema: Schema, language: str) -> str:
    column = named(schema, one.column, language)
    everybody = "inference-flag" if _flag(schema, one.column) else "inference-all"
    lines = [
        told(
            name,
            language,
            column=column,
            of=guess.with_rows.of,
            rows=guess.with_rows.value,
            totals=guess.with_totals.value,
            **_points(guess.gain),
        )
        for name, guess in ((everybody, one.all), ("inference-alone", one.alone))
        if guess.with_rows.of
    ]
    return " ".join(lines) or told("inference-none", language, column=column)


def _flag(schema: Schema, place: int) -> bool:
    """Whether a column has one code, so that it can but be recorded or not."""
    return schema.sizes[place] == 1


def _membership(report: Report, language: str) -> Iterator[str]:
    found = report.membership
    yield told("membership-called", language, **_share(found.called))
    yield told("membership-miscalled", language, **_share(found.miscalled))
    span = found.advantage
    yield told(
        "membership-found", language, value=span.value, low=span.low, high=span.high, bound=found.bound
    )
    yield told("membership-broken" if found.broken else "membership-kept", language)


def _share(share: Share) -> dict[str, float]:
    span = share.span
    return {"hits": share.hits, "of": share.of, "share": span.value, "low": span.low, "high": span.high}


def _points(span: Span) -> dict[str, float]:
    """A difference of shares in percentage points."""
    return {"value": 100 * span.value, "low": 100 * span.low, "high": 100 * span.high}
