"""An upgrade sorts known folders as scans sort new ones."""

import pytest

from library.models import stored_keys
from library.models.folders import Folder


@pytest.mark.django_db
def test_the_keys_of_known_folders_are_folded_anew() -> None:
    values = {"root": "/music", "path": "Łódź 2", "name": "Łódź 2"}
    Folder.objects.create(**values, name_key="łodz 000000002")
    for portion in stored_keys.portions(str):
        stored_keys.write(portion)
    assert Folder.objects.get().name_key == "lodz 000000002"
