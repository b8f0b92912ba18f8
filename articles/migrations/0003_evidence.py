"""Claims, sources as they were, reviews, notices, and a rendering for each publication.

Safe under processes of the version before: new columns have defaults in the database, and the old table of renderings,
``articles_rendering``, stays for them to read, tied to nothing; a later migration drops it. ``prepare_database`` makes the new renderings,
claims and snapshots.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0002_groups'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Citation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(verbose_name='position')),
            ],
            options={
                'verbose_name': 'citation',
                'verbose_name_plural': 'citations',
                'ordering': ['claim', 'position'],
            },
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(verbose_name='position')),
                ('key', models.CharField(help_text='The same for the same words in the same section.', max_length=16, verbose_name='key')),
                ('text', models.TextField(verbose_name='text')),
                ('said', models.TextField(verbose_name='text with who was studied')),
                ('populations', models.JSONField(default=list, verbose_name='who was studied')),
                ('certainty', models.CharField(blank=True, choices=[('high', 'High certainty'), ('moderate', 'Moderate certainty'), ('low', 'Low certainty'), ('very-low', 'Very low certainty'), ('none-found', 'No study found')], max_length=10, verbose_name='certainty')),
            ],
            options={
                'verbose_name': 'claim',
                'verbose_name_plural': 'claims',
                'ordering': ['publication', 'position'],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('retraction', 'retraction'), ('concern', 'expression of concern'), ('correction', 'correction'), ('reinstatement', 'reinstatement')], max_length=15, verbose_name='kind')),
                ('noticed_on', models.DateField(blank=True, null=True, verbose_name='date of the notice')),
                ('notice_doi', models.CharField(blank=True, max_length=220, verbose_name='DOI of the notice')),
                ('told_by', models.CharField(help_text='Such as “Crossref update-to”.', max_length=40, verbose_name='told by')),
                ('detail', models.CharField(blank=True, max_length=400, verbose_name='in the words of the service')),
                ('found_at', models.DateTimeField(verbose_name='found at')),
            ],
            options={
                'verbose_name': 'notice on a work',
                'verbose_name_plural': 'notices on works',
                'ordering': ['-found_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='NoticeCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('checked_at', models.DateTimeField(verbose_name='checked at')),
                ('asked', models.CharField(help_text="Such as “Crossref” or a file's name.", max_length=40, verbose_name='who was asked')),
                ('result', models.CharField(choices=[('nothing', 'no notice'), ('found', 'notices'), ('failed', 'could not be asked')], max_length=10, verbose_name='result')),
                ('detail', models.CharField(blank=True, max_length=400, verbose_name='detail')),
            ],
            options={
                'verbose_name': 'check for notices',
                'verbose_name_plural': 'checks for notices',
                'ordering': ['-checked_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('printed_name', models.CharField(max_length=150, verbose_name='name as printed')),
                ('standard', models.CharField(max_length=20, verbose_name='standard')),
                ('question', models.CharField(max_length=10, verbose_name='number of the question')),
                ('answer', models.CharField(max_length=20, verbose_name='answer')),
                ('reason', models.CharField(max_length=400, verbose_name='reason')),
                ('rated_at', models.DateTimeField(verbose_name='rated at')),
            ],
            options={
                'verbose_name': 'rating',
                'verbose_name_plural': 'ratings',
                'ordering': ['standard', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ReferenceSnapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('facts', models.JSONField(help_text='The fields of articles.text.bibliography.Reference.', verbose_name='facts')),
            ],
            options={
                'verbose_name': 'work as it was',
                'verbose_name_plural': 'works as they were',
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('printed_name', models.CharField(max_length=150, verbose_name='name as printed')),
                ('role', models.CharField(max_length=150, verbose_name='role')),
                ('credentials', models.CharField(max_length=150, verbose_name='credentials')),
                ('interests', models.CharField(max_length=400, verbose_name='declared interests')),
                ('decision', models.CharField(choices=[('approved', 'approved'), ('changes_requested', 'changes requested')], max_length=20, verbose_name='decision')),
                ('checklist', models.JSONField(help_text='Keys of CHECKLIST.', verbose_name='what was re-checked')),
                ('comment', models.TextField(blank=True, verbose_name='what is to be changed')),
                ('decided_at', models.DateTimeField(verbose_name='decided at')),
            ],
            options={
                'verbose_name': 'review',
                'verbose_name_plural': 'reviews',
                'ordering': ['-decided_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(verbose_name='position')),
                ('section_id', models.CharField(max_length=100, verbose_name='id')),
                ('heading', models.CharField(max_length=200, verbose_name='heading')),
                ('certainty', models.CharField(blank=True, choices=[('high', 'High certainty'), ('moderate', 'Moderate certainty'), ('low', 'Low certainty'), ('very-low', 'Very low certainty'), ('none-found', 'No study found')], max_length=10, verbose_name='certainty')),
                ('answer', models.TextField(blank=True, help_text='Plain text, who was studied kept.', verbose_name='answer')),
                ('why', models.TextField(blank=True, help_text='Plain text, who was studied kept.', verbose_name='why we are this sure')),
            ],
            options={
                'verbose_name': 'section',
                'verbose_name_plural': 'sections',
                'ordering': ['publication', 'position'],
            },
        ),
        migrations.AddField(
            model_name='article',
            name='pinned',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.publication', verbose_name='pinned correction'),
        ),
        migrations.AddField(
            model_name='article',
            name='publication',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.publication', verbose_name='what readers see'),
        ),
        migrations.AddField(
            model_name='article',
            name='review_due_on',
            field=models.DateField(blank=True, null=True, verbose_name='review due'),
        ),
        migrations.AddField(
            model_name='article',
            name='sources_unchecked',
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name='works with a DOI that were never checked'),
        ),
        migrations.AddField(
            model_name='article',
            name='source_problems',
            field=models.TextField(blank=True, db_default='', help_text='Rules that what readers see breaks since a work changed, a line each.', verbose_name='what its works no longer carry'),
        ),
        migrations.AddField(
            model_name='article',
            name='sources_checked_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='sources last checked for withdrawals'),
        ),
        migrations.AddField(
            model_name='publication',
            name='cause',
            field=models.CharField(choices=[('text', 'a new text'), ('sources', 'changed sources')], db_default='text', default='text', max_length=10, verbose_name='cause'),
        ),
        migrations.AddField(
            model_name='publication',
            name='note',
            field=models.TextField(blank=True, db_default='', help_text='One line a change, as readers see it.', verbose_name='what changed and why'),
        ),
        migrations.AddField(
            model_name='publication',
            name='significance',
            field=models.CharField(choices=[('typo', 'Spelling or layout'), ('clarification', 'Clearer words, same meaning'), ('change', 'Changed content'), ('correction', 'Correction of a mistake'), ('urgent', 'Urgent correction')], db_default='change', default='change', max_length=15, verbose_name='kind of change'),
        ),
        migrations.AddField(
            model_name='reference',
            name='checked_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='last checked for withdrawals'),
        ),
        migrations.AddField(
            model_name='reference',
            name='noticed_retraction_on',
            field=models.DateField(blank=True, help_text='Set by check_retractions; neither a failed check nor an import takes it away.', null=True, verbose_name='withdrawn, by a notice that was found'),
        ),
        migrations.AddField(
            model_name='revision',
            name='significance',
            field=models.CharField(choices=[('typo', 'Spelling or layout'), ('clarification', 'Clearer words, same meaning'), ('change', 'Changed content'), ('correction', 'Correction of a mistake'), ('urgent', 'Urgent correction')], db_default='change', default='change', max_length=15, verbose_name='kind of change'),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='act',
            field=models.CharField(choices=[('save', 'saved a revision'), ('publish', 'published'), ('rename', 'changed the address'), ('review', 'reviewed'), ('rate', 'rated by a standard'), ('sources', 'took in changed sources'), ('withhold', 'withheld an old text'), ('show_again', 'showed a withheld text again'), ('pin', 'pinned a correction'), ('unpin', 'took a pinned correction down')], max_length=20, verbose_name='act'),
        ),
        migrations.AlterField(
            model_name='reference',
            name='retracted_on',
            field=models.DateField(blank=True, help_text='As the list of works says.', null=True, verbose_name='withdrawn by the journal on'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(fields=['-published_at'], name='publication_newest'),
        ),
        migrations.AddField(
            model_name='citation',
            name='reference',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='citations', to='articles.reference', verbose_name='work'),
        ),
        migrations.AddField(
            model_name='claim',
            name='publication',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='claims', to='articles.publication', verbose_name='publication'),
        ),
        migrations.AddField(
            model_name='citation',
            name='claim',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='articles.claim', verbose_name='claim'),
        ),
        migrations.AddField(
            model_name='notice',
            name='reference',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='articles.reference', verbose_name='work'),
        ),
        migrations.AddField(
            model_name='noticecheck',
            name='reference',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='articles.reference', verbose_name='work'),
        ),
        migrations.AddField(
            model_name='rating',
            name='rater',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account'),
        ),
        migrations.AddField(
            model_name='rating',
            name='revision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='articles.revision', verbose_name='revision'),
        ),
        migrations.AddField(
            model_name='referencesnapshot',
            name='publication',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='snapshots', to='articles.publication', verbose_name='publication'),
        ),
        migrations.AddField(
            model_name='referencesnapshot',
            name='reference',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='snapshots', to='articles.reference', verbose_name='work'),
        ),
        migrations.AddField(
            model_name='review',
            name='reviewer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account'),
        ),
        migrations.AddField(
            model_name='review',
            name='revision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='articles.revision', verbose_name='revision'),
        ),
        migrations.AddField(
            model_name='article',
            name='last_review',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.review', verbose_name='last public review'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['review_due_on'], name='article_review_due'),
        ),
        migrations.AddField(
            model_name='section',
            name='publication',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='articles.publication', verbose_name='publication'),
        ),
        migrations.AddField(
            model_name='claim',
            name='section',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='claims', to='articles.section', verbose_name='section'),
        ),
        migrations.AddConstraint(
            model_name='citation',
            constraint=models.UniqueConstraint(fields=('claim', 'reference'), name='citation_once_a_claim'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('reference', 'kind', 'notice_doi', 'told_by'), name='notice_once'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('printed_name', ''), _negated=True), models.Q(('reason', ''), _negated=True)), name='rating_says_who_and_why'),
        ),
        migrations.AddConstraint(
            model_name='referencesnapshot',
            constraint=models.UniqueConstraint(fields=('publication', 'reference'), name='snapshot_once_a_publication'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('printed_name', ''), _negated=True), models.Q(('role', ''), _negated=True), models.Q(('credentials', ''), _negated=True), models.Q(('interests', ''), _negated=True)), name='review_says_who'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('decision', 'approved'), models.Q(('comment', ''), _negated=True), _connector='OR'), name='review_says_what_to_change'),
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.UniqueConstraint(fields=('publication', 'section_id'), name='section_id_unique'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.UniqueConstraint(fields=('publication', 'position'), name='claim_position_unique'),
        ),
        migrations.AlterField(
            model_name='rendering',
            name='revision',
            field=models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='rendering', serialize=False, to='articles.revision', verbose_name='revision'),
        ),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name='Rendering')]),
        migrations.CreateModel(
            name='Rendering',
            fields=[
                ('publication', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='rendering', serialize=False, to='articles.publication', verbose_name='publication')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('sections', models.JSONField(help_text='In order: id, heading, short_heading, certainty, certainty_words, html.', verbose_name='sections')),
                ('sources', models.JSONField(verbose_name='entries of the list of sources, as HTML')),
                ('key_message', models.TextField(blank=True, verbose_name='key message as HTML')),
                ('summary', models.CharField(max_length=600, verbose_name='summary, who was studied kept')),
                ('reading_minutes', models.PositiveIntegerField(verbose_name='minutes to read')),
                ('review_months', models.PositiveIntegerField(verbose_name='months between reviews')),
                ('related_slugs', models.JSONField(default=list, verbose_name='slugs of related articles')),
                ('term_keys', models.JSONField(verbose_name='keys of the words explained')),
                ('withdrawn_keys', models.JSONField(default=list, verbose_name='keys of the withdrawn works cited')),
                ('renderer_version', models.PositiveIntegerField(verbose_name="renderer's version")),
            ],
            options={
                'verbose_name': 'rendering',
                'verbose_name_plural': 'renderings',
                'db_table': 'articles_published_rendering',
            },
        ),
    ]
