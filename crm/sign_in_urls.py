"""Addresses under /sign-in/. The names are allauth's, which redirects by them."""

from django.urls import path

from crm.views import sign_in

urlpatterns = [
    path("", sign_in.SignIn.as_view(), name="account_login"),
    path("code/", sign_in.RequestCode.as_view(), name="account_request_login_code"),
    path("code/confirm/", sign_in.ConfirmCode.as_view(), name="account_confirm_login_code"),
    path("out/", sign_in.SignOut.as_view(), name="account_logout"),
    path("demonstration/", sign_in.be_somebody, name="be_somebody"),
    path("inactive/", sign_in.inactive, name="account_inactive"),
]
