from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0015_spread_out'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='staffrow',
            name='one_of_the_staff_once',
        ),
        migrations.RenameField(
            model_name='staffrow',
            old_name='phone_index',
            new_name='to_index',
        ),
        migrations.AddConstraint(
            model_name='staffrow',
            constraint=models.UniqueConstraint(fields=('draft', 'to_index'), name='one_of_the_staff_once'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel', 'mail'), ('kind', 'mail')), models.Q(models.Q(('kind', 'mail'), _negated=True), models.Q(('channel', 'mail'), _negated=True)), _connector='OR'), name='a_draft_goes_as_its_kind'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel', 'mail'), ('kind', 'mail')), models.Q(models.Q(('kind', 'mail'), _negated=True), models.Q(('channel', 'mail'), _negated=True)), _connector='OR'), name='an_order_goes_as_its_kind'),
        ),
    ]
