"""Adds what identity by sound needs: which scan added a track, an index of digests, joins."""

import django.db.models.deletion
import django.utils.timezone
import library.models.paths
from django.db import migrations, models
from library.migrations._added_columns import AddColumn


class Migration(migrations.Migration):

    dependencies = [
        ('library', '0018_keys_folded_anew'),
    ]

    operations = [
        migrations.CreateModel(
            name='Join',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('same tags', 'one is a copy of the other with the same tags'), ('within a day', 'one was copied less than a day before the other was deleted'), ('replaced file', 'the file of one replaced that of the other, with the same tags')], max_length=16)),
                ('track_id', models.PositiveBigIntegerField()),
                ('replaced_id', models.PositiveBigIntegerField()),
                ('audio_digest', models.CharField(max_length=32)),
                ('lost_root', library.models.paths.PathField()),
                ('lost_path', library.models.paths.PathField()),
                ('lost_mtime_ns', models.BigIntegerField(default=0)),
                ('lost_size_bytes', models.BigIntegerField(default=0)),
                ('lost_title', models.TextField(blank=True)),
                ('lost_artist', models.TextField(blank=True)),
                ('replaced_path', library.models.paths.PathField(help_text='In the same form as `lost_path`.')),
                ('replaced_root', library.models.paths.PathField()),
                ('replaced_added_at', models.DateTimeField()),
                ('replaced_added_by_scan', models.PositiveBigIntegerField(default=0)),
                ('replaced_album_by_hand', models.CharField(blank=True, max_length=32)),
                ('followed', models.JSONField(default=dict)),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, help_text='When the two became two again.', null=True)),
                ('ended_by', models.CharField(blank=True, help_text='What parted them: a person (`hand`) or the file that came back (`file`).', max_length=8)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        AddColumn(
            model_name='revision',
            name='forgotten',
            field=models.PositiveBigIntegerField(db_default=0, default=0, help_text='The highest revision of a tombstone that was removed because it was old.'),
        ),
        AddColumn(
            model_name='scan',
            name='joined',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        AddColumn(
            model_name='track',
            name='added_by_scan',
            field=models.PositiveBigIntegerField(db_default=0, default=0, help_text='The id of the scan that added it; 0 if it is not known.'),
        ),
        migrations.AlterField(
            model_name='scan',
            name='trigger',
            field=models.CharField(choices=[('command', 'command'), ('admin', 'admin'), ('api', 'API'), ('schedule', 'schedule'), ('watch', 'watch')], max_length=16),
        ),
        migrations.AddIndex(
            model_name='track',
            index=models.Index(condition=models.Q(('audio_digest__gt', '')), fields=['audio_digest'], name='track_audio_digest'),
        ),
        migrations.AddField(
            model_name='join',
            name='scan',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='joins', to='library.scan'),
        ),
        migrations.AddIndex(
            model_name='join',
            index=models.Index(fields=['audio_digest'], name='join_audio_digest'),
        ),
        migrations.AddIndex(
            model_name='join',
            index=models.Index(fields=['replaced_id'], name='join_replaced'),
        ),
        migrations.AddIndex(
            model_name='join',
            index=models.Index(fields=['joined_at'], name='join_joined_at'),
        ),
    ]
