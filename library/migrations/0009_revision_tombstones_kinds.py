"""The library's revision, tombstones of deleted rows, and kinds of scans' rows.

Until now the id of the last scan that changed anything was the revision. The new number begins above
all of these, and above each track's, so that it never goes back.
"""

from typing import Any

import django.utils.timezone
import library.models.revision
from django.db import migrations, models
from django.db.models import F, Max, Q
from library.models.revision import new_epoch

CHANGES = ('added', 'updated', 'moved', 'restored', 'missing')


def begin(apps: Any, _: Any) -> None:
    scans = apps.get_model('library', 'Scan').objects
    tracks = apps.get_model('library', 'Track').objects
    highest = max(
        scans.aggregate(highest=Max('pk'))['highest'] or 0,
        tracks.aggregate(highest=Max('revision'))['highest'] or 0,
    )
    changed = Q(*((f'{name}__gt', 0) for name in CHANGES), _connector=Q.OR)
    # A scan that runs belongs to a server of the version before. Its revision stays null, so that
    # newer servers raise the number for what it goes on to change.
    ended = scans.exclude(state='running')
    ended.update(revision=0)
    ended.filter(changed).update(revision=F('pk'))
    revisions = apps.get_model('library', 'Revision').objects
    revisions.create(pk=1, number=highest + 1, epoch=new_epoch())


class Migration(migrations.Migration):

    dependencies = [
        ('library', '0008_what_scans_leave_out'),
    ]

    operations = [
        migrations.AddField(
            model_name='album',
            name='revision',
            field=models.PositiveBigIntegerField(db_default=0, default=0, help_text="The library's revision that last changed this row or a track of the album."),
        ),
        migrations.AddField(
            model_name='artist',
            name='revision',
            field=models.PositiveBigIntegerField(db_default=0, default=0, help_text="The library's revision that last changed this row."),
        ),
        migrations.AddField(
            model_name='scan',
            name='kind',
            field=models.CharField(choices=[('scan', 'scan'), ('purge', 'purge'), ('restore', 'restore'), ('edit', 'edit')], db_default='scan', default='scan', max_length=16),
        ),
        migrations.AddField(
            model_name='scan',
            name='purged',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='scan',
            name='revision',
            field=models.PositiveBigIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='track',
            name='revision',
            field=models.PositiveBigIntegerField(help_text="The library's revision that last changed this track."),
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(db_default=0, default=0)),
                ('epoch', models.CharField(default=library.models.revision.new_epoch, max_length=32)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='revision_one_row')],
            },
        ),
        migrations.CreateModel(
            name='Tombstone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('track', 'track'), ('album', 'album'), ('artist', 'artist')], max_length=16)),
                ('row_id', models.PositiveBigIntegerField()),
                ('revision', models.PositiveBigIntegerField()),
                ('replaced_by', models.PositiveBigIntegerField(blank=True, null=True)),
                ('deleted_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'indexes': [models.Index(fields=['revision'], name='tombstone_revision'), models.Index(fields=['deleted_at'], name='tombstone_deleted_at')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'row_id'), name='tombstone_unique_row')],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='scan',
            name='revision',
            field=models.PositiveBigIntegerField(blank=True, default=0, null=True),
        ),
    ]
