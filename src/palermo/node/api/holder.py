"""Who holds the token, and how often it may ask."""

from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.throttling import SimpleRateThrottle

from palermo.node.actor import Actor
from palermo.node.models import ApiToken


class Holder(HttpBearer):
    """The token that the request showed; it was looked up before the agency's rows were opened."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        holder: ApiToken | None = request.holder  # type: ignore[attr-defined]  # set by request.TokenHolder
        return holder


class EachToken(SimpleRateThrottle):
    """So many requests a minute for each token, and for each address without one."""

    scope = "token"

    def get_cache_key(self, request: HttpRequest) -> str:
        holder: ApiToken | None = getattr(request, "holder", None)
        ident = f"token-{holder.pk}" if holder else f"address-{self.get_ident(request)}"
        return self.cache_format % {"scope": self.scope, "ident": ident}


def actor(request: HttpRequest) -> Actor:
    """Who acts, for the action that is called."""
    return request.auth.actor  # type: ignore[attr-defined,no-any-return]  # set by ninja after Holder
