"""Data on victims that a State has published in a form in which nobody can be found."""

from dataclasses import dataclass

from palermo.appraisal import evidence
from palermo.appraisal.evidence import Evidence, Found
from palermo.appraisal.words import Text, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One data set; `found` says where everybody can read it, and since when."""

    state: str
    title: Text
    found: Found

    @property
    def evidence(self) -> Evidence:
        """What a report cites."""
        return Evidence(
            id=evidence.identity(self.found.source.id, self.found.as_of, self.state, self.found.file),
            says=say("evidence.publication", title=self.title, on=self.found.as_of),
            found=self.found,
        )
