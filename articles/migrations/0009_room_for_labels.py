"""A summary may bring long words on who was studied, longer still when its works are withdrawn: PostgreSQL refused those."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0008_about'),
    ]

    operations = [
        migrations.AlterField(
            model_name='article',
            name='summary',
            field=models.CharField(max_length=2000, verbose_name='summary'),
        ),
        migrations.AlterField(
            model_name='rendering',
            name='summary',
            field=models.CharField(max_length=2000, verbose_name='summary, who was studied kept'),
        ),
    ]
