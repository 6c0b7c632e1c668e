"""The roles a member or a machine may hold."""

from enum import StrEnum


class Role(StrEnum):
    """Who acts; what each may do is the access matrix."""

    FIRST_RESPONDER = "first_responder"
    CASE_WORKER = "case_worker"
    SUPERVISOR = "supervisor"
    COMPETENT_AUTHORITY = "competent_authority"
    SERVICE_PROVIDER = "service_provider"
    GUARDIAN = "guardian"
    PROSECUTOR = "prosecutor"
    BORDER_OFFICER = "border_officer"
    SURVIVOR = "survivor"
    ANALYST = "analyst"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    ADMINISTRATOR = "administrator"
    PEER_NODE = "peer_node"
