"""Addresses of accounts."""

from django.urls import path

from accounts.web import code_views, join_views, second_factor_views, views

app_name = "account"
urlpatterns = [
    path("account/", views.home, name="home"),
    path("account/sign-in/", views.SignInView.as_view(), name="sign_in"),
    path("account/sign-in/code/", second_factor_views.CodeView.as_view(), name="code"),
    path("account/second-factor/", second_factor_views.second_factor_page, name="second_factor"),
    path("account/sign-out/", views.SignOutView.as_view(), name="sign_out"),
    path("account/password/", views.PasswordView.as_view(), name="password"),
    path("account/sessions/others/", views.end_others, name="end_others"),
    path("account/sessions/<int:pk>/", views.end_session, name="end_session"),
    path("account/export/", views.export, name="export"),
    path("account/delete/", views.delete, name="delete"),
    path("account/tokens/", views.new_token, name="new_token"),
    path("account/tokens/<int:pk>/", views.revoke_token, name="revoke_token"),
    path("account/codes/", code_views.join_codes, name="codes"),
    path("account/codes/<str:code>/<str:action>/", code_views.close, name="close_code"),
    path("join/", join_views.join_page, name="join"),
    path("join/<str:code>/", join_views.join_by, name="join_code"),
]
