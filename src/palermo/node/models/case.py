"""A case: everything about one person's situation; only its coded statistical part lies here in clear."""

from typing import Self

from django.db import models

from .agency import Agency
from .generated import coded, codes


class CaseQuerySet(models.QuerySet["Case"]):
    """Reads of cases; who may see which is asked of `palermo.protection.access` before."""

    def of(self, agency: Agency | str) -> Self:
        """The cases that `agency` owns."""
        return self.filter(agency=agency)

    def about(self, **codes_asked: str) -> Self:
        """The cases whose columns hold the codes asked; an empty code asks nothing.

        `form` and `citizenship` look into lists; `reference` is a prefix; every other name is a column.
        """
        found = self
        for column, code in codes_asked.items():
            if code:
                found = found.filter(**{_LOOKUPS.get(column, column): _sought(column, code)})
        return found

    def holding(self, *, agency: Agency | str, kind: str, token: bytes) -> Self:
        """The cases of `agency` with this exact identifying value, by its blind token."""
        return self.filter(blind_tokens__agency=agency, blind_tokens__kind=kind, blind_tokens__token=token)


_LOOKUPS = {
    "form": "forms__contains",
    "citizenship": "citizenships__contains",
    "reference": "reference__startswith",
}


def _sought(column: str, code: str) -> str:
    return f'"{code}"' if column in {"form", "citizenship"} else code


class Case(models.Model):
    """`record` is the T1 part of one validated document; the columns below it are made by the database."""

    id = models.CharField(primary_key=True, max_length=32)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="cases")
    record = models.JSONField()
    origin_file = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file it came in.")
    origin_row = models.BigIntegerField(null=True)
    created_by = models.CharField(max_length=120)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    reference = coded("case__ref")
    year = coded("case__year_registered")
    sex = coded("person__sex__value")
    age_band = coded("person__age_band__value")
    citizenships = codes("person.citizenships", "value")
    forms = codes("exploitation", "form.value")
    identification = coded("case__identification__value")
    support = coded("case__support__value")
    safety = coded("case__safety__value")

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "origin_file", "origin_row"], name="a_row_is_stored_once"
            ),
            models.CheckConstraint(
                condition=models.Q(origin_file="", origin_row__isnull=True)
                | (~models.Q(origin_file="") & models.Q(origin_row__isnull=False)),
                name="origin_file_and_row_go_together",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "reference"], name="case_by_reference"),
            # Covers every filter of the case list, so that a search reads this index and never the documents.
            models.Index(
                fields=[
                    "agency",
                    "created_at",
                    "id",
                    "year",
                    "sex",
                    "age_band",
                    "identification",
                    "support",
                    "safety",
                    "forms",
                    "citizenships",
                    "reference",
                    "created_by",
                ],
                name="case_search",
            ),
            models.Index(fields=["year", "sex", "age_band"], name="case_figures"),
            models.Index(fields=["created_by", "agency"], name="cases_of_an_author"),
        ]

    def __str__(self) -> str:
        return self.id
