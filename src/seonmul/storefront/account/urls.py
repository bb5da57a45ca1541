"""Addresses of coming in. Their names are allauth's, since it looks for them."""

from allauth.account import views as account
from allauth.usersessions.views import list_usersessions
from django.urls import include, path

from seonmul.storefront.account import views

urlpatterns = [
    path("login/", views.sign_in, name="account_login"),
    path("login/inactive/", account.account_inactive, name="account_inactive"),
    path("logout/", account.logout, name="account_logout"),
    path("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/devices/", list_usersessions, name="usersessions_list"),
    path("account/second-factor/", include("allauth.mfa.urls")),
]
