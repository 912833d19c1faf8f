"""Public addresses of runs."""

from django.urls import path, re_path

from training.runs.web import action_views, compare_views, list_views, misread_views, shares, views
from training.runs.web.starting import new_views

app_name = "runs"
urlpatterns = [
    path("", list_views.index, name="index"),
    path("rows/", list_views.rows, name="rows"),
    path("shares/", shares.shares, name="shares"),
    path("columns/", list_views.choose_columns, name="columns"),
    re_path(r"^runs\.(?P<kind>csv|json)$", list_views.export, name="export"),
    path("compare/", compare_views.compare, name="compare"),
    path("compare/curves.json", compare_views.compared_curves, name="compared_curves"),
    path("new/", new_views.new, name="new"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/live/", views.live, name="live"),
    re_path(r"^(?P<pk>[0-9]{1,18})/(?P<action>cancel|pause|resume|retry)/$", action_views.act, name="act"),
    path("<int:pk>/misread/", misread_views.misread, name="misread"),
    re_path(r"^(?P<pk>[0-9]{1,18})/(?P<name>misread|weights)\.png$", misread_views.picture, name="picture"),
    path("<int:pk>/curves.json", views.curves, name="curves"),
    path("<int:pk>/epochs.csv", views.epochs_csv, name="csv"),
    re_path(r"^(?P<pk>[0-9]{1,18})/(?P<kind>accuracy|cost)\.(?P<file_format>svg|png)$", views.chart_file, name="chart"),
]
