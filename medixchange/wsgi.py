"""The WSGI application: every page of the site."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medixchange.settings")
application = get_wsgi_application()
