"""Settings: every figure with its meaning, bounds and history; days that are open or closed against the rule. B"""

from __future__ import annotations

from dataclasses import Field, fields
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from seonmul.audit import actions as audit_log
from seonmul.backoffice import guard
from seonmul.backoffice.forms import DayForm, FigureForm, TextForm
from seonmul.backoffice.guard import needs
from seonmul.backoffice.rules import Power
from seonmul.figures import actions, queries
from seonmul.figures.rules import LANGUAGES, TEXTS, DayKind, Figures, Text
from seonmul.kit import business, clock
from seonmul.kit.refusals import Refused
from seonmul.members import lookups


@needs(Power.SEE_SETTINGS)
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Every figure as it holds now."""
    at = clock.now()
    now, last = queries.figures(at), queries.last_changes(at)
    people = lookups.named(change.by for change in last.values())
    rows = [
        (
            one,
            getattr(now, one.name),
            last.get(one.name),
            people.get(last[one.name].by) if one.name in last else None,
        )
        for one in fields(Figures)
    ]
    return render(request, "backoffice/settings/figures.html", {"rows": rows})


@needs(Power.SEE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def figure(request: HttpRequest, name: str) -> HttpResponse:
    """One figure: its value, its history, and for whoever may a new value."""
    found = next((one for one in fields(Figures) if one.name == name), None)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _change(request, name)
    return _figure_page(request, found, FigureForm())


@needs(Power.CHANGE_SETTINGS)
def _change(request: HttpRequest, name: str) -> HttpResponse:
    at, by, form = clock.now(), str(guard.member(request).id), FigureForm(request.POST)
    found = next(one for one in fields(Figures) if one.name == name)
    if not form.is_valid():
        return _figure_page(request, found, form, status=422)
    before, value = getattr(queries.figures(at), name), form.cleaned_data["value"]
    try:
        actions.change(name, value, by=by, at=at)
    except Refused as refused:
        form.add_error("value", refused.no.say(gettext))
        return _figure_page(request, found, form, status=422)
    # the figure has its own history; this line is for whoever reads the log
    audit_log.record("figure_changed", by=by, subject=name, at=at, before=before, after=value)
    messages.success(request, gettext("바꿨습니다. 지금부터 새 값으로 정합니다."))
    return redirect("backoffice:figure", name)


@needs(Power.SEE_SETTINGS)
@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    """Every text as it reads now. P6"""
    at = clock.now()
    now, last = queries.texts(at), queries.last_text_changes(at)
    people = lookups.named(change.by for change in last.values())
    rows = [
        (one, now[one.name], change, people.get(change.by) if change else None)
        for one in TEXTS
        for change in [last.get(one.name)]
    ]
    return render(request, "backoffice/settings/texts.html", {"rows": rows})


@needs(Power.SEE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, name: str) -> HttpResponse:
    """One text in both languages, its history, and for whoever may a new one. P6"""
    found = next((one for one in TEXTS if one.name == name), None)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _set_text(request, found)
    return _text_page(request, found, TextForm(initial=_both(name)))


@needs(Power.CHANGE_SETTINGS)
def _set_text(request: HttpRequest, found: Text) -> HttpResponse:
    at, by, form = clock.now(), str(guard.member(request).id), TextForm(request.POST)
    if not form.is_valid():
        return _text_page(request, found, form, status=422)
    for language, before in _both(found.name).items():
        if form.cleaned_data[language].strip() == before:
            continue
        try:
            actions.set_text(found.name, language, form.cleaned_data[language], by=by, at=at)
        except Refused as refused:
            form.add_error(language, refused.no.say(gettext))
            return _text_page(request, found, form, status=422)
        # the text has its own history; this line is for whoever reads the log
        audit_log.record("text_changed", by=by, subject=found.name, at=at, language=language)
    messages.success(request, gettext("바꿨습니다. 지금부터 새 글로 보여 드립니다."))
    return redirect("backoffice:text", found.name)


def _both(name: str) -> dict[str, str]:
    at = clock.now()
    return {language: queries.texts(at, language=language)[name] for language in LANGUAGES}


def _text_page(request: HttpRequest, found: Text, form: TextForm, *, status: int = 200) -> HttpResponse:
    past = queries.text_history(found.name)
    people = lookups.named(change.by for change in past)
    context = {
        "text": found,
        "now": queries.texts(clock.now())[found.name],
        "form": form,
        "past": [(change, people.get(change.by)) for change in past],
        "may_change": guard.may(request, Power.CHANGE_SETTINGS),
    }
    return render(request, "backoffice/settings/text.html", context, status=status)


@needs(Power.SEE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def days(request: HttpRequest) -> HttpResponse:
    """Days against the rule, the public holidays to come, and for whoever may a new day."""
    return _set_day(request) if request.method == "POST" else _days_page(request, DayForm())


@needs(Power.CHANGE_SETTINGS)
def _set_day(request: HttpRequest) -> HttpResponse:
    at, by = clock.now(), str(guard.member(request).id)
    form = DayForm(request.POST)
    if request.POST.get("kind") == DayKind.USUAL:  # the button beside a day gives it back
        form.fields["kind"].choices = [(DayKind.USUAL, DayKind.USUAL)]  # type: ignore[attr-defined]
    if not form.is_valid():
        return _days_page(request, form, status=422)
    day, kind, note = (form.cleaned_data[name] for name in ("day", "kind", "note"))
    try:
        actions.set_day(day, DayKind(kind), note, by=by, at=at)
    except Refused as refused:
        return _days_page(request, form, said=refused.no.say(gettext), status=422)
    audit_log.record("day_set", by=by, subject=day.isoformat(), at=at, kind=kind)
    messages.success(request, gettext("영업일을 바꿨습니다. 기다리는 일의 기한도 새로 계산합니다."))
    return redirect("backoffice:days")


def _figure_page(
    request: HttpRequest, found: Field[Any], form: FigureForm, *, status: int = 200
) -> HttpResponse:
    at, past = clock.now(), queries.history(found.name)
    people = lookups.named(change.by for change in past)
    context = {
        "figure": found,
        "now": getattr(queries.figures(at), found.name),
        "form": form,
        "past": [(change, people.get(change.by)) for change in past],
        "may_change": guard.may(request, Power.CHANGE_SETTINGS),
    }
    return render(request, "backoffice/settings/figure.html", context, status=status)


def _days_page(request: HttpRequest, form: DayForm, *, said: str = "", status: int = 200) -> HttpResponse:
    at = clock.now()
    today, past = clock.seoul_date(at), queries.day_history()
    people = lookups.named(row.by for row in past)
    context = {
        "form": form,
        "said": said,
        "coming": queries.coming_days(today, at),
        "holidays": business.coming_holidays(today, queries.calendar(at)),
        "past": [(row, people.get(row.by)) for row in past],
        "may_change": guard.may(request, Power.CHANGE_SETTINGS),
    }
    return render(request, "backoffice/settings/days.html", context, status=status)
