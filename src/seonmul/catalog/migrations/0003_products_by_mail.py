"""Products go by mail as well; gift certificates, near to cash, only once an operator says so. C1, O1"""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_how_and_when_sold'),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE catalog_product SET channels = channels || '{mail}'"
            " WHERE NOT is_gift_certificate AND NOT 'mail' = ANY(channels)",
            "UPDATE catalog_product SET channels = array_remove(channels, 'mail')",
        ),
    ]
