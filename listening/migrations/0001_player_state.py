"""`PlayerState` comes from the app `library`, with its table, which stays as it is.

Only what Django knows of its models changes, for both apps in this one step: a server of the version
before, which asks the migrations of `library` alone, goes on beside the new one.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState, StateApps


class LeaveLibrary(migrations.DeleteModel):
    """Forget the model in the state of `library`; the database is not touched."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        super().state_forwards("library", state)


def rename_content_type(apps: StateApps, _: BaseDatabaseSchemaEditor) -> None:
    """What the admin has logged of player states stays with them."""
    _rename(apps, "library", "listening")


def rename_content_type_back(apps: StateApps, _: BaseDatabaseSchemaEditor) -> None:
    _rename(apps, "listening", "library")


def _rename(apps: StateApps, old_app: str, new_app: str) -> None:
    types = apps.get_model("contenttypes", "ContentType").objects.filter(model="playerstate")
    if not types.filter(app_label=new_app).exists():
        types.filter(app_label=old_app).update(app_label=new_app)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('library', '0008_what_scans_leave_out'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                LeaveLibrary('PlayerState'),
                migrations.CreateModel(
                    name='PlayerState',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('progress_seconds', models.FloatField(default=0.0)),
                        ('volume_level', models.FloatField(default=1.0)),
                        ('is_muted', models.BooleanField(default=False)),
                        ('is_shuffle', models.BooleanField(default=False)),
                        ('is_repeat', models.BooleanField(default=False)),
                        ('is_repeat_one', models.BooleanField(default=False, help_text='While repeating: the current track alone, not the queue.')),
                        ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='player_state', to=settings.AUTH_USER_MODEL)),
                        ('current_track', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='library.track')),
                    ],
                    options={
                        'db_table': 'library_playerstate',
                        'constraints': [models.CheckConstraint(condition=models.Q(('progress_seconds__gte', 0)), name='player_state_progress_not_negative'), models.CheckConstraint(condition=models.Q(('volume_level__gte', 0), ('volume_level__lte', 1)), name='player_state_volume_in_range')],
                    },
                ),
            ],
        ),
        migrations.RunPython(rename_content_type, rename_content_type_back),
    ]
