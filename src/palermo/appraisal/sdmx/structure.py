"""The data structure definition PALERMO:APPRAISAL(1.0) as values of pysdmx."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from palermo.appraisal import words
from palermo.appraisal.dataset import Dataset
from palermo.appraisal.sdmx.code import CodeList, codes_of
from palermo.appraisal.words import Text

if TYPE_CHECKING:
    from pysdmx.model import Codelist, Component, Concept, ConceptScheme, Dataflow, DataStructureDefinition

AGENCY = "PALERMO"
ID = "APPRAISAL"
VERSION = "1.0"
SCHEME = "CS_APPRAISAL"
VALUE = "OBS_VALUE"
PACKAGES = {
    "Codelist": "codelist",
    "ConceptScheme": "conceptscheme",
    "DataStructure": "datastructure",
    "Dataflow": "datastructure",
    "Metadataflow": "metadatastructure",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Structures:
    """Everything that a structure message holds; `french` names each item by its list and id."""

    codelists: "tuple[Codelist, ...]"
    concepts: "ConceptScheme"
    definition: "DataStructureDefinition"
    dataflow: "Dataflow"
    french: Mapping[tuple[str, str], str]

    @property
    def all(self) -> tuple[Any, ...]:
        return (*self.codelists, self.concepts, self.definition, self.dataflow)


def urn(kind: str, id_: str) -> str:
    return f"urn:sdmx:org.sdmx.infomodel.{PACKAGES[kind]}.{kind}={AGENCY}:{id_}({VERSION})"


def components() -> tuple[str, ...]:
    """The ids of dimensions, the value and attributes, in their order."""
    return (*_table()["dimensions"], VALUE, *_table()["attributes"])


def structures(data: Dataset) -> Structures:
    """The definition with its lists; those lists that follow the rows hold what these rows need."""
    from pysdmx.model import Components, ConceptScheme, Dataflow, DataStructureDefinition

    coded = codes_of(components(), data)
    lists = {one.id: _codelist(one) for one in coded.values()}
    concepts = ConceptScheme(
        id=SCHEME,
        name=_text("concepts").en,
        agency=AGENCY,
        version=VERSION,
        urn=urn("ConceptScheme", SCHEME),
        items=tuple(_concept(name) for name in components()),
    )
    made = [_component(one, lists[coded[one.id].id] if one.id in coded else None) for one in concepts.items]
    definition = DataStructureDefinition(
        id=ID,
        name=_text("structure").en,
        agency=AGENCY,
        version=VERSION,
        urn=urn("DataStructure", ID),
        components=Components(made),
    )
    dataflow = Dataflow(
        id=ID,
        name=_text("structure").en,
        agency=AGENCY,
        version=VERSION,
        urn=urn("Dataflow", ID),
        structure=definition.short_urn,
    )
    return Structures(
        codelists=tuple(lists.values()),
        concepts=concepts,
        definition=definition,
        dataflow=dataflow,
        french=_french(coded),
    )


def _codelist(one: CodeList) -> "Codelist":
    from pysdmx.model import Code, Codelist

    return Codelist(
        id=one.id,
        name=one.name.en,
        agency=AGENCY,
        version=VERSION,
        urn=urn("Codelist", one.id),
        items=tuple(Code(id=code, name=name.en) for code, name in one.codes),
    )


def _concept(name: str) -> "Concept":
    from pysdmx.model import Concept

    whole = urn("ConceptScheme", SCHEME).replace(".ConceptScheme=", ".Concept=")
    return Concept(id=name, name=_text("concept", name).en, urn=f"{whole}.{name}")


def _component(concept: "Concept", codes: "Codelist | None") -> "Component":
    from pysdmx.model import Component, DataType, Role

    kind = DataType.STRING if codes else DataType(_table()["type"][concept.id])
    role = Role.DIMENSION if concept.id in _table()["dimensions"] else Role.ATTRIBUTE
    role = Role.MEASURE if concept.id == VALUE else role
    return Component(
        id=concept.id,
        required=role is Role.DIMENSION,
        role=role,
        concept=concept,
        local_dtype=kind,
        local_codes=codes,
        local_enum_ref=codes.urn if codes else None,
        attachment_level="O" if role is Role.ATTRIBUTE else None,
    )


def _french(coded: Mapping[str, CodeList]) -> Mapping[tuple[str, str], str]:
    """The French name of each item, by the id of what holds it and its own."""
    lists = {one.id: one for one in coded.values()}.values()
    names = {(one.id, code): name.fr for one in lists for code, name in one.codes}
    heads = {("", one.id): one.name.fr for one in lists}
    concepts = {(SCHEME, name): _text("concept", name).fr for name in components()}
    return names | heads | concepts | {("", SCHEME): _text("concepts").fr, ("", ID): _text("structure").fr}


def _text(*path: str) -> Text:
    entry: Any = _table()
    for one in path:
        entry = entry[one]
    return Text(**entry)


def _table() -> Mapping[str, Any]:
    return words.table("sdmx.toml")
