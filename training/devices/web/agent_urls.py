"""Addresses that agents ask, below /api/devices/."""

from django.urls import path

from training.devices.web import agent_views

app_name = "agent"
urlpatterns = [
    path("join", agent_views.join, name="join"),
    path("enter", agent_views.enter, name="enter"),
    path("next", agent_views.next_job, name="next"),
    path("jobs/<int:pk>/beat", agent_views.beat, name="beat"),
    path("jobs/<int:pk>/end", agent_views.end, name="end"),
    path("jobs/<int:pk>/result", agent_views.result, name="result"),
    path("files/<str:sha256>", agent_views.file, name="file"),
]
