"""Addresses that providers call. The secret part is the only proof where a vendor does not sign."""

from django.urls import path

from seonmul.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("carriers/<slug:carrier>/<str:secret>", views.carrier_report, name="carrier"),
    path("payments/<slug:provider>", views.payment_report, name="payments"),
]
