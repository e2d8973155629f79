"""Addresses under /account/ about signing in. Names that begin with mfa_ and account_ are allauth's, which redirects by them."""

from django.urls import path

from crm.views import own_sign_in, security

urlpatterns = [
    path("name/", own_sign_in.CorrectName.as_view(), name="own_name"),
    path("email/", own_sign_in.NewEmail.as_view(), name="own_email"),
    path("email/code/", own_sign_in.ConfirmEmail.as_view(), name="own_email_code"),
    path("password/", own_sign_in.Password.as_view(), name="own_password"),
    path("sessions/", own_sign_in.SignIns.as_view(), name="sign_ins"),
    path("sessions/end/", own_sign_in.EndOthers.as_view(), name="sign_ins_end"),
    path("sessions/<uuid:pk>/end/", own_sign_in.EndOne.as_view(), name="sign_in_end"),
    path("security/", security.Security.as_view(), name="mfa_index"),
    path("security/again/", security.AgainByPassword.as_view(), name="account_reauthenticate"),
    path("security/again/code/", security.AgainByCode.as_view(), name="mfa_reauthenticate"),
    path("security/again/passkey/", security.AgainByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("security/app/", security.AddApp.as_view(), name="mfa_activate_totp"),
    path("security/app/remove/", security.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("security/codes/", security.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("security/codes/new/", security.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("security/codes/file/", security.RecoveryCodesFile.as_view(), name="mfa_download_recovery_codes"),
    path("security/passkeys/new/", security.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("security/passkeys/<int:pk>/", security.RenamePasskey.as_view(), name="mfa_edit_webauthn"),
    path("security/passkeys/<int:pk>/remove/", security.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
]
