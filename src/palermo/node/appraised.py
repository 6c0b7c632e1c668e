"""Appraisals from the node's folder of published tables, read again only when a file has changed.

To the node's own State belong the estimations of its hidden victims that two people have signed here, and
the data sets that were published here. To every State belong the statements, plans and judgements that
people of this node kept of it.
"""

from dataclasses import replace
from datetime import UTC, date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from palermo.appraisal import assess, chapter, context, register, state, universal
from palermo.appraisal.assess import Appraisal
from palermo.appraisal.beside import Aside
from palermo.appraisal.context import Outside
from palermo.appraisal.dossier import EMPTY, Dossier
from palermo.appraisal.evidence import Found, Grade, Source
from palermo.appraisal.observation import TOTAL, Bounds, Observation, ObservationStatus
from palermo.appraisal.publication import Publication
from palermo.appraisal.reference_check import ReferenceCheck
from palermo.appraisal.register import Register
from palermo.appraisal.report import Report
from palermo.appraisal.state import State
from palermo.appraisal.universal import Universal
from palermo.appraisal.words import Text
from palermo.node import judged, planned, stated, vulnerable
from palermo.node.models import Estimation, Judgement, NationalPlan, Release, Statement

Stamp = tuple[tuple[str, int, int], ...]


def report(code: str, *, today: date) -> Report:
    """The report of one State; Unknown for another name, Unreachable where no table is."""
    return chapter.report(appraisal(code, today=today), aside().of(state.state(code).code))


def everyone(*, today: date) -> tuple[Appraisal, ...]:
    """The appraisal of every State of this node, in the order of their codes."""
    kept = tuple((code, dossier(code)) for code in _kept())
    own = settings.NODE.state
    checks = tuple(sorted(judged.checks().items()))
    among = tuple(sorted(one.code for one in states()))
    return _everyone(among, _folder(), _stamp(_folder()), kept, signed(own), published(own), checks, today)


def _kept() -> list[str]:
    """The codes of the States of which this node keeps anything."""
    told = Statement.objects.standing().values_list("speaks_for", flat=True)
    plans = NationalPlan.objects.values_list("state", flat=True)
    judgements = Judgement.objects.values_list("state", flat=True)
    return sorted({*told, *plans, *judgements} - {""})


def aside() -> Aside:
    """What stands beside every appraisal and is never counted: outside measures and root causes."""
    return Aside(outside=_outside(_folder(), _stamp(_folder())), vulnerability=vulnerable.found())


def appraisal(code: str, *, today: date) -> Appraisal:
    """The appraisal of one State with all that this node knows of it."""
    known = state.state(code).code
    checks = tuple(sorted(judged.checks().items()))
    return _appraisal(
        known, _folder(), _stamp(_folder()), signed(known), published(known), dossier(known), checks, today
    )


def dossier(code: str) -> Dossier:
    """What people of this node kept of the State: what it said, what it plans, what two of them judged."""
    return Dossier(
        claims=stated.claims_of(code),
        plans=planned.plans_of(code),
        judgements=judged.judgements_of(code),
    )


def signed(code: str) -> tuple[Observation, ...]:
    """What the node's signed estimations say of this State; nothing where it is another's."""
    if code != settings.NODE.state:
        return ()
    standing = Estimation.objects.standing().select_related("agency").order_by("second_at", "id")
    return tuple(_observation(one, code) for one in standing)


def published(code: str) -> tuple[Publication, ...]:
    """The data sets that this node has published of this State and not withdrawn."""
    if code != settings.NODE.state:
        return ()
    standing = Release.objects.standing().select_related("agency").order_by("published_at", "id")
    return tuple(_publication(one, code) for one in standing)


def states() -> tuple[State, ...]:
    """Every State that can be appraised here: the 193 members, or the made-up ones of a demonstration."""
    if settings.NODE.made_up:
        known = _register(_folder(), _stamp(_folder()))
        codes = {one.state for one in known.actions} | {one.state for one in known.observations}
        return tuple(state.state(code) for code in sorted(codes))
    return tuple(state.states().values())


def tables(*, today: date) -> Register:
    """What the folder's tables say that could be known on that day."""
    return _known(_folder(), _stamp(_folder()), today)


def universals(*, today: date) -> tuple[Universal, ...]:
    """How far every treaty of the register reaches among the States of this node."""
    return tuple(universal_of(one, today=today) for one in universal.treaties(tables(today=today)))


