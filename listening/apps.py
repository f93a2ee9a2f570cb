"""The listening app; it registers its followers of the catalogue when Django starts."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate

from library import followers, playlist_followers

REGISTERED = "listening.followers.registered"
FOLLOWING = "listening.playlist_files.following"
"""By name: followers use models, which can be imported only once all apps are loaded."""

HOOKS = "listening.scrobbling.hooks"
OLDER_SERVERS = "listening.followers.older_servers"
OWNERS = "listening.playlists.owners"


class ListeningConfig(AppConfig):
    name = "listening"
    verbose_name = "Listening"

    def ready(self) -> None:
        registered = import_module(REGISTERED)
        for follower in registered.FOLLOWERS:
            followers.register(follower)
        import_module(HOOKS).register()
        import_module(OWNERS).register()
        for newcomers in registered.NEWCOMERS:
            followers.register_newcomers(newcomers)
        following = import_module(FOLLOWING)
        playlist_followers.register(following.FolderPlaylists())
        older_servers = import_module(OLDER_SERVERS)
        pre_migrate.connect(older_servers.drop_triggers, sender=self)
        post_migrate.connect(older_servers.create_triggers, sender=self)
