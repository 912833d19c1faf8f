"""Public addresses of devices."""

from django.urls import path, re_path

from training.devices.web import board, fleet_views, order_views, sheet_views, views

app_name = "devices"
urlpatterns = [
    path("", views.index, name="index"),
    re_path(r"^times\.(?P<file_format>svg|png|csv)$", views.times_file, name="times"),
    path("sheets.csv", board.sheets, name="sheets"),
    path("board.json", board.as_json, name="board"),
    path("benchmarks/new/", order_views.order, name="order"),
    path("agent.sh", fleet_views.agent_script, name="agent-script"),
    path("agent.pyz", fleet_views.agent_archive, name="agent-archive"),
    path("add/", fleet_views.add, name="add"),
    path("<int:pk>/code/", fleet_views.code, name="code"),
    path("<int:pk>/sheet/", sheet_views.correct, name="sheet"),
    path("<int:pk>/revoke/", fleet_views.revoke, name="revoke"),
    path("<int:pk>/", views.detail, name="detail"),
    re_path(r"^(?P<pk>\d{1,18})/times\.(?P<file_format>svg|png|csv)$", views.times_file, name="device-times"),
    path("benchmarks/<int:pk>/", views.benchmark, name="benchmark"),
]
