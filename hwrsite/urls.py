"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from recognizer.api import api

handler400 = "hwrsite.errors.bad_request"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", api.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("runs/", include("training.runs.urls")),
    path("sweeps/", include("training.sweeps.urls")),
    path("data/", include("training.datasets.urls")),
    path("data/", include("training.cleaning.urls")),
    path("devices/", include("training.devices.urls")),
    path("", include("recognizer.urls")),
]
