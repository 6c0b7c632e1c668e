"""Releases of made-up cases for tests, and a builder that makes a small pack without an engine."""

from palermo.node import release_pack
from palermo.node.actions import release
from palermo.node.models import Release
from palermo.node.release_pack import Built
from palermo.node.release_question import ReleaseQuestion
from palermo.prevention.release import pack
from tests.node.cases import NOW
from tests.node.estimations import an_analyst
from tests.prevention.release import packs

TEXTS = {
    "title": {"en": "Persons met in XA", "fr": "Personnes rencontrées en XA"},
    "purpose": {"en": "Yearly figures", "fr": "Chiffres annuels"},
}


def an_asked(**more) -> ReleaseQuestion:
    """Two columns of five years."""
    told = {"since": 2022, "until": 2026, "columns": ("year", "sex"), "epsilon": 1.0, "ways": 2}
    return ReleaseQuestion(**told | {"persons": 100_000} | more)


def drafted(*, by=None, **more) -> Release:
    """A draft of a release."""
    return release.draft(an_asked(**more), texts=TEXTS, by=by or an_analyst(), now=NOW)


def approved(**more) -> Release:
    """A release that two people have approved."""
    one = release.approve(drafted(**more).id, by=an_analyst(), now=NOW)
    return release.countersign(one.id, by=an_analyst("omar"), now=NOW)


def started(**more) -> Release:
    """A release whose budget is reserved."""
    return release.start(approved(**more).id, by=an_analyst(), now=NOW)


def a_pack(one, asked, persons) -> Built:
    """Files that no engine made: nothing is asked of persons."""
    return Built(files={"counts.csv": b"columns,values,count,sd,low,high\n"}, cap=2)


def a_real_pack(one, asked, persons) -> Built:
    """A pack as the engine would make it, of made-up rows."""
    rows = packs.rows(1200)
    counts = packs.figures(rows)
    columns = list(zip(*rows, strict=True))
    return Built(files=pack.files(packs.card(rows, counts), counts, columns, signed=True), cap=6)


def made(build=a_pack, **more) -> Release:
    """A release that is done."""
    one = release.carry_out(started(**more), clock=lambda: NOW, build=build)
    assert one.state == "done", one.fault
    return one


def published(**more) -> Release:
    """A release that anybody may see."""
    return release.publish(made(**more).id, by=an_analyst(), now=NOW)


def a_file(one: Release, name: str = "counts.csv") -> bytes:
    """A file of its pack."""
    return release_pack.file(one, name).read_bytes()
