"""Public addresses of sweeps."""

from django.urls import path

from training.sweeps.web import action_views, new_views, views

app_name = "sweeps"
urlpatterns = [
    path("", views.index, name="index"),
    path("rows/", views.rows, name="rows"),
    path("new/", new_views.new, name="new"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/live/", views.live, name="live"),
    path("<int:pk>/heat/", views.heat, name="heat"),
    path("<int:pk>/figures.json", views.figures, name="figures"),
    path("<int:pk>/trials.csv", views.csv_file, name="csv"),
    path("<int:pk>/sweep.json", views.json_file, name="json"),
    path("<int:pk>/pause/", action_views.pause, name="pause"),
    path("<int:pk>/resume/", action_views.resume, name="resume"),
    path("<int:pk>/stop/", action_views.stop, name="stop"),
    path("<int:pk>/cancel/", action_views.cancel, name="cancel"),
    path("<int:pk>/extend/", action_views.extend, name="extend"),
    path("<int:pk>/trial/", action_views.add_trial, name="trial"),
    path("<int:pk>/publish/", action_views.publish_best, name="publish"),
]
