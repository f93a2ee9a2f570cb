from django.db import migrations, models

from library.migrations._added_columns import AddColumn


class Migration(migrations.Migration):

    dependencies = [
        ('library', '0021_newest_folder_before'),
    ]

    operations = [
        AddColumn(
            model_name='scan',
            name='playlists',
            field=models.PositiveIntegerField(db_default=0, default=0, help_text='Made, changed or left without their file.'),
        ),
    ]
