"""Django, made ready when a command first needs the node."""

import os


def setup() -> None:
    """Read the node's settings and its models; a second call does nothing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palermo.node.settings")
    import django

    django.setup()
