"""The page on which codes are typed: one for a recovery, two for a sign-up. What is proved stays proved. M1"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from seonmul.kit.refusals import No
from seonmul.members import queries
from seonmul.members.models import Proof


@dataclass(frozen=True)
class Part:
    """One code. `name`: of its field; `unfit`: why the address in `typed_address` gets no new code."""

    proof: Proof
    name: str
    typed: str = ""
    no: No | None = None
    typed_address: str | None = None
    unfit: str = ""

    @property
    def kind(self) -> str:
        return self.proof.kind

    @property
    def address(self) -> str:
        return queries.proved_address(self.proof)

    @property
    def new_address(self) -> str:
        return self.address if self.typed_address is None else self.typed_address


def typed(request: HttpRequest, name: str) -> str:
    """A code as it was typed into the field of this name."""
    return request.POST.get(name, "")[:20]


def sign_up_page(request: HttpRequest, parts: list[Part], *, status: int = 200) -> HttpResponse:
    """Both codes. An address can be mended here, since it was typed by who reads the page."""
    return render(request, "account/codes.html", {"parts": parts, "is_sign_up": True}, status=status)


def recovery_page(request: HttpRequest, proof: Proof, no: No | None) -> HttpResponse:
    """The one code, which went out only if there is such an account: the page does not tell."""
    context = {"parts": [Part(proof, "code", no=no)]}
    return render(request, "account/codes.html", context, status=422 if no else 200)
