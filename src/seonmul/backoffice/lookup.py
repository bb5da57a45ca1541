"""Plain look-up into the tables, for super alone: Django's admin with everything taken out that writes. B

Its own login, scripts and styles are not used: the pages are ours, under the strict policy, behind the console's guard.
Nothing is added, changed or deleted here, no question narrows the rows, and every row that is opened is in the audit log.
What is sealed or personal shows as dots, and no table is here that holds codes of vouchers, links of gifts or secrets.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path

from seonmul.audit import actions as audit
from seonmul.backoffice import guard
from seonmul.backoffice.rules import Power
from seonmul.kit import clock

#: Which tables can be looked up. Never those of vouchers and gifts, of codes, proofs, sessions and files.
TABLES = (
    "members.Buyer", "members.Member", "members.Membership", "members.Staff", "members.Conversion", "members.Handover",
    "catalog.Brand", "catalog.Category", "catalog.Product", "catalog.Offer", "orders.Order", "orders.Line",
    "dispatch.SenderNumber", "dispatch.Batch", "dispatch.Attempt", "ledger.Account", "ledger.Transfer", "ledger.Entry",
    "audit.Act",
)  # fmt: skip
#: Columns that are personal or secret although they are not sealed.
PERSONAL = frozenset(
    {"name", "company_name", "representative", "mail", "digits", "label", "password", "payment_password", "certificate",
     "proof_file", "renewal_file", "reason", "sender", "vendor_id", "handle"}
)  # fmt: skip
#: Tables whose names are nobody's.
_PUBLIC_NAMES = frozenset({"catalog"})
DOTS = "•••"


class Lookup(admin.AdminSite):
    """The site of it: an index, a list and a page for each table."""

    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """The guard before every view has decided it."""
        return True

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Behind the console's guard: staff whose role may, with a second factor; a 404 for everybody else."""
        return guard.needs(Power.LOOK_UP)(view)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Django's own index is not used."""
        return []

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """No login, no password, no script: what looks, and nothing else."""
        found: list[URLResolver | URLPattern] = [path("", self.admin_view(self.tables), name="index")]
        for model, one in self._registry.items():
            base, name = f"{model._meta.app_label}/{model._meta.model_name}/", _name(model)
            found += [
                path(base, self.admin_view(one.changelist_view), name=f"{name}_changelist"),
                path(f"{base}<path:object_id>/", self.admin_view(one.change_view), name=f"{name}_change"),
            ]
        return found

    def tables(self, request: HttpRequest) -> HttpResponse:
        """Every table that can be looked up."""
        shown = [(model._meta.label, f"admin:{_name(model)}_changelist") for model in self._registry]
        return render(request, "backoffice/lookup/index.html", {"tables": shown})


class _Table(admin.ModelAdmin):
    """One table, read only."""

    actions = None
    list_per_page = 50
    show_full_result_count = False
    list_select_related = True
    change_list_template = "backoffice/lookup/list.html"
    change_form_template = "backoffice/lookup/row.html"
    ordering = ("-pk",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Nothing narrows the rows: with questions what is hidden could be guessed letter by letter."""
        return False

    def get_sortable_by(self, request: HttpRequest) -> Any:
        """Nor is anything sorted by a column: an order tells as well."""
        return ()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One row; that it was opened is noted."""
        answer = super().change_view(request, object_id, form_url, extra_context)
        if answer.status_code == 200:
            by = guard.member(request).id
            audit.record(
                "row_looked_up", by=by, subject=object_id[:60], at=clock.now(), table=self.model._meta.label
            )
        return answer


def _name(model: type[models.Model]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


def is_hidden(field: models.Field[Any, Any]) -> bool:
    """Say whether a column shows as dots."""
    if isinstance(field, models.BinaryField):
        return True
    return field.name in PERSONAL and field.model._meta.app_label not in _PUBLIC_NAMES


def _dots(name: str) -> Any:
    @admin.display(description=name.replace("_", " "))
    def shown(self: Any, row: Any) -> str:
        return DOTS if getattr(row, name) else ""

    return shown


def _table(model: type[models.Model]) -> type[_Table]:
    """A table whose hidden columns are methods that show dots."""
    columns, dots = [], {}
    # what names the row stands first, since the first column is the way to it
    for field in sorted(model._meta.concrete_fields, key=lambda field: not field.primary_key):
        name = field.name
        if is_hidden(field):
            dots[f"hidden_{name}"] = _dots(name)
            name = f"hidden_{name}"
        columns.append(name)
    shown = columns[:8]
    body = {**dots, "fields": columns, "readonly_fields": columns, "list_display": shown}
    return type(f"{model.__name__}Table", (_Table,), body)


site = Lookup(name="lookup")
for label in TABLES:
    found = apps.get_model(label)
    site.register(found, _table(found))
