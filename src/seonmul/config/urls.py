"""Every address of the site, one audience a line."""

from django.urls import include, path

from seonmul.backoffice import lookup

urlpatterns = [
    path("console/lookup/", lookup.site.urls),
    path("console/", include("seonmul.backoffice.urls")),
    path("g/", include("seonmul.giftpage.urls")),
    path("till/", include("seonmul.till.urls")),
    path("pos/", include("seonmul.api.urls")),
    path("hooks/", include("seonmul.webhooks.urls")),
    # last, since a till need not ask for every page of the shop before its own
    path("", include("seonmul.storefront.urls")),
    path("", include("seonmul.storefront.account.urls")),
]
