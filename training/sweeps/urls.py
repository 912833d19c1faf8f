"""Public addresses of sweeps."""

from django.urls import path

from training.sweeps import actions, views

app_name = "sweeps"
urlpatterns = [
    path("", views.index, name="index"),
    path("rows/", views.rows, name="rows"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/live/", views.live, name="live"),
    path("<int:pk>/heat/", views.heat, name="heat"),
    path("<int:pk>/figures.json", views.figures, name="figures"),
    path("<int:pk>/trials.csv", views.csv_file, name="csv"),
    path("<int:pk>/sweep.json", views.json_file, name="json"),
    path("<int:pk>/pause/", actions.pause, name="pause"),
    path("<int:pk>/resume/", actions.resume, name="resume"),
    path("<int:pk>/stop/", actions.stop, name="stop"),
    path("<int:pk>/cancel/", actions.cancel, name="cancel"),
    path("<int:pk>/extend/", actions.extend, name="extend"),
    path("<int:pk>/trial/", actions.add_trial, name="trial"),
    path("<int:pk>/publish/", actions.publish_best, name="publish"),
]
