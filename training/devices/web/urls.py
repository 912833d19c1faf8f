"""Public addresses of devices."""

from django.urls import path, re_path

from training.devices.web import board, fleet_views, order_views, sheet_views, views
from training.devices.web.browsers import files as browser_files
from training.devices.web.browsers import views as browser_views
from training.devices.web.entered import chip_views, meter_views

app_name = "devices"
urlpatterns = [
    path("", views.index, name="index"),
    re_path(r"^times\.(?P<file_format>svg|png|csv)$", views.times_file, name="times"),
    path("sheets.csv", board.sheets, name="sheets"),
    path("board.json", board.as_json, name="board"),
    path("chips.csv", chip_views.as_csv, name="chips"),
    path("chips/new/", chip_views.paste, name="chip"),
    path("chips/<int:pk>/delete/", chip_views.delete, name="chip-delete"),
    path("benchmarks/<int:pk>/meter/", meter_views.enter, name="meter"),
    path("benchmarks/new/", order_views.order, name="order"),
    path("agent.sh", fleet_views.agent_script, name="agent-script"),
    path("agent.pyz", fleet_views.agent_archive, name="agent-archive"),
    path("add/", fleet_views.add, name="add"),
    path("this/", browser_views.this, name="this"),
    path("this/invite/", browser_views.invite, name="invite"),
    path("this/measure/", browser_views.measure, name="measure-this"),
    path("class/<str:code>/", browser_views.invitation, name="invitation"),
    path("class/<str:code>/close/", browser_views.close, name="close-invitation"),
    path("browsers.csv", browser_files.as_csv, name="browsers-csv"),
    path("browsers.json", browser_files.as_json, name="browsers-json"),
    path("<int:pk>/code/", fleet_views.code, name="code"),
    path("<int:pk>/sheet/", sheet_views.correct, name="sheet"),
    path("<int:pk>/revoke/", fleet_views.revoke, name="revoke"),
    path("<int:pk>/", views.detail, name="detail"),
    re_path(r"^(?P<pk>\d{1,18})/times\.(?P<file_format>svg|png|csv)$", views.times_file, name="device-times"),
    path("benchmarks/<int:pk>/", views.benchmark, name="benchmark"),
]
