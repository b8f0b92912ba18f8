"""Editors may add, change and delete works and words; what the files said before an edit is kept, so that imports keep the edit."""

from typing import Any

from django.apps import apps as current_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

RIGHTS = [f"{act}_{what}" for act in ("add", "change", "delete") for what in ("reference", "glossaryterm")]


def give_rights(apps: Any, schema_editor: Any) -> None:
    """Add the new rights to the group; permissions are otherwise made only after the last migration."""
    alias = schema_editor.connection.alias
    create_permissions(current_apps.get_app_config("articles"), verbosity=0, using=alias)
    permissions = apps.get_model("auth", "Permission").objects.using(alias).filter(content_type__app_label="articles")
    group, _ = apps.get_model("auth", "Group").objects.using(alias).get_or_create(name="Editors")
    group.permissions.add(*permissions.filter(codename__in=RIGHTS))


class Migration(migrations.Migration):
    dependencies = [("articles", "0010_preview_links")]
    operations = [
        migrations.AddField(
            "reference",
            "file_facts",
            models.JSONField(
                blank=True,
                editable=False,
                help_text="What the file said when the work was edited in the admin; empty where nobody has.",
                null=True,
                verbose_name="facts in the file",
            ),
        ),
        migrations.AddField(
            "glossaryterm",
            "file_facts",
            models.JSONField(
                blank=True,
                editable=False,
                help_text="What the file said when the word was edited in the admin; empty where nobody has.",
                null=True,
                verbose_name="facts in the file",
            ),
        ),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
