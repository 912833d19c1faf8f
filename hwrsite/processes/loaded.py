"""All that web processes, workers and the clock import, for a supervisor that forks them: it opens no connection."""

from importlib import import_module

import django
from django.urls import get_resolver

from hwrsite import celery

OTHERS = ("hwrsite.web_server.server", "celery.bin.celery", "celery.apps.worker")

django.setup()
for name in OTHERS:
    import_module(name)
celery.app.finalize()
celery.app.loader.import_default_modules()
_ = get_resolver().url_patterns
