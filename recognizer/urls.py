"""Public addresses of what reads letters."""

from django.urls import path

from recognizer import giving_views, views

app_name = "recognizer"
urlpatterns = [
    path("", views.draw, name="draw"),
    path("drawings/delete/", giving_views.delete_drawings, name="delete_drawings"),
    path("models/", views.models_index, name="index"),
    path("models/<int:pk>/", views.model_detail, name="detail"),
    path("models/<int:pk>/file/", views.model_download, name="download"),
]
