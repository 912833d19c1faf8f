"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from hwrsite import health
from hwrsite.observing.addresses import metrics
from hwrsite.web.notices import notices
from hwrsite.web.overview import overview
from recognizer.web.api import api

handler400 = "hwrsite.errors.bad_request"

admin.autodiscover()

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("overview/", overview, name="overview"),
    path("overview/notices/", notices, name="notices"),
    path("admin/", admin.site.urls),
    path("", include("accounts.web.urls")),
    path("api/devices/", include("training.devices.web.agent_urls")),
    path("api/", api.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("runs/", include("training.runs.web.urls")),
    path("sweeps/", include("training.sweeps.web.urls")),
    path("data/", include("training.datasets.web.urls")),
    path("data/", include("training.cleaning.web.urls")),
    path("data/paper/", include("training.paper.web.urls")),
    path("devices/", include("training.devices.web.urls")),
    path("models/", include("training.devices.web.model_urls")),
    path("study/", include("training.study.web.urls")),
    path("learn/", include("training.study.web.learn_urls")),
    path("copybook/", include("copybook.web.urls")),
    path("", include("recognizer.web.urls")),
]
