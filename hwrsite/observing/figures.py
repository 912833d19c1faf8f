"""Figures for Prometheus: what the web processes count together, and what the tables say when they are asked for."""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from recognizer.models import StoredModel
from training.jobs import lifecycle
from training.jobs.models import Deployment
from training.jobs.worker import presence

settings.FIGURES_FOLDER.mkdir(parents=True, exist_ok=True)
BUCKETS = (0.01, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_requests = Counter("propis_requests", "Requests that were answered", ["method", "view", "status"])
_seconds = Histogram("propis_request_seconds", "Time from a request's turn to its answer", ["view"], buckets=BUCKETS)
"""By view alone: each row of it has a figure for each bucket."""


def count(method: str, view: str, status: int, seconds: float) -> None:
    """Count a request; a method that somebody made up is counted as `other`, so that there are few rows."""
    _requests.labels(method if method in METHODS else "other", view, str(status)).inc()
    _seconds.labels(view).observe(seconds)


def text() -> bytes:
    """All figures in Prometheus' format."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(settings.FIGURES_FOLDER))  # type: ignore[no-untyped-call]
    registry.register(TableFigures())
    return generate_latest(registry)


class TableFigures(Collector):
    """What the tables say, by two queries for each kind of job and four more."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Look."""
        jobs = GaugeMetricFamily("propis_jobs", "Jobs by kind and state", labels=["kind", "state"])
        queues = GaugeMetricFamily("propis_queue_depth", "Jobs that wait, by queue", labels=["queue"])
        waiting = dict.fromkeys(settings.QUEUES, 0)
        for kind in lifecycle.kinds():
            for state, number in kind._default_manager.order_by().values_list("state").annotate(Count("pk")):
                jobs.add_metric([kind._meta.label, state], number)
            waiting[kind.QUEUE] = waiting.get(kind.QUEUE, 0) + lifecycle.waiting(kind).count()
        for queue, number in waiting.items():
            queues.add_metric([queue], number)
        yield jobs
        yield queues
        yield from self._installation()

    def _installation(self) -> Iterator[GaugeMetricFamily]:
        model = GaugeMetricFamily("propis_model_in_service", "1 for the model in service", labels=["name", "sha256"])
        for name, sha256 in StoredModel.objects.filter(is_active=True).values_list("name", "file_sha256"):
            model.add_metric([name, sha256], 1)
        yield model
        workers, ticks = presence.alive().count(), Deployment.objects.values_list("clock_ticks", flat=True).first()
        yield GaugeMetricFamily("propis_workers", "Workers that live", value=workers)
        yield GaugeMetricFamily("propis_clock_ticks", "Ticks of the clock since the beginning", value=ticks or 0)
