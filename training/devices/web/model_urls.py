"""Public addresses of choosing a model and of taking it along."""

from django.urls import path, re_path

from training.devices.web import choose_views

app_name = "choice"
urlpatterns = [
    path("choose/", choose_views.choose, name="choose"),
    re_path(r"^choose/(?P<what>size|time)\.(?P<file_format>svg|png|csv)$", choose_views.chart_file, name="chart"),
    path("<int:pk>/export/<slug:export_format>/", choose_views.export, name="export"),
]
