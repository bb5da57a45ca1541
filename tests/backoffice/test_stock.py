"""C3 at the console: codes come in as sheets, each row that did not is named, and nobody reads a whole code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from seonmul.kit import clock, sheets
from seonmul.vouchers import actions as vouchers
from seonmul.vouchers.models import CodeImport, Pool, PoolCode
from seonmul.vouchers.pools import CodeFault
from seonmul.vouchers.rules import GoodsRefusal, PoolRefusal
from tests import given
from tests.backoffice.conftest import asked
from tests.sandbox.outside import Outside
from tests.vouchers import codes

pytestmark = pytest.mark.django_db
STOCK = reverse("backoffice:stock", args=["POOLED"])


def upload(client: Client, data: bytes, name: str = "codes.csv") -> str:
    """Bring a sheet and read the page that it leads to."""
    answer = client.post(STOCK, {"file": SimpleUploadedFile(name, data)}, follow=True)
    return answer.content.decode()


def test_a_sheet_is_brought_and_its_faults_are_told_and_downloaded(console: Callable[[str], Client]) -> None:
    """C3, V1"""
    codes.product(code="POOLED")
    client = console("catalogue")
    assert "아직 올린 파일이 없어요" in client.get(STOCK).content.decode()
    page = upload(client, codes.csv([*codes.numbers(3), "", "12", *codes.numbers(1)]))
    assert "3개를 담았습니다. 담지 못한 2행은 아래에 있습니다." in page
    assert "2행과 같은 코드입니다." in page and CodeFault.FORM.sentence.format(least=6, most=20) in page
    assert codes.numbers(1)[0] not in page
    found = CodeImport.objects.get()
    file = client.get(reverse("backoffice:stock_faults", args=["POOLED", found.public_id]))
    rows = sheets.read(file.content, "faults.xlsx").columns
    assert rows[0][0] == "행" and len(rows[0]) == 3
    assert "재고 3" in client.get(reverse("backoffice:product", args=["POOLED"])).content.decode()
    assert "남음</dt><dd>3" in client.get(STOCK).content.decode().replace("\n", "")


def test_settings_of_a_pool_are_kept_or_refused(console: Callable[[str], Client]) -> None:
    """C3"""
    product = codes.product(code="POOLED")
    client, address = console("catalogue"), reverse("backoffice:stock_set", args=["POOLED"])
    assert client.post(address, {"scheme": "ean", "low_below": "20"})["Location"] == STOCK
    assert Pool.objects.values_list("scheme", "low_below").get() == ("ean", 20)
    refused = client.post(address, {"scheme": "none", "low_below": "-1"})
    assert (
        refused.status_code == 422
        and PoolRefusal.LEVEL.sentence.format(most=1_000_000) in refused.content.decode()
    )
    upload(client, codes.csv(["8801234567893", "8801234567894"]))
    assert PoolCode.objects.filter(pool_id=product.id).count() == 1
    assert "코드 풀 설정" in console("super").get(reverse("backoffice:audit")).content.decode()


def test_the_rest_of_a_sheet_is_taken_out(console: Callable[[str], Client]) -> None:
    """C3"""
    found = codes.bring(codes.product(code="POOLED"), codes.csv(codes.numbers(4)))
    client = console("catalogue")
    page = client.post(
        reverse("backoffice:stock_void", args=["POOLED", found.public_id]), follow=True
    ).content.decode()  # fmt: skip
    assert "남은 코드 4개를 뺐습니다." in page and PoolCode.objects.filter(state="void").count() == 4


def test_what_cannot_be_read_is_refused_and_others_only_look(console: Callable[[str], Client]) -> None:
    """C3"""
    codes.product(3, code="POOLED")
    given.product("OWN")
    client = console("catalogue")
    assert client.post(STOCK, {}).status_code == 422
    assert "엑셀이나 CSV 파일이 아닙니다." in upload(client, b"%PDF-1.4")
    assert client.get(reverse("backoffice:stock", args=["OWN"])).status_code == 404
    assert client.get(reverse("backoffice:stock_sheet", args=["POOLED", "none"])).status_code == 404
    support = console("support")
    assert "코드 올리기" not in support.get(STOCK).content.decode()
    assert support.post(STOCK, {}).status_code == 403


def test_a_product_of_the_external_issuer_is_named_and_looked_at(
    carrier: Outside, console: Callable[[str], Client]
) -> None:
    """C3"""
    product = given.product("POOLED", supplier="external")
    client = console("catalogue")
    assert "아직 답이 없음" in client.get(STOCK).content.decode()
    refused = client.post(STOCK, {"goods_code": "G 1"})
    assert (
        refused.status_code == 422
        and GoodsRefusal.NO_CODE.sentence.format(most=40) in refused.content.decode()
    )
    assert client.post(STOCK, {"goods_code": "G00000000102"})["Location"] == STOCK
    given.worked(only="vouchers")
    page = client.get(STOCK).content.decode()
    assert "21,000" in page and "발행사의 쿠폰은 30일 동안 쓸 수 있어요." in page and "10,000,000" in page
    carrier.inside("POST", "giftishow/goods", {"goodsCode": "G00000000102", "state": "SUS"})
    vouchers.check_goods(product.id, at=clock.now())
    assert "발행사가 지금 팔지 않는 상품이에요." in client.get(STOCK).content.decode()
    assert console("support").post(STOCK, {"goods_code": "G1"}).status_code == 403


def test_the_products_with_few_codes_left_are_found_by_one_click(console: Callable[[str], Client]) -> None:
    """C3: by each pool's own level, else by the figure; codes that have ended do not count, and one without any is low."""
    full, few, ended, none = (codes.product(code=name) for name in ("FULL", "FEW", "ENDED", "NONE"))
    given.product("OWN")
    for product, count in ((full, 3), (few, 2)):
        vouchers.set_pool(product.id, scheme="none", low_below=3, by=codes.STAFF, at=clock.now())
        codes.bring(product, codes.csv(codes.numbers(count, start=product.id.int % 10**9 * 100)))
    vouchers.set_pool(ended.id, scheme="none", low_below=1, by=codes.STAFF, at=clock.now())
    codes.bring(ended, codes.xlsx([("8800000000017", "", "2026-12-31")]))
    PoolCode.objects.filter(pool_id=ended.id).update(
        expires_on=clock.seoul_date(clock.now()) - timedelta(days=1)
    )
    client, page = console("catalogue"), reverse("backoffice:products")
    low = client.get(page, {"only": "low"}).content.decode()
    assert [code for code in ("FULL", "FEW", "ENDED", "NONE", "OWN") if f"/{code}/" in low] == [
        "FEW",
        "ENDED",
        "NONE",
    ]
    assert "재고 2" in low and "재고 부족 <b>3</b>" in low and none.code in low
    pools = client.get(page, {"only": "pools"}).content.decode()
    assert "재고 3" in pools and "/OWN/" not in pools
    few_words = client.get(page, {"only": "low", "q": "FEW"}).content.decode()
    assert "/FEW/" in few_words and "/NONE/" not in few_words
    one = asked(client, f"{page}?only=low")
    for n in range(4):
        codes.product(code=f"MORE-{n}")
    assert asked(client, f"{page}?only=low") == one, "however many pools"
