"""The map of the world as a Vega-Lite specification: values by country, and words about its boundaries."""

import csv
import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils.translation import gettext_lazy as _

from palermo.errors import Unknown
from palermo.node.table import text

HERE = Path(__file__).parent
SHIPPED = "palermo/built/geography/countries-50m.json"
DISCLAIMER = _(
    "The boundaries and names shown on this map do not imply official endorsement or acceptance. "
    "They come from Natural Earth and can be replaced by a file of your own."
)
# Half a pixel of the map, in degrees.
DETAIL = 0.2
FEW = 8
SHADES = ("#b9d8dd", "#8bbac4", "#5598a6", "#2b7183", "#123f4d")
LAND, SEA, BORDER = "#e6decb", "#f3f6f7", "#ffffff"
ANTARCTICA = "010"


def choropleth(
    values: Mapping[str, float], *, legend: Any, steps: Sequence[float], classes: Sequence[str] = ()
) -> dict[str, Any]:
    """Countries shaded by value; `values` are by ISO 3166 alpha-2 or alpha-3 code, `steps` up to four limits.

    `classes` names the steps where the values are no quantities. A code that no map knows (a made-up country)
    stays in the table alone.
    """
    classes = classes or labels(steps)
    rows = [
        {"id": number(code), "class": classes[bisect_right(steps, value)]}
        for code, value in sorted(values.items())
        if number(code)
    ]
    none = str(_("No data"))
    countries = {
        "mark": {"type": "geoshape", "stroke": BORDER, "strokeWidth": 0.4},
        "data": {"values": topology(chosen()), "format": {"type": "topojson", "feature": "countries"}},
        "transform": [
            {"filter": f"datum.id !== '{ANTARCTICA}'"},
            {
                "lookup": "id",
                "from": {"data": {"values": rows}, "key": "id", "fields": ["class"]},
                "default": none,
            },
        ],
        "encoding": {"color": _shading(str(legend), [*classes, none], [*SHADES[: len(classes)], LAND])},
    }
    globe = {"data": {"sphere": True}, "mark": {"type": "geoshape", "fill": SEA}}
    return {"width": 900, "height": 440, "projection": {"type": "equalEarth"}, "layer": [globe, countries]}


def labels(steps: Sequence[float]) -> list[str]:
    """The classes that the limits make, in words: under 5, 5 to under 20, 20 and over."""
    first = _("under %(limit)s") % {"limit": text(steps[0])}
    between = [
        _("%(low)s to under %(high)s") % {"low": text(low), "high": text(high)}
        for low, high in pairwise(steps)
    ]
    return [str(label) for label in (first, *between, _("%(limit)s and over") % {"limit": text(steps[-1])})]


def _shading(legend: str, classes: Sequence[str], shades: Sequence[str]) -> dict[str, Any]:
    return {
        "field": "class",
        "type": "nominal",
        "scale": {"domain": list(classes), "range": list(shades)},
        "legend": {"title": legend, "orient": "bottom", "direction": "horizontal", "symbolType": "square"},
    }


def chosen() -> Path:
    """The node's boundary file: PALERMO_BOUNDARIES, else the one that was built in."""
    if settings.NODE.boundaries:
        return Path(settings.NODE.boundaries)
    built = finders.find(SHIPPED)
    if built is None:
        raise Unknown(f"{SHIPPED} is not built. Run `python hatch_build.py`, or set PALERMO_BOUNDARIES.")
    return Path(built)


@cache
def topology(file: Path) -> dict[str, Any]:
    """The boundaries in a TopoJSON file with an object `countries`, each with its ISO number as id."""
    try:
        world: Any = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise Unknown(f"{file.name} is no readable TopoJSON file. Set PALERMO_BOUNDARIES to one.") from fault
    if not isinstance(world, dict) or "countries" not in world.get("objects", {}):
        raise Unknown(f"{file.name} has no object `countries`. Give that name to its boundaries.")
    if "transform" in world:
        reach = DETAIL / min(world["transform"]["scale"])
        world["arcs"] = [_thinned(arc, reach) for arc in world["arcs"]]
    return world


def _thinned(arc: Sequence[Sequence[int]], reach: float) -> Sequence[Sequence[int]]:
    """A boundary, given as steps from point to point, without the points nearer than `reach` to the last.

    Neighbours share a boundary, so it stays closed; a small island's stays whole, lest it vanish.
    """
    kept, gone = [arc[0]], (0, 0)
    for step in arc[1:-1]:
        gone = (gone[0] + step[0], gone[1] + step[1])
        if abs(gone[0]) + abs(gone[1]) > reach:
            kept.append(gone)
            gone = (0, 0)
    kept.append((gone[0] + arc[-1][0], gone[1] + arc[-1][1]))
    return kept if len(kept) > FEW else arc


def number(code: str) -> str:
    """The ISO 3166 number of an alpha-2 or alpha-3 code, empty for a code that no map knows."""
    return _numbers().get(code, "")


@cache
def _numbers() -> dict[str, str]:
    with (HERE / "country_numbers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row[kind]: row["number"] for row in rows for kind in ("alpha2", "alpha3")}
