"""Public addresses of what reads letters."""

from django.urls import path

from recognizer.web import donation_views, model_list, offline, panel, paper_views, service_views, views, words_page

app_name = "recognizer"
urlpatterns = [
    path("", views.draw, name="draw"),
    path("service-worker.js", offline.service_worker, name="service_worker"),
    path("saw/<str:language>.<str:digest>.html", panel.fragment, name="saw"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("kept/<str:release>/<str:language>/<str:page>/", offline.kept_page, name="kept_page"),
    path("glossary/", views.glossary, name="glossary"),
    path("paper/", paper_views.paper, name="paper"),
    path("about/", views.about, name="about"),
    path("privacy/", views.privacy, name="privacy"),
    path("drawings/delete/", donation_views.delete_drawings, name="delete_drawings"),
    path("drawings/review/", donation_views.review_drawings, name="review_drawings"),
    path("drawings/decide/", donation_views.decide_drawings, name="decide_drawings"),
    path("models/", model_list.models_index, name="index"),
    path("models/<int:pk>/", views.model_detail, name="detail"),
    path("models/<int:pk>/put-in-service/", service_views.put_in_service, name="put_in_service"),
    path("models/<int:pk>/roll-back/", service_views.roll_back, name="roll_back"),
    path("models/<int:pk>/file/", views.model_download, name="download"),
    path("words/<str:digest>.lexicon", words_page.lexicon, name="lexicon"),
    path("models/<str:sha256>.npz", views.model_weights, name="weights"),
]
