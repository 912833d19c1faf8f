"""Public addresses of the study."""

from django.urls import path, re_path

from training.study.web import source_views, views

app_name = "study"
urlpatterns = [
    path("", views.index, name="index"),
    path("figures.json", views.figures_file, name="figures"),
    re_path(r"^code/(?P<path>[\w/]+\.py)$", source_views.source, name="source"),
]
