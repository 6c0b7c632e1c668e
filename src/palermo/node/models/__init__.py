"""What the node stores, one noun a file."""

from .agency import Agency
from .approval import Approval
from .audit import AuditEvent, AuditHead
from .case import Case, CaseQuerySet
from .consent import Consent
from .emergency import EmergencyOpening, EmergencyReason
from .estimation import Estimation, EstimationQuerySet, EstimationState
from .event import Event
from .import_run import ImportFault, ImportRun, ImportState
from .member import HeldRole, Member
from .person_key import PersonKey
from .release import Release, ReleaseEntry, ReleaseQuerySet, ReleaseState
from .risk import RiskReport, RiskReportQuerySet, RiskState
from .sealed import BlindToken, SealedPart, SealedTier
from .standing import Standing, StandingKind
from .token import ApiToken

__all__ = [
    "Agency",
    "ApiToken",
    "Approval",
    "AuditEvent",
    "AuditHead",
    "BlindToken",
    "Case",
    "CaseQuerySet",
    "Consent",
    "EmergencyOpening",
    "EmergencyReason",
    "Estimation",
    "EstimationQuerySet",
    "EstimationState",
    "Event",
    "HeldRole",
    "ImportFault",
    "ImportRun",
    "ImportState",
    "Member",
    "PersonKey",
    "Release",
    "ReleaseEntry",
    "ReleaseQuerySet",
    "ReleaseState",
    "RiskReport",
    "RiskReportQuerySet",
    "RiskState",
    "SealedPart",
    "SealedTier",
    "Standing",
    "StandingKind",
]
