"""Public addresses of cleaning."""

from django.urls import path

from training.cleaning.web import job_views, views

app_name = "cleaning"
urlpatterns = [
    path("<int:pk>/review/", views.review_page, name="review"),
    path("<int:pk>/review/decide/", views.decide, name="decide"),
    path("<int:pk>/clean/", job_views.start_cleaning, name="start"),
    path("<int:pk>/version/", job_views.start_version, name="start-version"),
    path("cleanings/<int:pk>/", job_views.cleaning, name="cleaning"),
    path("cleanings/<int:pk>/progress/", job_views.cleaning_progress, name="cleaning-progress"),
    path("cleanings/<int:pk>/cancel/", job_views.cleaning_cancel, name="cleaning-cancel"),
    path("versions/<int:pk>/", job_views.version, name="version"),
    path("versions/<int:pk>/progress/", job_views.version_progress, name="version-progress"),
    path("versions/<int:pk>/cancel/", job_views.version_cancel, name="version-cancel"),
]
