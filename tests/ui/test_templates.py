"""The base page, the pages for trouble and the forms, rendered as people get them."""

from __future__ import annotations

import pytest
from django import forms
from django.template.loader import render_to_string

from seonmul.ui.forms import Renderer


class Sample(forms.Form):
    default_renderer = Renderer

    login = forms.CharField(label="아이디", help_text="영문 소문자와 숫자")
    memo = forms.CharField(label="메모", required=False, widget=forms.Textarea(attrs={"class": "wide"}))
    kind = forms.ChoiceField(
        label="구분", choices=[("a", "일반회원"), ("b", "기업회원")], widget=forms.RadioSelect
    )
    agree = forms.BooleanField(label="동의")


def test_a_field_ties_label_help_and_error_together() -> None:
    html = str(Sample({"kind": "a"})["login"].as_field_group())
    assert 'for="id_login"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_login_helptext id_login_error"' in html
    assert 'id="id_login_helptext"' in html
    assert 'id="id_login_error"' in html
    assert 'class="form-control"' in html


def test_widgets_wear_their_classes_once() -> None:
    form = Sample()
    assert str(form["memo"]).count("class=") == 1
    assert 'class="form-control wide"' in str(form["memo"])
    assert str(form["kind"]).count('class="form-check-input"') == 2
    assert "(선택)" in str(form["memo"].as_field_group())
    assert "(선택)" not in str(form["login"].as_field_group())


def test_what_is_wrong_with_the_whole_form_is_an_alert() -> None:
    form = Sample({"login": "x", "kind": "a", "agree": "on"})
    form.add_error(None, "아이디 또는 비밀번호가 맞지 않습니다.")
    html = str(form)
    assert 'role="alert"' in html
    assert "아이디 또는 비밀번호가 맞지 않습니다." in html


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_pages_for_trouble_need_no_context_at_all(name: str) -> None:
    html = render_to_string(name)
    assert '<html lang="ko">' in html
    assert 'href="#main"' in html and 'id="main"' in html
    assert "처음으로 가기" in html
    assert "<script" not in html


def test_the_base_page_hands_the_token_to_htmx_and_shows_what_was_done() -> None:
    class Said:
        level_tag = "error"

        def __str__(self) -> str:
            return "결제하지 못했습니다. <b>"

    html = render_to_string(
        "ui/base.html",
        {"csrf_token": "tok", "messages": [Said()], "site": {"name": "선물", "company": "가<나"}},
    )
    assert """hx-headers:inherited='{"X-CSRFToken": "tok"}'""" in html
    assert '"includeIndicatorCSS":false' in html
    assert 'role="alert"' in html and "결제하지 못했습니다. &lt;b&gt;" in html
    assert "가&lt;나" in html
    assert 'popovertarget="topbar-menu"' in html
