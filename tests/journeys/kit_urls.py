"""The node's addresses with the page that shows the kit, which is otherwise served in debug mode alone."""

from django.urls import path

from palermo.node.urls import urlpatterns as node
from palermo.node.views import kit

handler429 = "palermo.node.views.account.too_many"
urlpatterns = [
    path("kit", kit.page, name="kit"),
    *(entry for entry in node if getattr(entry, "name", "") != "kit"),
]
