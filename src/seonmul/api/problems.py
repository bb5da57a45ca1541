"""How the API says no: problem+json (RFC 9457) with the refusal's stable code and its sentence."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from seonmul.kit.refusals import Refused, _

_SIGN_IN = _("열쇠가 맞지 않습니다. Authorization: Bearer 뒤에 매장의 열쇠를 적어 주세요.")
_FORM = _("요청의 형식이 맞지 않습니다: {fields}. 처리하지 않았습니다.")
_NOWHERE = _("없는 주소입니다. 처리하지 않았습니다. /pos/v1/openapi.json에 있는 주소로 다시 요청해 주세요.")
#: What is not a conflict with how things stand (409).
_STATUS = {"voucher_unknown": 404, "redemption_unknown": 404, "voucher_tries": 429}


def answer(code: str, sentence: str, status: int, **more: Any) -> HttpResponse:
    """One problem. `code` is stable; `sentence` is for people and may change."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": sentence,
    }
    return JsonResponse(body | more, status=status, content_type="application/problem+json")


def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """An address that nothing stands at: said to a program as everything else is, not by a page for people."""
    del request, rest
    return answer("address_unknown", gettext(_NOWHERE), 404)


def speak(api: NinjaAPI) -> None:
    """Have an API answer with problems."""

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        no = error.no
        said = answer(no.code, no.say(gettext), _STATUS.get(no.code, 409))
        if said.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            said["Retry-After"] = str(int(str(no.numbers["minutes"])) * 60)
        return said

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        said = answer("key_wrong", gettext(_SIGN_IN), 401)
        said["WWW-Authenticate"] = "Bearer"
        return said

    @api.exception_handler(ValidationError)
    def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
        # where it is wrong, never what stood there
        fields = ", ".join(sorted({str(one["loc"][-1]) for one in error.errors}))
        return answer("request_form", gettext(_FORM).format(fields=fields), 422)
