"""Orders of one state, the newest first: made beside the running site. O11"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("orders", "0001_initial")]

    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(fields=["buyer", "state", "-paid_at", "-id"], name="orders_by_state"),
        ),
    ]
