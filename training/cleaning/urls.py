"""Public addresses of cleaning."""

from django.urls import path

from training.cleaning import progress_views, views

app_name = "cleaning"
urlpatterns = [
    path("<int:pk>/review/", views.review_page, name="review"),
    path("<int:pk>/review/decide/", views.decide, name="decide"),
    path("<int:pk>/clean/", progress_views.start_cleaning, name="start"),
    path("<int:pk>/version/", progress_views.start_version, name="start-version"),
    path("cleanings/<int:pk>/", progress_views.cleaning, name="cleaning"),
    path("cleanings/<int:pk>/progress/", progress_views.cleaning_progress, name="cleaning-progress"),
    path("cleanings/<int:pk>/cancel/", progress_views.cleaning_cancel, name="cleaning-cancel"),
    path("versions/<int:pk>/", progress_views.version, name="version"),
    path("versions/<int:pk>/progress/", progress_views.version_progress, name="version-progress"),
    path("versions/<int:pk>/cancel/", progress_views.version_cancel, name="version-cancel"),
]
