"""Products that go by long text go by MMS as well, until somebody says otherwise."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_products_by_mail")]

    operations = [
        migrations.RunSQL(
            "UPDATE catalog_product SET channels = array_append(channels, 'mms')"
            " WHERE 'lms' = ANY(channels) AND NOT 'mms' = ANY(channels)",
            migrations.RunSQL.noop,
        )
    ]
