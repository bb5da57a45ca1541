from datetime import UTC, date, datetime

from django.db import migrations

from seonmul.kit import ids

#: What the product's rules say (P3), as of the day on which issuers began to refuse corporate cards.
CHECKED = date(2024, 4, 1)
OPEN = ("WOORI_CARD", "NH_CARD", "CITI_CARD")
OTHERS = ("HANA_CARD", "HYUNDAI_CARD", "KOOKMIN_CARD", "LOTTE_CARD", "SAMSUNG_CARD", "SHINHAN_CARD")
PERSONAL = "개인 카드는 카드사에 따라 한 달 1,000,000원 안팎까지 결제할 수 있습니다."
LIFT = "카드사에 환금성 업종 이용 제한 해제를 문의해 주세요."


def rows():
    for issuer in (*OPEN, "BC_CARD", *OTHERS):
        yield issuer, "personal", ["card"], PERSONAL
    for issuer in OPEN:
        yield issuer, "named", ["card", "app", "easy"], ""
        yield issuer, "shared", ["card"], ""
    for issuer in ("BC_CARD", *OTHERS):
        yield issuer, "named", ["app", "easy"], ""
    yield "BC_CARD", "shared", ["easy"], "카드사 문의 필수"
    for issuer in OTHERS:
        yield issuer, "shared", ["none"], LIFT


def begin(apps, schema_editor):
    del schema_editor
    apps.get_model("payments", "IssuerRule").objects.bulk_create(
        apps.get_model("payments", "IssuerRule")(
            id=ids.new_id(), issuer=issuer, card=card, ways=ways, note=note, checked_on=CHECKED, by="product",
            changed_at=datetime(2024, 4, 1, tzinfo=UTC),
        )
        for issuer, card, ways, note in rows()
    )


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
