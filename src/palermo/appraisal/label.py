"""What the codes of the flat rows are called: measures, groups, units, statuses of figures."""

from collections.abc import Callable, Mapping

from palermo.appraisal import dataset
from palermo.appraisal.observation import TOTAL, ObservationStatus
from palermo.appraisal.observation import group as group
from palermo.appraisal.obstacle import Reason
from palermo.appraisal.provision import Pillar, instruments
from palermo.appraisal.statement.claim import Kind, Support
from palermo.appraisal.words import Phrase, Text, catalogue, say

NAMED: Mapping[str, Callable[[str], Phrase]] = {
    dataset.STATUS: lambda about: say("measure.status"),
    dataset.SHARE: lambda about: say("measure.share", pillar=say(f"pillar.{about}")),
    dataset.PARTY: lambda about: say("measure.party", treaty=instruments()[about].short),
    dataset.OBSTACLE: lambda about: say("measure.obstacle", reason=say(f"obstacle.{about}.name")),
    dataset.CLAIM: lambda about: say("measure.claim", kind=say(f"kind.{about}")),
    dataset.SUPPORT: lambda about: say("measure.support", support=say(f"support.{about}")),
}


def measure(code: str) -> Phrase | Text:
    """The name of a measure of the flat rows; a series that the catalogue does not name stands for itself."""
    head, _, about = code.partition(".")
    if head in NAMED:
        return NAMED[head](about)
    key = f"series.{code}"
    return say(key) if key in catalogue() else Text(en=code, fr=code)


def measures() -> tuple[str, ...]:
    """Every measure that the framework knows: ours with what they are about, and the series."""
    return (
        dataset.STATUS,
        *(f"{dataset.SHARE}.{one}" for one in Pillar),
        *(f"{dataset.PARTY}.{one.id}" for one in instruments().values() if one.kind == "treaty"),
        *(f"{dataset.OBSTACLE}.{one}" for one in Reason),
        *(f"{dataset.CLAIM}.{one}" for one in Kind),
        *(f"{dataset.SUPPORT}.{one}" for one in Support),
        *sorted(key.removeprefix("series.") for key in catalogue() if key.startswith("series.")),
    )


def unit(code: str) -> Phrase | Text:
    key = f"unit.{code}"
    return say(key) if key in catalogue() else Text(en=code, fr=code)


def figure_status(one: ObservationStatus) -> Phrase:
    return say(f"figure.status.{one}")


def part(code: str) -> Phrase | Text | str:
    """A sex, age or form; nothing where the figure is not told apart by it."""
    return "" if code == TOTAL else group(code)
