"""All fields that files are read for, folders, genres and labels. Later migrations fill them."""

from typing import Any

import django.db.models.deletion
import library.models.indexes
import library.models.keys
import library.models.paths
from django.db import migrations, models
from library.migrations._added_columns import AddColumn
from library.models.paths import unique_path_sql


def tell_folders_apart_by_digests(_: Any, schema_editor: Any) -> None:
    """A path may be longer than an entry of a PostgreSQL index: see `unique_path_sql`."""
    if schema_editor.connection.vendor == 'postgresql':
        path = unique_path_sql('path', 'postgresql')
        schema_editor.execute('ALTER TABLE library_folder DROP CONSTRAINT folder_unique_path')
        schema_editor.execute(
            f'CREATE UNIQUE INDEX folder_unique_path ON library_folder (root, {path})'
        )


def tell_folders_apart_by_themselves(_: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute('DROP INDEX folder_unique_path')
        schema_editor.execute(
            'ALTER TABLE library_folder ADD CONSTRAINT folder_unique_path UNIQUE (root, path)'
        )


class Migration(migrations.Migration):

    dependencies = [
        ('library', '0009_revision_tombstones_kinds'),
    ]

    operations = [
        migrations.CreateModel(
            name='AlbumLabel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Folder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('root', library.models.paths.PathField()),
                ('path', library.models.paths.PathField(blank=True, help_text='Relative to its root.')),
                ('name', library.models.paths.PathField(help_text='The last part of the path; of a root, that of the root.')),
                ('cover_id', models.CharField(blank=True, db_default='', max_length=32)),
                ('cover_file_name', library.models.paths.PathField(blank=True, db_default='')),
                ('name_key', library.models.keys.KeyField(blank=True, db_default='')),
                ('track_count', models.PositiveIntegerField(db_default=0, default=0)),
                ('total_track_count', models.PositiveIntegerField(db_default=0, default=0)),
                ('albums_to_settle', models.BooleanField(db_default=False, default=False)),
                ('revision', models.PositiveBigIntegerField(db_default=0, default=0, help_text="The library's revision that last changed this row.")),
            ],
            options={
                'ordering': ['root', 'path'],
            },
        ),
        migrations.CreateModel(
            name='Genre',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', library.models.keys.KeyField(unique=True)),
                ('name', models.TextField()),
                ('sort_key', library.models.keys.KeyField(db_index=True)),
                ('revision', models.PositiveBigIntegerField(db_default=0, default=0, help_text="The library's revision that last changed this row.")),
            ],
            options={
                'ordering': ['sort_key'],
            },
        ),
        migrations.CreateModel(
            name='Label',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', library.models.keys.KeyField(unique=True)),
                ('name', models.TextField()),
                ('sort_key', library.models.keys.KeyField(db_index=True)),
                ('revision', models.PositiveBigIntegerField(db_default=0, default=0, help_text="The library's revision that last changed this row.")),
            ],
            options={
                'ordering': ['sort_key'],
            },
        ),
        migrations.CreateModel(
            name='MusicFolder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('root', library.models.paths.PathField(unique=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='TrackGenre',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.RemoveIndex(
            model_name='track',
            name='track_year',
        ),
        migrations.RemoveIndex(
            model_name='track',
            name='track_search',
        ),
        migrations.RemoveIndex(
            model_name='track',
            name='track_genre',
        ),
        AddColumn(
            model_name='album',
            name='album_artist_sort',
            field=models.TextField(blank=True, db_default=''),
        ),
        AddColumn(
            model_name='album',
            name='catalogue_number',
            field=models.TextField(blank=True, db_default=''),
        ),
        AddColumn(
            model_name='album',
            name='cover_track_id',
            field=models.PositiveBigIntegerField(blank=True, help_text='The first present track that has the cover.', null=True),
        ),
        AddColumn(
            model_name='album',
            name='disc_titles',
            field=models.JSONField(db_default={}, default=dict, help_text='By disc number.'),
        ),
        AddColumn(
            model_name='album',
            name='duration_s',
            field=models.FloatField(db_default=0, default=0),
        ),
        AddColumn(
            model_name='album',
            name='edition',
            field=models.TextField(blank=True, db_default=''),
        ),
        AddColumn(
            model_name='album',
            name='first_added_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddColumn(
            model_name='album',
            name='first_date',
            field=library.models.keys.KeyField(blank=True, db_default='', help_text='By which albums are sorted: as `first_year`.'),
        ),
        AddColumn(
            model_name='album',
            name='first_year',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Of the original release; else of this one.', null=True),
        ),
        AddColumn(
            model_name='album',
            name='genres',
            field=models.JSONField(db_default=[], default=list, help_text='Names, of all its tracks.'),
        ),
        AddColumn(
            model_name='album',
            name='labels',
            field=models.JSONField(db_default=[], default=list, help_text='Names; see AlbumLabel.'),
        ),
        AddColumn(
            model_name='album',
            name='musicbrainz_release_group_id',
            field=models.CharField(blank=True, db_default='', max_length=36),
        ),
        AddColumn(
            model_name='album',
            name='original_date',
            field=models.CharField(blank=True, db_default='', max_length=10),
        ),
        AddColumn(
            model_name='album',
            name='release_date',
            field=models.CharField(blank=True, db_default='', max_length=10),
        ),
        AddColumn(
            model_name='album',
            name='release_types',
            field=models.JSONField(db_default=[], default=list),
        ),
        AddColumn(
            model_name='album',
            name='search_text',
            field=models.TextField(blank=True, db_default=''),
        ),
        AddColumn(
            model_name='album',
            name='title_sort',
            field=models.TextField(blank=True, db_default=''),
        ),
        AddColumn(
            model_name='album',
            name='track_count',
            field=models.PositiveIntegerField(db_default=0, default=0, help_text='Of its present tracks, as the next two.'),
        ),
        AddColumn(
            model_name='track',
            name='album_artist_sort',
            field=models.TextField(blank=True, db_default=''),
        ),
        AddColumn(
            model_name='track',
            name='album_sort',
            field=models.TextField(blank=True, db_default=''),
        ),
        AddColumn(
            model_name='track',
            name='artist_sort',
            field=models.TextField(blank=True, db_default=''),
        ),
        AddColumn(
            model_name='track',
            name='audio_digest',
            field=models.CharField(blank=True, db_default='', help_text='Identifies the sound.', max_length=32),
        ),
        AddColumn(
            model_name='track',
            name='bit_depth',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        AddColumn(
            model_name='track',
            name='bpm',
            field=models.FloatField(blank=True, null=True),
        ),
        AddColumn(
            model_name='track',
            name='catalogue_number',
            field=models.TextField(blank=True, db_default=''),
        ),
        AddColumn(
            model_name='track',
            name='comment',
            field=models.TextField(blank=True, db_default=''),
        ),
        AddColumn(
            model_name='track',
            name='composer_sort',
            field=models.TextField(blank=True, db_default=''),
        ),
        AddColumn(
            model_name='track',
            name='disc_subtitle',
            field=models.TextField(blank=True, db_default=''),
        ),
        AddColumn(
            model_name='track',
            name='edition',
            field=models.TextField(blank=True, db_default=''),
        ),
        AddColumn(
            model_name='track',
            name='explicit_status',
            field=models.CharField(blank=True, db_default='', max_length=8),
        ),
        AddColumn(
            model_name='track',
            name='first_year',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Of the original release; else `year`.', null=True),
        ),
        AddColumn(
            model_name='track',
            name='genres',
            field=models.JSONField(db_default=[], default=list, help_text='Names; see TrackGenre.'),
        ),
        AddColumn(
            model_name='track',
            name='grouping',
            field=models.TextField(blank=True, db_default=''),
        ),
        AddColumn(
            model_name='track',
            name='isrc',
            field=models.JSONField(db_default=[], default=list),
        ),
        AddColumn(
            model_name='track',
            name='labels',
            field=models.JSONField(db_default=[], default=list),
        ),
        AddColumn(
            model_name='track',
            name='lyrics_file_name',
            field=library.models.paths.PathField(blank=True, db_default='', help_text="In the track's folder; empty: embedded."),
        ),
        AddColumn(
            model_name='track',
            name='lyrics_id',
            field=models.CharField(blank=True, db_default='', help_text='What identifies the file of lyrics.', max_length=32),
        ),
        AddColumn(
            model_name='track',
            name='lyrics_kind',
            field=models.CharField(blank=True, db_default='', max_length=6),
        ),
        AddColumn(
            model_name='track',
            name='lyrics_language',
            field=models.CharField(blank=True, db_default='', max_length=16),
        ),
        AddColumn(
            model_name='track',
            name='moods',
            field=models.JSONField(db_default=[], default=list),
        ),
        AddColumn(
            model_name='track',
            name='movement',
            field=models.TextField(blank=True, db_default=''),
        ),
        AddColumn(
            model_name='track',
            name='movement_number',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        AddColumn(
            model_name='track',
            name='movement_total',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        AddColumn(
            model_name='track',
            name='musicbrainz_release_group_id',
            field=models.CharField(blank=True, db_default='', max_length=36),
        ),
        AddColumn(
            model_name='track',
            name='musicbrainz_track_id',
            field=models.CharField(blank=True, db_default='', max_length=36),
        ),
        AddColumn(
            model_name='track',
            name='original_date',
            field=models.CharField(blank=True, db_default='', max_length=10),
        ),
        AddColumn(
            model_name='track',
            name='read_with',
            field=models.CharField(blank=True, db_default='', help_text='The readers and settings it was read with.', max_length=32),
        ),
        AddColumn(
            model_name='track',
            name='release_date',
            field=models.CharField(blank=True, db_default='', max_length=10),
        ),
        AddColumn(
            model_name='track',
            name='release_types',
            field=models.JSONField(db_default=[], default=list),
        ),
        AddColumn(
            model_name='track',
            name='title_sort',
            field=models.TextField(blank=True, db_default=''),
        ),
        AddColumn(
            model_name='track',
            name='work',
            field=models.TextField(blank=True, db_default=''),
        ),
        AddColumn(
            model_name='trackartist',
            name='instrument',
            field=models.TextField(blank=True, db_default='', help_text='What a performer plays.'),
        ),
        migrations.AlterField(
            model_name='scan',
            name='kind',
            field=models.CharField(choices=[('scan', 'scan'), ('purge', 'purge'), ('restore', 'restore'), ('edit', 'edit'), ('reread', 'reread')], db_default='scan', default='scan', max_length=16),
        ),
        migrations.AlterField(
            model_name='tombstone',
            name='kind',
            field=models.CharField(choices=[('track', 'track'), ('album', 'album'), ('artist', 'artist'), ('folder', 'folder')], max_length=16),
        ),
        migrations.AlterField(
            model_name='trackartist',
            name='role',
            field=models.CharField(choices=[('artist', 'artist'), ('albumartist', 'album artist'), ('composer', 'composer'), ('conductor', 'conductor'), ('lyricist', 'lyricist'), ('arranger', 'arranger'), ('remixer', 'remixer'), ('producer', 'producer'), ('performer', 'performer')], max_length=12),
        ),
        migrations.AddField(
            model_name='albumlabel',
            name='album',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='album_labels', to='library.album'),
        ),
        migrations.AddField(
            model_name='folder',
            name='parent',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='folders', to='library.folder'),
        ),
        AddColumn(
            model_name='track',
            name='folder',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tracks', to='library.folder'),
        ),
        migrations.AddIndex(
            model_name='track',
            index=library.models.indexes.OrderIndex(condition=models.Q(('missing_since__isnull', True)), fields=['first_year', 'id'], include=('search_text',), name='track_year'),
        ),
        migrations.AddIndex(
            model_name='track',
            index=library.models.indexes.SqliteIndex(condition=models.Q(('missing_since__isnull', True)), fields=['id', 'search_text', 'first_year', 'album', 'missing_since'], name='track_search'),
        ),
        migrations.AddIndex(
            model_name='track',
            index=models.Index(fields=['folder', 'missing_since'], name='track_of_folder'),
        ),
        migrations.AddIndex(
            model_name='track',
            index=models.Index(condition=models.Q(('missing_since__isnull', True)), fields=['read_with', 'id'], name='track_read_with'),
        ),
        migrations.AddField(
            model_name='albumlabel',
            name='label',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='album_labels', to='library.label'),
        ),
        migrations.AddField(
            model_name='trackgenre',
            name='genre',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='track_genres', to='library.genre'),
        ),
        migrations.AddField(
            model_name='trackgenre',
            name='track',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='track_genres', to='library.track'),
        ),
        migrations.AddConstraint(
            model_name='folder',
            constraint=models.UniqueConstraint(fields=('root', 'path'), name='folder_unique_path'),
        ),
        migrations.AddIndex(
            model_name='folder',
            index=models.Index(fields=['parent', 'name_key', 'id'], name='folder_of_parent'),
        ),
        migrations.AddIndex(
            model_name='albumlabel',
            index=models.Index(fields=['label', 'album'], name='album_of_label'),
        ),
        migrations.AddConstraint(
            model_name='albumlabel',
            constraint=models.UniqueConstraint(fields=('album', 'position'), name='album_label_unique_position'),
        ),
        migrations.AddIndex(
            model_name='trackgenre',
            index=models.Index(fields=['genre', 'track'], name='track_of_genre'),
        ),
        migrations.AddConstraint(
            model_name='trackgenre',
            constraint=models.UniqueConstraint(fields=('track', 'position'), name='track_genre_unique_position'),
        ),
        migrations.RunPython(tell_folders_apart_by_digests, tell_folders_apart_by_themselves),
    ]
