"""What is confidential about a case: one sealed part a tier, beside the clear statistical document."""

from django.db import models

from .agency import Agency
from .case import Case


class SealedTier(models.TextChoices):
    """The tiers that are never stored in clear."""

    CONFIDENTIAL = "T2", "case-confidential"
    IDENTIFYING = "T3", "identifying"
    LIFE_SAFETY = "T4", "life-safety"


class SealedPart(models.Model):
    """AES-256-GCM over the part's JSON, under a data key of its own, wrapped by the agency's key.

    A shredded part keeps its row and loses both key and ciphertext: the audit still says that it was.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="sealed_parts")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    tier = models.CharField(max_length=2, choices=SealedTier.choices)
    wrapped_key = models.BinaryField(null=True)
    ciphertext = models.BinaryField(null=True)
    key_version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)
    shredded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "tier"], name="one_sealed_part_a_tier"),
            models.CheckConstraint(
                condition=models.Q(tier__in=SealedTier.values), name="sealed_tier_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    shredded_at__isnull=True, wrapped_key__isnull=False, ciphertext__isnull=False
                )
                | models.Q(shredded_at__isnull=False, wrapped_key__isnull=True, ciphertext__isnull=True),
                name="shredded_part_holds_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}:{self.tier}"


class BlindToken(models.Model):
    """A keyed digest of one identifying value, for exact look-up inside the agency that holds the key."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="blind_tokens")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    token = models.BinaryField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["agency", "kind", "token"], name="blind_token_lookup")]

    def __str__(self) -> str:
        return f"{self.case_id}:{self.kind}"
