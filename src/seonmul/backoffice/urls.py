"""Addresses of the console. They carry public ids, opaque ids and codes only."""

from django.urls import path

from seonmul.backoffice.views import (
    audit,
    carriers,
    checking,
    inquiries,
    issuers,
    members,
    money,
    prepaid,
    products,
    queue,
    safety,
    settings,
    shops,
    staff,
    standing,
    stock,
)

app_name = "backoffice"

_MATTER = "waiting/<slug:kind>/<slug:public_id>/"
_INQUIRY = "inquiries/<slug:public_id>/"
_MEMBER = "members/<uuid:member_id>/"
_STOCK = "products/<slug:code>/stock/"

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("waiting/", queue.refresh, name="refresh"),
    path(_MATTER, queue.matter, name="matter"),
    path(f"{_MATTER}decide/", queue.decide, name="decide"),
    path(f"{_MATTER}beat/", queue.beat, name="beat"),
    path(f"{_MATTER}paper/", queue.paper, name="paper"),
    path(f"{_INQUIRY}answer/", inquiries.answer, name="inquiry_answer"),
    path(f"{_INQUIRY}act/", inquiries.act, name="inquiry_act"),
    path(f"{_INQUIRY}files/<slug:code>/", inquiries.attachment, name="inquiry_file"),
    path("members/", members.members, name="members"),
    path(_MEMBER, members.member, name="member"),
    path(f"{_MEMBER}unmask/", members.unmask, name="unmask"),
    path(f"{_MEMBER}reset-factors/", standing.reset_factors, name="reset_factors"),
    path("companies/", members.companies, name="companies"),
    path("companies/<slug:public_id>/", members.company, name="company"),
    path("companies/<slug:public_id>/end-temporary/", members.end_temporary, name="end_temporary"),
    path("companies/<slug:public_id>/hold/", standing.hold, name="hold"),
    path("companies/<slug:public_id>/release/", standing.release, name="release"),
    path("products/", products.products, name="products"),
    path("products/<slug:code>/", products.product, name="product"),
    path("products/<slug:code>/preview/", products.preview, name="preview"),
    path(_STOCK, stock.stock, name="stock"),
    path(f"{_STOCK}set/", stock.set_pool, name="stock_set"),
    path(f"{_STOCK}<slug:public_id>/", stock.sheet, name="stock_sheet"),
    path(f"{_STOCK}<slug:public_id>/faults.xlsx", stock.faults, name="stock_faults"),
    path(f"{_STOCK}<slug:public_id>/void/", stock.void, name="stock_void"),
    path("shops/", shops.shops, name="shops"),
    path("shops/<slug:public_id>/", shops.shop, name="shop"),
    path("shops/<slug:public_id>/switch/", shops.switch, name="shop_switch"),
    path("shops/<slug:public_id>/keys/<slug:code>/revoke/", shops.revoke, name="shop_key_revoke"),
    path("settings/", settings.figures, name="settings"),
    path("settings/days/", settings.days, name="days"),
    path("settings/figures/<slug:name>/", settings.figure, name="figure"),
    path("settings/carriers/", carriers.carriers, name="carriers"),
    path("settings/carriers/<slug:code>/", carriers.carrier, name="carrier"),
    path("settings/checks/", checking.checks, name="checks"),
    path("settings/issuers/", issuers.issuers, name="issuers"),
    path("settings/issuers/<slug:code>/<slug:kind>/", issuers.issuer, name="issuer"),
    path("money/", prepaid.prepaid, name="prepaid"),
    path("money/stamp-duty.xlsx", prepaid.stamp_duty, name="stamp_duty"),
    path("money/refunds/", money.refunds_list, name="refunds"),
    path("money/accounts/<slug:kind>/<slug:public_id>/", money.account_whole, name="account_whole"),
    path("money/reconciliations/", money.reconciliations, name="reconciliations"),
    path("money/reconciliations/again/", money.reconcile, name="reconcile"),
    path("money/reconciliations/<slug:day>/", money.reconciliation, name="reconciliation"),
    path("staff/", staff.staff, name="staff"),
    path("staff/<uuid:member_id>/role/", staff.role, name="role"),
    path("alarms/", safety.alarms, name="alarms"),
    path("alarms/<slug:public_id>/seen/", safety.see, name="alarm_seen"),
    path("audit/", audit.acts, name="audit"),
    path("audit/erasures/", safety.erasures, name="erasures"),
]
