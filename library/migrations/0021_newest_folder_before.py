"""Adds which folders a scan found in the library when it began."""

from django.db import migrations, models
from library.migrations._added_columns import AddColumn


class Migration(migrations.Migration):

    dependencies = [
        ('library', '0020_found_by_revision'),
    ]

    operations = [
        AddColumn(
            model_name='scan',
            name='newest_folder_before',
            field=models.PositiveBigIntegerField(blank=True, help_text='The highest id of a folder when it began.', null=True),
        ),
    ]
