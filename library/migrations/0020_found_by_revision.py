"""Indexes by which a client that keeps a copy of the library finds what changed."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('library', '0019_sounds_and_joins'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='album',
            index=models.Index(fields=['revision'], name='album_revision'),
        ),
        migrations.AddIndex(
            model_name='artist',
            index=models.Index(fields=['revision'], name='artist_revision'),
        ),
        migrations.AddIndex(
            model_name='folder',
            index=models.Index(fields=['revision'], name='folder_revision'),
        ),
    ]
