"""A token by which an agency's own system speaks to the interface."""

from django.db import models

from palermo.node.actor import Actor
from palermo.protection.access import Role

from .agency import Agency


class ApiToken(models.Model):
    """Only a digest is kept; the token itself is shown once, when it is made."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    roles = models.JSONField(default=list, help_text="Codes of the roles that the token may act in.")
    digest = models.BinaryField(max_length=32, unique=True)
    created_by = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["agency_id", "name"]
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="token_name_is_used_once")]

    def __str__(self) -> str:
        return f"{self.agency_id}:{self.name}"

    @property
    def actor(self) -> Actor:
        """Who this token is to access and audit: by number, for two agencies may use one name."""
        return Actor(
            name=f"token:{self.pk}",
            agency=self.agency_id,
            roles=frozenset(Role(code) for code in self.roles),
        )
