"""Public addresses of what reads letters."""

from django.urls import path

from recognizer import views

app_name = "recognizer"
urlpatterns = [
    path("", views.draw, name="draw"),
    path("models/", views.models_index, name="index"),
    path("models/<int:pk>/", views.model_detail, name="detail"),
    path("models/<int:pk>/file/", views.model_download, name="download"),
]
