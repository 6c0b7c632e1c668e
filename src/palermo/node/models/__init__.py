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
from .judgement import Judgement, JudgementQuerySet
from .member import HeldRole, Member
from .person_key import PersonKey
from .plan import NationalPlan, PlanFile, PlanQuerySet, PlanVersion
from .reference_check import ReferenceCheck
from .release import Release, ReleaseEntry, ReleaseQuerySet, ReleaseState
from .risk import RiskReport, RiskReportQuerySet, RiskState
from .sealed import BlindToken, SealedPart, SealedTier
from .standing import Standing, StandingKind
from .statement import PassageReading, Statement, StatementPassage, StatementState
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
    "Judgement",
    "JudgementQuerySet",
    "Member",
    "NationalPlan",
    "PassageReading",
    "PersonKey",
    "PlanFile",
    "PlanQuerySet",
    "PlanVersion",
    "ReferenceCheck",
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
    "Statement",
    "StatementPassage",
    "StatementState",
]
