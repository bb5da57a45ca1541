"""Addresses of the till page."""

from django.urls import path

from seonmul.till import views

app_name = "till"
urlpatterns = [
    path("", views.till, name="till"),
    path("key/", views.enter, name="enter"),
    path("leave/", views.leave, name="leave"),
    path("redeem/", views.redeem, name="redeem"),
    path("cancel/", views.cancel, name="cancel"),
]
