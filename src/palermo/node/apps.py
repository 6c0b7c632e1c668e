"""The one Django app of the node."""

from django.apps import AppConfig


class NodeConfig(AppConfig):
    name = "palermo.node"
    label = "node"
    verbose_name = "palermo"
