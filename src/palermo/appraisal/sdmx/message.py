"""SDMX messages of an appraisal: structure and data in SDMX-ML 3.0, data in SDMX-CSV 2.0, metadata.

Written with pysdmx and validated by its readers in the tests. pysdmx keeps one name for each artefact; the
French names are added to its message as further names (SDMX-ML 3.0, common schema: Name, by xml:lang). The
same rows give the same bytes: the header carries the day of the appraisal and a hash of the rows.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, time
from importlib import import_module
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from palermo.appraisal.dataset import Dataset, Datum
from palermo.appraisal.sdmx import code
from palermo.appraisal.sdmx.metadata import report
from palermo.appraisal.sdmx.structure import AGENCY, Structures, structures
from palermo.errors import Unreachable

COMMON = "{http://www.sdmx.org/resources/sdmxml/schemas/v3_0/common}"
NAME = f"{COMMON}Name"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
WANTED = "Reports in SDMX need the package pysdmx. Install palermo[sdmx], or choose another --format."


def messages(data: Dataset) -> Mapping[str, bytes]:
    """The messages by name: structure.xml, data.xml, data.csv, metadata.xml."""
    try:
        from pysdmx.io.csv.sdmx20.writer import write as write_csv
        from pysdmx.io.xml.sdmx30.writer.metadata import write as write_metadata
        from pysdmx.io.xml.sdmx30.writer.structure import write as write_structure
        from pysdmx.io.xml.sdmx30.writer.structure_specific import write as write_data
    except ImportError as error:
        raise Unreachable(WANTED) from error
    made = structures(data)
    held = _dataset(data, made)
    return {
        "structure.xml": _in_french(write_structure(list(made.all), header=_header(data)), made),
        "data.xml": str(write_data([held], header=_header(data))).encode(),
        "data.csv": str(write_csv([held])).encode(),
        "metadata.xml": str(write_metadata([report(data)], header=_header(data))).encode(),
    }


def row(one: Datum) -> dict[str, Any]:
    """One figure as the components of the structure."""
    return {
        "REF_AREA": one.state,
        "CYCLE": one.cycle,
        "PROVISION": one.provision or code.NOT_APPLICABLE,
        "MEASURE": code.coded(one.measure),
        "SEX": code.sex(one.sex),
        "AGE": code.age(one.age),
        "FORM": code.form(one.form),
        "SOURCE": code.source(one),
        "PART": one.part,
        "TIME_PERIOD": one.period,
        "OBS_VALUE": one.low if one.exact else None,
        "LOWER": one.low,
        "UPPER": one.high,
        "OBS_STATUS": code.status(one),
        "CONF_STATUS": code.FREE,
        "UNIT_MEASURE": code.unit(one.unit),
        "GRADE": str(one.found.source.grade) if one.found else None,
        "EVIDENCE": " ".join(one.evidence) or None,
    }


def _dataset(data: Dataset, made: Structures) -> Any:
    """The rows as pysdmx keeps them, in the frames that it brings."""
    frames: Any = import_module("pysdmx.io.pd")
    rows = frames.pd.DataFrame([row(one) for one in data.figures])
    return frames.PandasDataset(structure=made.definition.to_schema(), data=rows)


def _header(data: Dataset) -> Any:
    from pysdmx.model import Organisation
    from pysdmx.model.message import Header

    fingerprint = hashlib.sha256(repr(data).encode()).hexdigest()[:32]
    prepared = datetime.combine(data.today, time(), tzinfo=UTC)
    return Header(id=f"A{fingerprint}", prepared=prepared, sender=Organisation(id=AGENCY))


def _in_french(written: str | None, made: Structures) -> bytes:
    """The structure message with a French name after each English one."""
    root = etree.fromstring(str(written).encode())
    for name in list(root.iter(NAME)):
        artefact = name.getparent()
        holder = artefact.getparent()
        held_by = holder.get("id", "") if holder is not None else ""
        french = made.french.get((held_by, artefact.get("id", "")))
        if french is None:
            continue
        added = etree.Element(NAME, {LANGUAGE: "fr"})
        added.text, added.tail, name.tail = french, name.tail, name.tail
        name.addnext(added)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
