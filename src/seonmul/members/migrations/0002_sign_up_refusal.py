"""Why a sign-up came to nothing. With a default of the database: the site before this one goes on writing rows. M1"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [
        migrations.AddField("signup", "refusal", models.CharField(blank=True, db_default="", max_length=30)),
    ]
