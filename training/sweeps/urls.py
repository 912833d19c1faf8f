"""Public addresses of sweeps."""

from django.urls import path

from training.sweeps import views

app_name = "sweeps"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/live/", views.live, name="live"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/publish/", views.publish_best, name="publish"),
]
