"""Links that show a draft to people without an account: Editors and Publishers make and revoke them, Reviewers see which there are."""

from typing import Any

import django.db.models.deletion
from django.apps import apps as current_apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

RIGHTS = {
    "Editors": ["add_previewlink", "change_previewlink", "view_previewlink"],
    "Reviewers": ["view_previewlink"],
    "Publishers": ["add_previewlink", "change_previewlink", "view_previewlink"],
}


def give_rights(apps: Any, schema_editor: Any) -> None:
    """Add the new rights to the groups; permissions are otherwise made only after the last migration."""
    alias = schema_editor.connection.alias
    create_permissions(current_apps.get_app_config("articles"), verbosity=0, using=alias)
    permissions = apps.get_model("auth", "Permission").objects.using(alias).filter(content_type__app_label="articles")
    for name, codenames in RIGHTS.items():
        group, _ = apps.get_model("auth", "Group").objects.using(alias).get_or_create(name=name)
        group.permissions.add(*permissions.filter(codename__in=codenames))


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0009_room_for_labels'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditevent',
            name='act',
            field=models.CharField(choices=[('save', 'saved a revision'), ('publish', 'published'), ('rename', 'changed the address'), ('review', 'reviewed'), ('rate', 'rated by a standard'), ('sources', 'took in changed sources'), ('withhold', 'withheld an old text'), ('show_again', 'showed a withheld text again'), ('pin', 'pinned a correction'), ('unpin', 'took a pinned correction down'), ('share', 'shared a draft by a link'), ('unshare', 'took a link to a draft back')], max_length=20, verbose_name='act'),
        ),
        migrations.CreateModel(
            name='PreviewLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_digest', models.CharField(max_length=64, unique=True, verbose_name='SHA-256 of the secret')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('made_by_name', models.CharField(max_length=150, verbose_name='made by')),
                ('expires_at', models.DateTimeField(verbose_name='works until')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='taken back at')),
                ('revoked_by_name', models.CharField(blank=True, max_length=150, verbose_name='taken back by')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preview_links', to='articles.revision', verbose_name='revision')),
            ],
            options={
                'verbose_name': 'link to a draft',
                'verbose_name_plural': 'links to drafts',
                'ordering': ['-made_at', '-pk'],
                'default_permissions': ('add', 'change', 'view'),
                'constraints': [models.CheckConstraint(condition=models.Q(('made_by_name', ''), _negated=True), name='preview_link_has_a_name'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='preview_link_expires_after_it_is_made'), models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', True), ('revoked_by_name', '')), models.Q(('revoked_at__isnull', False), models.Q(('revoked_by_name', ''), _negated=True)), _connector='OR'), name='preview_link_revoked_with_a_name')],
            },
        ),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
