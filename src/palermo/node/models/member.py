"""A member: one person's account inside one agency, with the roles they hold there."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from palermo.node.actor import Actor
from palermo.protection.access import Role

from .agency import Agency


class MemberManager(BaseUserManager["Member"]):
    """Reads members; they are made by `actions.member`."""

    def get_by_natural_key(self, username: str | None) -> "Member":
        return self.get(name=username)


class Member(AbstractBaseUser):
    """Signs in by `name`; keeps no e-mail address, so nothing about a case can be sent to one."""

    name = models.SlugField("sign-in name", max_length=60, unique=True)
    display_name = models.CharField(max_length=120)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="members")
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=5, default="en")
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD: ClassVar[str] = "name"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    objects = MemberManager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.display_name

    def get_full_name(self) -> str:
        return self.display_name

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held now; read once per instance."""
        held: frozenset[Role] | None = self.__dict__.get("_roles")
        if held is None:
            held = frozenset(Role(code) for code in self.held_roles.values_list("role", flat=True))
            self.__dict__["_roles"] = held
        return held

    @property
    def actor(self) -> Actor:
        """Who this member is to the access matrix and the audit."""
        return Actor(name=self.name, agency=self.agency_id, roles=self.roles)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__.pop("_roles", None)
        super().refresh_from_db(*args, **kwargs)


class HeldRole(models.Model):
    """One role that one member holds."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="held_roles")
    role = models.CharField(max_length=40, choices=[(role.value, role.value) for role in Role])
    granted_by = models.CharField(max_length=120)
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "role"], name="role_is_held_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}:{self.role}"
