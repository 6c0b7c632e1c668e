"""Every address of the node."""

from django.urls import include, path
from django.views.i18n import set_language

from palermo.node.views import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("language", set_language, name="set_language"),
    path("account/", include("allauth.urls")),
]
