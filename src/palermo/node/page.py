"""What every page knows besides its own content."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def context(request: HttpRequest) -> dict[str, Any]:
    """Whether the node holds made-up data: every page says so."""
    return {"made_up": settings.NODE.made_up}
