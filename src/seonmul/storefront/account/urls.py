"""Addresses of coming in. Most names are allauth's, since it looks for them."""

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.usersessions.views import list_usersessions
from django.urls import include, path

from seonmul.storefront.account import recovering, second_factor, signing_up, views

_SECOND = "account/second-factor/"

urlpatterns = [
    path("login/", views.sign_in, name="account_login"),
    path("login/inactive/", account.account_inactive, name="account_inactive"),
    path("logout/", account.logout, name="account_logout"),
    path("sign-up/", signing_up.sign_up, name="account_signup"),
    path("sign-up/codes/", signing_up.codes, name="account_signup_codes"),
    path("sign-up/codes/again/", signing_up.code_again, name="account_signup_code_again"),
    path("sign-up/wait/", signing_up.wait, name="account_signup_wait"),
    path("sign-up/finish/", signing_up.finish, name="account_signup_finish"),
    path("sign-up/done/", signing_up.done, name="account_signup_done"),
    path("recover/", recovering.recover, name="account_reset_password"),
    path("recover/code/", recovering.code, name="account_recover_code"),
    path("recover/password/", recovering.password, name="account_recover_password"),
    path("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/devices/", list_usersessions, name="usersessions_list"),
    path(f"{_SECOND}", second.index, name="mfa_index"),
    path(f"{_SECOND}authenticate/", views.second_step, name="mfa_authenticate"),
    path(f"{_SECOND}reauthenticate/", second.reauthenticate, name="mfa_reauthenticate"),
    path(_SECOND, include(second_factor.urlpatterns)),
]
