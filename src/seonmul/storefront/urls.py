"""Addresses of the storefront. They carry public ids only."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from seonmul.storefront.views import (
    cancelling,
    card,
    catalogue,
    charging,
    checking,
    copies,
    export,
    gifts,
    history,
    order,
    pay,
    recipients,
    reviewing,
    sending,
    statement,
    terms,
    waiting,
)

app_name = "storefront"

_DRAFT = "orders/drafts/<slug:public_id>/"
_CHARGE = "cash/charges/<slug:public_id>/"
_ORDER = "orders/<slug:public_id>/"

urlpatterns = [
    path("", catalogue.products, name="products"),
    path("products/<slug:list_name>/<slug:code>/", catalogue.product, name="product"),
    path("products/<slug:list_name>/<slug:code>/order/", order.begin, name="begin"),
    path("language/", login_not_required(set_language), name="language"),
    path("terms/", terms.text, {"name": "terms"}, name="terms"),
    path("terms/privacy/", terms.text, {"name": "privacy"}, name="privacy"),
    path("terms/personal-data/", terms.text, {"name": "personal_data"}, name="personal_data"),
    path("terms/marketing/", terms.text, {"name": "marketing"}, name="marketing"),
    path("orders/", history.orders, name="orders"),
    path("orders/template.xlsx", recipients.template, name="template"),
    path("cash/", statement.cash, name="cash"),
    path("cash/statement.xlsx", statement.sheet, name="statement"),
    path("cash/level/", charging.level, name="cash_level"),
    path("cash/charges/", charging.charges, name="charges"),
    path("cash/charges/new/", charging.new, name="charge_new"),
    path(_CHARGE, charging.charge, name="charge"),
    path(f"{_CHARGE}close/", charging.close, name="charge_close"),
    path(_DRAFT, order.draft, name="draft"),
    path(f"{_DRAFT}save/", order.save, name="save"),
    path(f"{_DRAFT}add/", recipients.add, name="add"),
    path(f"{_DRAFT}paste/", recipients.paste, name="paste"),
    path(f"{_DRAFT}upload/", recipients.upload, name="upload"),
    path(f"{_DRAFT}rows/", recipients.rows, name="rows"),
    path(f"{_DRAFT}rows/find/", recipients.find, name="find"),
    path(f"{_DRAFT}rows/drop/", recipients.drop, name="drop"),
    path(f"{_DRAFT}rows/one-each/", recipients.one_each, name="one_each"),
    path(f"{_DRAFT}rows/to-mend.xlsx", recipients.to_mend, name="to_mend"),
    path(f"{_DRAFT}rows/<int:position>/", recipients.mend, name="mend"),
    path(f"{_DRAFT}look/", checking.look, name="look"),
    path(f"{_DRAFT}trial/", checking.trial, name="trial"),
    path(f"{_DRAFT}look/remedy/", checking.remedy, name="look_remedy"),
    path(f"{_DRAFT}check/", pay.check, name="check"),
    path(f"{_DRAFT}pay/", pay.pay, name="pay"),
    path(f"{_DRAFT}pay/code/", pay.code, name="code"),
    path(f"{_DRAFT}card/", card.card, name="card"),
    path(f"{_DRAFT}card/return/", card.back, name="card_return"),
    path(f"{_DRAFT}card/cancel/", card.cancel, name="card_cancel"),
    path(_ORDER, sending.order, name="order"),
    path(f"{_ORDER}live/", sending.live, name="live"),
    path(f"{_ORDER}resend/", sending.resend, name="resend"),
    path(f"{_ORDER}cancel/", cancelling.cancel, name="cancel_gifts"),
    path(f"{_ORDER}time/", waiting.send_at, name="send_at"),
    path(f"{_ORDER}call-off/", waiting.stop, {"verb": "cancel"}, name="call_off"),
    path(f"{_ORDER}halt/", waiting.stop, {"verb": "halt"}, name="halt"),
    path(f"{_ORDER}recall/", waiting.stop, {"verb": "recall"}, name="recall"),
    path(f"{_ORDER}gifts.xlsx", export.gifts, name="gifts_sheet"),
    path("review/<str:link>/", reviewing.review, name="review"),
    path(f"{_ORDER}review/", reviewing.make, name="review_make"),
    path(f"{_ORDER}review/<slug:name>/withdraw/", reviewing.withdraw, name="review_withdraw"),
    path(f"{_ORDER}numbers/", sending.numbers, name="numbers"),
    path("gifts/", copies.copies, name="copies"),
    path("gifts/find/", copies.find, name="copies_find"),
    path("gifts/list.xlsx", copies.sheet, name="copies_sheet"),
    path("gifts/<slug:public_id>/", gifts.gift, name="gift"),
    path("", include("seonmul.storefront.mypage.urls")),
]
