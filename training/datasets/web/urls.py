"""Public addresses of data sets."""

from django.urls import path

from training.datasets.web import confirm_views, drawings_views, export_views, picture_views, views

app_name = "datasets"
urlpatterns = [
    path("", views.index, name="index"),
    path("drawings/", drawings_views.drawings, name="drawings"),
    path("drawings/archive.zip", drawings_views.archive, name="drawings_archive"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/sheet.png", views.sheet, name="sheet"),
    path("<int:pk>/averages.png", picture_views.average_pictures, name="averages"),
    path("<int:pk>/pictures.png", picture_views.pictures, name="pictures"),
    path("<int:pk>/examples/", picture_views.examples, name="examples"),
    path("<int:pk>/export/<slug:form>/", export_views.download, name="export"),
    path("imports/new/<str:token>/", confirm_views.confirm, name="import-confirm"),
    path("imports/<int:pk>/", views.import_detail, name="import"),
    path("imports/<int:pk>/progress/", views.import_progress, name="import-progress"),
    path("imports/<int:pk>/cancel/", views.import_cancel, name="import-cancel"),
]
