"""What the node stores, one noun a file."""

from .agency import Agency
from .audit import AuditEvent, AuditHead
from .case import Case, CaseQuerySet
from .event import Event
from .import_run import ImportFault, ImportRun, ImportState
from .member import HeldRole, Member
from .sealed import BlindToken, SealedPart, SealedTier
from .token import ApiToken

__all__ = [
    "Agency",
    "ApiToken",
    "AuditEvent",
    "AuditHead",
    "BlindToken",
    "Case",
    "CaseQuerySet",
    "Event",
    "HeldRole",
    "ImportFault",
    "ImportRun",
    "ImportState",
    "Member",
    "SealedPart",
    "SealedTier",
]
