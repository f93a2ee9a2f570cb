"""A lost current track is recognised by its sound as well."""

from django.db import migrations, models
from library.migrations._added_columns import AddColumn


class Migration(migrations.Migration):

    dependencies = [
        ('listening', '0002_followers_lost_track'),
    ]

    operations = [
        AddColumn(
            model_name='playerstate',
            name='lost_audio_digest',
            field=models.CharField(blank=True, db_default='', default='', max_length=32),
        ),
    ]
