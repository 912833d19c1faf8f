"""Addresses of the copybook."""

from django.urls import path

from copybook.web import views

app_name = "copybook"
urlpatterns = [
    path("", views.index, name="index"),
    path("letters.json", views.letters, name="letters"),
    path("letters.schema.json", views.schema, name="schema"),
]
