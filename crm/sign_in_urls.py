"""Addresses under /sign-in/. The names are allauth's, which redirects by them."""

from django.urls import path

from crm.views import provider, security, sign_in

urlpatterns = [
    path("", sign_in.SignIn.as_view(), name="account_login"),
    path("code/", sign_in.RequestCode.as_view(), name="account_request_login_code"),
    path("code/confirm/", sign_in.ConfirmCode.as_view(), name="account_confirm_login_code"),
    path("second-step/", security.SecondStepPage.as_view(), name="mfa_authenticate"),
    path("passkey/", security.PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("with/none/", provider.given_up, name="socialaccount_login_cancelled"),
    path("with/error/", provider.given_up, name="socialaccount_login_error"),
    path("with/<slug:provider_id>/", provider.leave, name="openid_connect_login"),
    path("with/<slug:provider_id>/back/", provider.come_back, name="openid_connect_callback"),
    path("out/", sign_in.SignOut.as_view(), name="account_logout"),
    path("demonstration/", sign_in.be_somebody, name="be_somebody"),
    path("inactive/", sign_in.inactive, name="account_inactive"),
]
