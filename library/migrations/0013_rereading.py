"""Which readers failed on a file, and how far the rereading of tracks by newer readers is."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('library', '0012_folders_of_known_tracks'),
    ]

    operations = [
        migrations.AddField(
            model_name='scan',
            name='read_with',
            field=models.CharField(blank=True, db_default='', max_length=32),
        ),
        migrations.AddField(
            model_name='scan',
            name='reread_below',
            field=models.PositiveBigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='scanfailure',
            name='read_with',
            field=models.CharField(
                blank=True,
                db_default='',
                help_text='The readers and settings that failed.',
                max_length=32,
            ),
        ),
    ]
