"""Staff at the console over HTTP: the second factor set up at the first login, then deciding on what waits. B"""

from __future__ import annotations

import re
import time

import httpx2
from allauth.mfa.totp.internal import auth as totp

from tests.journeys.member import Member
from tests.journeys.platform import Platform

LOGIN, PASSWORD, PHONE = "deskwork", "a-long-phrase-at-the-desk", "01020010002"


class Operator(Member):
    """One of staff, with an account that no other journey uses."""

    def __init__(self, platform: Platform) -> None:
        platform.do(
            "from seonmul.members import actions; from seonmul.members.models import Staff, StaffRole;"
            f"made = actions.make_member({LOGIN!r}, {PASSWORD!r}, '고영희', phone={PHONE!r},"
            " mail='desk@seonmul.example', at=clock.now(), is_staff=True);"
            "Staff.objects.create(member=made, role=StaffRole.SUPER)"
        )
        super().__init__(platform, LOGIN, PHONE, PASSWORD)
        page = self.get("/console/")
        if 'name="password"' in page.text:  # once more, before a factor is added
            page = self.post(page.url.raw_path.decode(), password=PASSWORD)
        key = re.search(r'id="totp-key">([A-Z2-7]+)<', page.text)
        assert key, page.text[:2_000]
        # set up with one code, used with the next: each is taken once; the one before may end on its way
        for steps in (0, 1):
            at = int(time.time()) // 30 + steps
            code = totp.format_hotp_value(totp.hotp_value(key[1], at))
            self.post(page.url.raw_path.decode(), code=code)
            page = self.get("/console/")
        assert "관리자" in page.text and page.url.path == "/console/", page.text[:2_000]

    def approve(self, kind: str, words: str, *checks: str) -> httpx2.Response:
        """Open the matter of this kind whose line in the queue holds `words`, and say yes."""
        queue = self.get(f"/console/?only={kind}").text
        lines = re.findall(rf'<a[^>]+href="(/console/waiting/{kind}/\w+/)[^"]*"(.*?)</a>', queue, re.DOTALL)
        found = [address for address, line in lines if words in line]
        assert found, queue[:6_000]
        matter = self.get(found[0]).text
        action = re.search(r'action="(/console/waiting/[^"]+/decide/)', matter)
        assert action, matter[:6_000]
        done = self.post(action[1], verdict="approve", **({"checks": checks[0]} if checks else {}))
        assert done.status_code == 200, done.text[:2_000]
        return done
