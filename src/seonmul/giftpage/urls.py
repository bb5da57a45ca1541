"""Addresses of the recipients' pages. A message carries the one without a slash at its end."""

from django.urls import path

from seonmul.giftpage import claiming, views

app_name = "giftpage"
urlpatterns = [
    path("sample", views.sample, name="sample"),
    path("<str:token>", views.gift, name="gift"),
    path("<str:token>/", views.gift),
    path("<str:token>/refund", claiming.claim, name="claim"),
    path("<str:token>/extend", claiming.extend, name="extend"),
    path("<str:token>/help", views.check, name="check"),
    path("<str:token>/image.jpg", views.image, name="image"),
    path("<str:token>/now", views.now, name="now"),
    path("<str:token>/problem", views.problem, name="problem"),
]
