"""The Celery application. Apps use `shared_task` and never import this module."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_process_init

from hwrsite.forks import drop_connections_in_children
from hwrsite.orphans import end_with_worker

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hwrsite.settings")

app = Celery("propis")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()
app.autodiscover_tasks()
app.steps["worker"].add("hwrsite.deaf_workers:DeafWorkerStep")  # by name: it needs the apps


@worker_init.connect
def _begin(**_kwargs: Any) -> None:
    drop_connections_in_children()


@worker_process_init.connect
def _watch_the_worker(**_kwargs: Any) -> None:
    end_with_worker()
