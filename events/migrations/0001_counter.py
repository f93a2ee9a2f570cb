"""The row that numbers the events.

django-eventstream makes it with the first event, in a way that would abort a transaction on
PostgreSQL where two first events meet. The placeholder with number 0 stays the library's to make.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CHANNEL = "track-updates"


def make_counter(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    counters = apps.get_model("django_eventstream", "EventCounter").objects
    counters.using(schema_editor.connection.alias).get_or_create(name=CHANNEL)


class Migration(migrations.Migration):
    dependencies = [("django_eventstream", "0001_initial")]
    operations = [migrations.RunPython(make_counter, migrations.RunPython.noop)]
