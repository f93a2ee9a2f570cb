"""Albums with the rules that made them, artists told apart by MusicBrainz ids, pictures of artists,
and the words of the search."""

import django.db.models.deletion
import library.models.keys
import library.models.paths
from django.db import migrations, models
from library.migrations._added_columns import AddColumn


class Migration(migrations.Migration):

    dependencies = [
        ('library', '0013_rereading'),
    ]

    operations = [
        migrations.CreateModel(
            name='Word',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', library.models.keys.KeyField(unique=True)),
                ('backwards', library.models.keys.KeyField(db_index=True)),
            ],
            options={
                'ordering': ['text'],
            },
        ),
        AddColumn(
            model_name='album',
            name='apart_by',
            field=models.CharField(blank=True, db_default='', help_text='The rule by which it is not one with another album of its name.', max_length=24),
        ),
        AddColumn(
            model_name='album',
            name='disambiguation',
            field=models.TextField(blank=True, db_default='', help_text='What tells it from another album of its name.'),
        ),
        AddColumn(
            model_name='album',
            name='name_key',
            field=library.models.keys.KeyField(blank=True, db_default='', db_index=True),
        ),
        AddColumn(
            model_name='album',
            name='together_by',
            field=models.CharField(blank=True, db_default='', help_text='The rule by which its tracks are one.', max_length=24),
        ),
        AddColumn(
            model_name='artist',
            name='cover_file_name',
            field=library.models.paths.PathField(blank=True, db_default='', help_text='In `cover_folder`.'),
        ),
        AddColumn(
            model_name='artist',
            name='cover_folder',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='pictured_artists', to='library.folder'),
        ),
        AddColumn(
            model_name='artist',
            name='cover_id',
            field=models.CharField(blank=True, db_default='', help_text='What identifies the picture.', max_length=32),
        ),
        AddColumn(
            model_name='artist',
            name='search_text',
            field=models.TextField(blank=True, db_default=''),
        ),
        AddColumn(
            model_name='track',
            name='album_by_hand',
            field=models.CharField(blank=True, db_default='', help_text='Tracks that a person joined share this; scans keep them on one album.', max_length=32),
        ),
        AddColumn(
            model_name='trackartist',
            name='is_identified',
            field=models.BooleanField(db_default=False, default=False, help_text="The file states the artist's MusicBrainz id."),
        ),
        migrations.AlterField(
            model_name='folder',
            name='albums_to_settle',
            field=models.BooleanField(db_default=False, default=False, help_text='Its tracks changed since their albums were worked out.'),
        ),
        migrations.AddIndex(
            model_name='folder',
            index=models.Index(condition=models.Q(('albums_to_settle', True)), fields=['id'], name='folder_to_settle'),
        ),
    ]
