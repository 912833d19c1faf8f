"""The Celery application. Apps use `shared_task` and never import this module."""

import os

from celery import Celery

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hwrsite.settings")

app = Celery("propis")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()
app.autodiscover_tasks()
