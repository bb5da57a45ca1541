import django.contrib.postgres.fields
import django.db.models.deletion
import seonmul.orders.models.drafts
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_how_and_when_sold'),
        ('orders', '0012_trials'),
    ]

    operations = [
        migrations.CreateModel(
            name='DraftItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=1)),
            ],
        ),
        migrations.RemoveIndex(
            model_name='draftrow',
            name='draft_rows_by_phone',
        ),
        migrations.AddField(
            model_name='draft',
            name='kind',
            field=models.CharField(choices=[('text', '문자발송'), ('mail', '이메일발송')], default='text', max_length=5),
        ),
        migrations.AddField(
            model_name='draft',
            name='places',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=seonmul.orders.models.drafts.no_places, size=None),
        ),
        migrations.AddField(
            model_name='draftrow',
            name='field_bytes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), default=list, size=None),
        ),
        migrations.AddField(
            model_name='draftrow',
            name='mail_index',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='recipient',
            name='mail_index',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='line',
            name='position',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='order',
            name='kind',
            field=models.CharField(choices=[('text', '문자발송'), ('mail', '이메일발송')], default='text', max_length=5),
        ),
        migrations.AddField(
            model_name='order',
            name='places',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=seonmul.orders.models.drafts.no_places, size=None),
        ),
        migrations.AddField(
            model_name='recipient',
            name='copies_before',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='order',
            name='sender',
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AlterField(
            model_name='recipient',
            name='phone_index',
            field=models.BinaryField(null=True),
        ),
        migrations.AddIndex(
            model_name='recipient',
            index=models.Index(condition=models.Q(('mail_index__isnull', False)), fields=['mail_index'], name='recipients_by_mail'),
        ),
        migrations.AddConstraint(
            model_name='recipient',
            constraint=models.CheckConstraint(condition=models.Q(('phone_index__isnull', False), ('mail_index__isnull', False), _connector='OR'), name='a_recipient_has_an_address'),
        ),
        migrations.AddField(
            model_name='draftitem',
            name='draft',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='orders.draft'),
        ),
        migrations.AddField(
            model_name='draftitem',
            name='product',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.product'),
        ),
        migrations.AddField(
            model_name='draftrow',
            name='item',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.draftitem'),
        ),
        migrations.AddField(
            model_name='draftrow',
            name='to_index',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce('phone_index', 'mail_index'), output_field=models.BinaryField(null=True)),
        ),
        migrations.AddIndex(
            model_name='draftrow',
            index=models.Index(fields=['draft', 'to_index'], name='draft_rows_by_address'),
        ),
        migrations.AddIndex(
            model_name='draftrow',
            index=models.Index(condition=models.Q(('item__isnull', False)), fields=['item'], name='draft_rows_by_item'),
        ),
        migrations.AddConstraint(
            model_name='draftitem',
            constraint=models.UniqueConstraint(fields=('draft', 'product'), name='a_product_is_in_a_basket_once'),
        ),
        migrations.RunSQL(
            "INSERT INTO orders_draftitem (draft_id, position, product_id) SELECT id, 1, product_id FROM orders_draft",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveField(
            model_name='draft',
            name='product',
        ),
    ]
