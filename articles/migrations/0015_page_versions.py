from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0014_inside_links'),
    ]

    operations = [
        migrations.CreateModel(
            name='PageVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('keys', models.TextField(help_text='Parted by spaces, such as “article:7 lists”.', verbose_name='keys of what changed')),
                ('is_gone', models.BooleanField(db_default=False, default=False, help_text='The old pages are not shown a moment longer.', verbose_name='taken from readers')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('version', models.BigIntegerField(db_index=True, verbose_name='number of the transaction')),
            ],
            options={
                'verbose_name': 'version of pages',
                'verbose_name_plural': 'versions of pages',
            },
        ),
        # Renderings as they were before publications had them, which 0003 left for processes that ran on then.
        migrations.RunSQL('DROP TABLE IF EXISTS articles_rendering', migrations.RunSQL.noop),
    ]
