"""The editor's desk: who reviews, comments, withdrawals, texts kept beside a draft, a fuller audit log."""

from typing import Any

import django.db.models.deletion
from django.apps import apps as current_apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

COMMENTING = ["add_comment", "change_comment", "view_comment", "view_auditevent"]
RIGHTS = {
    "Editors": [*COMMENTING, "view_conflict", "view_withdrawal"],
    "Reviewers": COMMENTING,
    "Publishers": [*COMMENTING, "view_conflict", "view_withdrawal"],
}


def give_rights(apps: Any, schema_editor: Any) -> None:
    """Add the new rights to the groups; permissions are otherwise made only after the last migration."""
    alias = schema_editor.connection.alias
    create_permissions(current_apps.get_app_config("articles"), verbosity=0, using=alias)
    permissions = apps.get_model("auth", "Permission").objects.using(alias).filter(content_type__app_label="articles")
    for name, codenames in RIGHTS.items():
        group, _ = apps.get_model("auth", "Group").objects.using(alias).get_or_create(name=name)
        group.permissions.add(*permissions.filter(codename__in=codenames))


def forget_what_is_about_no_article(apps: Any, schema_editor: Any) -> None:
    """On the way back, drop entries of the log that are about works and words: the older table cannot hold them."""
    events = apps.get_model("articles", "AuditEvent").objects.using(schema_editor.connection.alias)
    events.filter(article__isnull=True).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0011_evidence_rights'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('section_id', models.CharField(blank=True, help_text='Empty for the head of the article.', max_length=80, verbose_name='section')),
                ('quote', models.CharField(blank=True, help_text='As the text has them.', max_length=400, verbose_name='words it is about')),
                ('words', models.TextField(max_length=4000, verbose_name='comment')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('made_by_name', models.CharField(max_length=150, verbose_name='made by')),
                ('resolved_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('resolved_by_name', models.CharField(blank=True, max_length=150, verbose_name='closed by')),
            ],
            options={
                'verbose_name': 'comment',
                'verbose_name_plural': 'comments',
                'ordering': ['made_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(choices=[('desk', 'two people edited at once'), ('import', 'the file and the article were both edited')], max_length=10, verbose_name='cause')),
                ('made_at', models.DateTimeField(verbose_name='since')),
                ('resolved_at', models.DateTimeField(blank=True, null=True, verbose_name='settled at')),
                ('resolved_by_name', models.CharField(blank=True, max_length=150, verbose_name='settled by')),
            ],
            options={
                'verbose_name': 'conflict',
                'verbose_name_plural': 'conflicts',
                'ordering': ['-made_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Lease',
            fields=[
                ('name', models.CharField(max_length=50, primary_key=True, serialize=False, verbose_name='work')),
                ('holder', models.CharField(max_length=200, verbose_name='who does it')),
                ('until', models.DateTimeField(verbose_name='until')),
            ],
            options={
                'verbose_name': 'lease',
                'verbose_name_plural': 'leases',
            },
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=400, verbose_name='reason, as readers see it')),
                ('due_at', models.DateTimeField(verbose_name='to happen at')),
                ('decided_at', models.DateTimeField(verbose_name='decided at')),
                ('decided_by_name', models.CharField(max_length=150, verbose_name='decided by')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='happened at')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True, verbose_name='cancelled at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='brought back at')),
                ('ended_by_name', models.CharField(blank=True, max_length=150, verbose_name='brought back by')),
            ],
            options={
                'verbose_name': 'withdrawal',
                'verbose_name_plural': 'withdrawals',
                'ordering': ['-decided_at', '-pk'],
            },
        ),
        migrations.AddField(
            model_name='auditevent',
            name='about',
            field=models.CharField(blank=True, db_default='', help_text='What it was done to, where that is no article.', max_length=200, verbose_name='about'),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='detail',
            field=models.CharField(blank=True, db_default='', help_text='A reason, a time or a name, in words.', max_length=400, verbose_name='detail'),
        ),
        migrations.AddField(
            model_name='revisionstate',
            name='moved_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='so since'),
        ),
        migrations.AddField(
            model_name='revisionstate',
            name='moved_by_name',
            field=models.CharField(blank=True, db_default='', max_length=150, verbose_name='moved by'),
        ),
        migrations.AddField(
            model_name='revisionstate',
            name='problem',
            field=models.TextField(blank=True, db_default='', help_text='Why it was not published at its time; a line each.', verbose_name='what kept it from readers'),
        ),
        migrations.AddField(
            model_name='revisionstate',
            name='reviewer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='chosen reviewer'),
        ),
        migrations.AddField(
            model_name='revisionstate',
            name='reviewer_name',
            field=models.CharField(blank=True, db_default='', max_length=150, verbose_name='name of the chosen reviewer'),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='act',
            field=models.CharField(choices=[('save', 'saved a revision'), ('publish', 'published'), ('rename', 'changed the address'), ('submit', 'sent for review'), ('call_back', 'took back from review'), ('review', 'reviewed'), ('comment', 'commented'), ('resolve', 'closed a comment'), ('reopen', 'opened a comment again'), ('schedule', 'scheduled publishing'), ('unschedule', 'took the schedule back'), ('miss', 'could not publish at its time'), ('plan_withdrawal', 'planned a withdrawal'), ('cancel_withdrawal', 'cancelled a planned withdrawal'), ('withdraw', 'withdrew from readers'), ('bring_back', 'brought back to readers'), ('keep', 'kept a text beside the draft'), ('merge', 'settled a conflict'), ('rate', 'rated by a standard'), ('sources', 'took in changed sources'), ('withhold', 'withheld an old text'), ('show_again', 'showed a withheld text again'), ('pin', 'pinned a correction'), ('unpin', 'took a pinned correction down'), ('share', 'shared a draft by a link'), ('unshare', 'took a link to a draft back'), ('edit', 'changed a work or word'), ('delete', 'deleted a work or word')], max_length=20, verbose_name='act'),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='article',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='audit_events', to='articles.article', verbose_name='article'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(fields=['-at'], name='audit_event_newest'),
        ),
        migrations.AddConstraint(
            model_name='auditevent',
            constraint=models.CheckConstraint(condition=models.Q(('article__isnull', False), models.Q(('about', ''), _negated=True), _connector='OR'), name='audit_event_is_about_something'),
        ),
        migrations.AddField(
            model_name='comment',
            name='answers_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='articles.comment', verbose_name='answer to'),
        ),
        migrations.AddField(
            model_name='comment',
            name='made_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account'),
        ),
        migrations.AddField(
            model_name='comment',
            name='revision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='articles.revision', verbose_name='revision'),
        ),
        migrations.AddField(
            model_name='conflict',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to='articles.article', verbose_name='article'),
        ),
        migrations.AddField(
            model_name='conflict',
            name='base',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.revision', verbose_name='what both were made from'),
        ),
        migrations.AddField(
            model_name='conflict',
            name='kept',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='conflict', to='articles.revision', verbose_name='the text that was kept'),
        ),
        migrations.AddField(
            model_name='conflict',
            name='made_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account'),
        ),
        migrations.AddField(
            model_name='conflict',
            name='outcome',
            field=models.ForeignKey(blank=True, help_text='The revision made of both; empty where the kept text was let go.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.revision', verbose_name='what came of it'),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawals', to='articles.article', verbose_name='article'),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('words', ''), _negated=True), models.Q(('made_by_name', ''), _negated=True)), name='comment_says_who_and_what'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('resolved_at__isnull', True), ('resolved_by_name', '')), models.Q(('resolved_at__isnull', False), models.Q(('resolved_by_name', ''), _negated=True)), _connector='OR'), name='comment_closed_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='conflict',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome__isnull', True), ('resolved_at__isnull', True), ('resolved_by_name', '')), models.Q(('resolved_at__isnull', False), models.Q(('resolved_by_name', ''), _negated=True)), _connector='OR'), name='conflict_settled_by_somebody'),
        ),
        migrations.AddIndex(
            model_name='withdrawal',
            index=models.Index(condition=models.Q(('cancelled_at__isnull', True), ('done_at__isnull', True)), fields=['due_at'], name='withdrawal_due'),
        ),
        migrations.AddConstraint(
            model_name='withdrawal',
            constraint=models.UniqueConstraint(condition=models.Q(('cancelled_at__isnull', True), ('ended_at__isnull', True)), fields=('article',), name='withdrawal_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='withdrawal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('decided_by_name', ''), _negated=True)), name='withdrawal_says_who_and_why'),
        ),
        migrations.AddConstraint(
            model_name='withdrawal',
            constraint=models.CheckConstraint(condition=models.Q(('done_at__isnull', True), ('cancelled_at__isnull', True), _connector='OR'), name='withdrawal_done_or_cancelled'),
        ),
        migrations.AddConstraint(
            model_name='withdrawal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by_name', '')), models.Q(('done_at__isnull', False), ('ended_at__isnull', False), models.Q(('ended_by_name', ''), _negated=True)), _connector='OR'), name='withdrawal_ended_by_somebody'),
        ),
        migrations.RunPython(give_rights, forget_what_is_about_no_article),
    ]
