"""A message is counted when it is due: it may be put off because its recipient gets so much. S7"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0006_carriers'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='message',
            name='messages_to_a_number',
        ),
        migrations.RenameField(
            model_name='message',
            old_name='written_at',
            new_name='due_at',
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['to_index', 'due_at'], include=('sender',), name='messages_to_a_number'),
        ),
    ]
