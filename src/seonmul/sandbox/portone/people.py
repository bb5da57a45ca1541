"""The people of this world. All are invented; the first ones are the demo's members."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Someone who can prove who they are. ``phone``: eleven digits; ``born_on``: YYYY-MM-DD."""

    key: str
    name: str
    phone: str
    born_on: str
    gender: str
    operator: str
    is_foreigner: bool = False

    @property
    def ci(self) -> str:
        """The same for this person everywhere: 88 characters, as the real one."""
        return base64.b64encode(hashlib.sha512(f"ci {self.key}".encode()).digest()).decode()

    def di(self, store_id: str) -> str:
        """The same for this person at this store: 64 characters."""
        return hashlib.sha256(f"di {self.key} {store_id}".encode()).hexdigest()


PEOPLE = {
    person.key: person
    for person in (
        Person("hanbit", "한지원", "01020030001", "1984-05-17", "FEMALE", "SKT"),
        Person("hanbit-buyer", "정다은", "01020040001", "1993-11-02", "FEMALE", "KT"),
        Person("hanbit-approver", "윤태호", "01020050001", "1979-02-28", "MALE", "LGU"),
        Person("daon", "서하늘", "01020060001", "1988-08-08", "MALE", "SKT_MVNO"),
        Person("minsu", "김민수", "01020020001", "1990-01-01", "MALE", "KT"),
        Person("operator", "오세영", "01020010001", "1982-12-24", "MALE", "SKT"),
        Person("moon", "문서연", "01030010001", "1991-03-09", "FEMALE", "SKT"),
        Person("bae", "배도현", "01030020001", "1975-07-30", "MALE", "KT_MVNO"),
        Person("namgung", "남궁솔", "01030030001", "2001-10-15", "FEMALE", "LGU_MVNO"),
        Person("kim-younger", "김민수", "01030040001", "1998-06-21", "MALE", "SKT"),
        Person("child", "이하람", "01030050001", "2014-04-05", "MALE", "KT"),
        Person("foreigner", "TANAKA YUI", "01030060001", "1995-09-19", "FEMALE", "LGU", is_foreigner=True),
    )
}
