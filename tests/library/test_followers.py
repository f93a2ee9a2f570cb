"""Rows of other apps that point at the catalogue: none is forgotten when it changes."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models

from library import followers

LIBRARY = "library"


def keys_to_the_catalogue() -> Iterator[tuple[type[models.Model], str]]:
    """The foreign keys to models of `library` in the models of all other apps, also in the tables
    that Django makes for many-to-many fields."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label == LIBRARY:
            continue
        for field in model._meta.concrete_fields:
            related = field.related_model
            if isinstance(related, type) and related._meta.app_label == LIBRARY:
                yield model, field.name


def test_each_foreign_key_to_the_catalogue_has_a_follower() -> None:
    keys = list(keys_to_the_catalogue())
    assert keys
    assert [key for key in keys if key not in followers._followers] == []


def test_a_follower_follows_what_its_foreign_key_points_at() -> None:
    for model, name in keys_to_the_catalogue():
        follower = followers._followers[model, name]
        assert follower.followed is model._meta.get_field(name).related_model