def universal_of(treaty: str, *, today: date) -> Universal:
    """How far one treaty reaches among the States of this node."""
    return _universal(treaty, _folder(), _stamp(_folder()), states(), today)


def _folder() -> Path:
    folder: Path = settings.NODE.appraisal_data
    return folder


def _stamp(folder: Path) -> Stamp:
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return tuple((file.name, (known := file.stat()).st_mtime_ns, known.st_size) for file in files)


@lru_cache(maxsize=2)
def _register(folder: Path, stamp: Stamp) -> Register:
    return register.read(folder)


@lru_cache(maxsize=2)
def _outside(folder: Path, stamp: Stamp) -> Outside:
    return context.read(folder, register=_register(folder, stamp))


@lru_cache(maxsize=2)
def _known(folder: Path, stamp: Stamp, today: date) -> Register:
    return _register(folder, stamp).known_on(today)


@lru_cache(maxsize=64)
def _universal(treaty: str, folder: Path, stamp: Stamp, among: tuple[State, ...], today: date) -> Universal:
    return universal.universal(_known(folder, stamp, today), treaty, states=among)


@lru_cache(maxsize=1)
def _everyone(
    codes: tuple[str, ...],
    folder: Path,
    stamp: Stamp,
    kept: tuple[tuple[str, Dossier], ...],
    estimated: tuple[Observation, ...],
    published: tuple[Publication, ...],
    checks: tuple[tuple[str, ReferenceCheck], ...],
    today: date,
) -> tuple[Appraisal, ...]:
    tables = _register(folder, stamp)
    known = replace(tables, observations=(*tables.observations, *estimated), publications=published)
    told, read = dict(kept), dict(checks)
    return tuple(
        assess.state(
            state.state(code), register=known, today=today, dossier=told.get(code, EMPTY), checks=read
        )
        for code in codes
    )


@lru_cache(maxsize=64)
def _appraisal(
    code: str,
    folder: Path,
    stamp: Stamp,
    estimated: tuple[Observation, ...],
    published: tuple[Publication, ...],
    held: Dossier,
    checks: tuple[tuple[str, ReferenceCheck], ...],
    today: date,
) -> Appraisal:
    tables = _register(folder, stamp)
    known = replace(tables, observations=(*tables.observations, *estimated), publications=published)
    return assess.state(state.state(code), register=known, today=today, dossier=held, checks=dict(checks))


def _observation(one: Estimation, code: str) -> Observation:
    """The range that was signed, of the last year that was asked about."""
    signed_on = one.second_at.astimezone(UTC).date()  # type: ignore[union-attr]  # two have signed
    low, high = one.report_low or 0, one.report_high or 0
    return Observation(
        state=code,
        series="estimated_victims",
        period=one.question.get("until") or one.asked_at.year,
        bounds=Bounds(low=low, high=high),
        value_text=f"{low}-{high}",
        unit="persons",
        sex=TOTAL,
        age=TOTAL,
        form=TOTAL,
        status=ObservationStatus.ESTIMATED,
        found=Found(source=_source(one), as_of=signed_on, file=f"estimation {one.id}", line=0),
    )


def _publication(one: Release, code: str) -> Publication:
    """Where everybody finds it; the address is that of its public page."""
    publisher = Text(en=one.agency.name, fr=one.agency.name)
    name = Text(
        en="Data published by this node within a privacy budget, approved by two people",
        fr="Données publiées par ce nœud dans un budget de confidentialité, approuvées par deux personnes",
    )
    return Publication(
        state=code,
        title=Text(en=one.text("title", "en"), fr=one.text("title", "fr")),
        found=Found(
            source=Source(
                id=f"node-release-{one.agency_id}", name=name, publisher=publisher, grade=Grade.NODE
            ),
            as_of=one.published_at.astimezone(UTC).date(),  # type: ignore[union-attr]  # it is published
            file=f"/published/en/{one.id}/",
            line=0,
        ),
    )


def _source(one: Estimation) -> Source:
    return Source(
        id=f"node-{one.agency_id}",
        name=Text(
            en="Estimation from this node's cases, signed by two people",
            fr="Estimation d'après les dossiers de ce nœud, signée par deux personnes",
        ),
        publisher=Text(en=one.agency.name, fr=one.agency.name),
        grade=Grade.NODE,
    )
