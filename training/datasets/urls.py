"""Public addresses of data sets."""

from django.urls import path

from training.datasets import views

app_name = "datasets"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/sheet.png", views.sheet, name="sheet"),
    path("imports/<int:pk>/", views.import_detail, name="import"),
    path("imports/<int:pk>/progress/", views.import_progress, name="import-progress"),
    path("imports/<int:pk>/cancel/", views.import_cancel, name="import-cancel"),
]
