"""The node as a WSGI application; what it makes is its user's alone."""

import os

from django.core.wsgi import get_wsgi_application

os.umask(0o077)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palermo.node.settings")
application = get_wsgi_application()
