"""The name that a credit has in its file, where it is spelled otherwise; and which artists lost
credits to which others."""

import django.db.models.deletion
from django.db import migrations, models
from library.migrations._added_columns import AddColumn


class Migration(migrations.Migration):

    dependencies = [
        ('library', '0015_search_texts_and_sort_keys'),
    ]

    operations = [
        migrations.CreateModel(
            name='Succession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_new', models.BooleanField(default=False)),
                ('artist', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='succession', to='library.artist')),
                ('successor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='predecessions', to='library.artist')),
            ],
        ),
        AddColumn(
            model_name='trackartist',
            name='credited_as',
            field=models.TextField(blank=True, help_text="The name in the file, if spelled unlike the artist's.", null=True),
        ),
        migrations.AddIndex(
            model_name='trackartist',
            index=models.Index(condition=models.Q(('credited_as__isnull', False)), fields=['artist'], name='credit_spelled_otherwise'),
        ),
    ]
