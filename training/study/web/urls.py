"""Public addresses of the study."""

from django.urls import path

from training.study.web import views

app_name = "study"
urlpatterns = [
    path("", views.index, name="index"),
    path("figures.json", views.figures_file, name="figures"),
]
