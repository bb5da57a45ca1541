from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0003_handover'),
    ]

    operations = [
        migrations.AddField(
            model_name='staff',
            name='has_first_password',
            field=models.BooleanField(default=False),
        ),
    ]
