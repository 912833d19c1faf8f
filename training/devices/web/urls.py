"""Public addresses of devices."""

from django.urls import path, re_path

from training.devices.web import views

app_name = "devices"
urlpatterns = [
    path("", views.index, name="index"),
    re_path(r"^times\.(?P<file_format>svg|png|csv)$", views.times_file, name="times"),
    path("<int:pk>/", views.detail, name="detail"),
    re_path(r"^(?P<pk>\d{1,18})/times\.(?P<file_format>svg|png|csv)$", views.times_file, name="device-times"),
    path("benchmarks/<int:pk>/", views.benchmark, name="benchmark"),
]
