"""All evidence of one State that a judgement may name, by id."""

from collections.abc import Iterable, Mapping

from palermo.appraisal.dossier import Dossier
from palermo.appraisal.evidence import Evidence
from palermo.appraisal.register import Register
from palermo.appraisal.treaty import Standing


def library(
    state: str, *, register: Register, dossier: Dossier, standings: Iterable[Standing]
) -> Mapping[str, Evidence]:
    """Treaty actions, reservations, figures, data, claims and plans; a machine's proposals are among them."""
    found = [
        *(item for one in standings for item in one.evidence),
        *(one.evidence for one in register.declared if one.state == state),
        *(one.evidence for one in register.series(state)),
        *(one.evidence for one in register.published(state)),
        *(one.evidence for one in dossier.claims),
        *(one.evidence for one in dossier.plans),
    ]
    return {one.id: one for one in found}
