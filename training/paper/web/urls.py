"""Addresses of scans and collection sheets."""

from django.urls import path

from training.paper.web import review_views, views

app_name = "paper"
urlpatterns = [
    path("", views.index, name="index"),
    path("sheets.pdf", views.sheets, name="sheets"),
    path("<int:pk>/", views.reading, name="reading"),
    path("<int:pk>/progress/", views.progress, name="progress"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/result/<slug:form>/", views.result, name="result"),
    path("<int:pk>/review/", review_views.review, name="review"),
    path("<int:pk>/review/sheet/<int:number>/", review_views.sheet, name="sheet"),
    path("<int:pk>/review/decide/", review_views.decide, name="decide"),
    path("<int:pk>/review/import/", review_views.make_import, name="import"),
]
