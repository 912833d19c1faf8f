"""Public addresses of the teaching page."""

from django.urls import path

from training.study.web import learn_views

app_name = "learn"
urlpatterns = [
    path("", learn_views.index, name="index"),
    path("<str:sha256>.bin", learn_views.pictures, name="pictures"),
]
