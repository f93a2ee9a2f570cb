"""The commands of mus: which app each comes from, and that each explains itself."""

import pytest
from django.core.management import get_commands, load_command_class

COMMANDS = {
    "scan_tracks": "library",
    "serve": "operations",
    "runserver": "operations",
    "migrate": "operations",
    "backup_library": "operations",
    "restore_library": "operations",
    "move_library": "operations",
    "import_history": "operations",
    "import_listening": "operations",
    "app_password": "operations",
}
OWN_APPS = {"library", "operations", "listening", "events", "accounts", "web"}
WITH_EXIT_CODES = set(COMMANDS) - {"runserver", "migrate"}


def test_these_are_the_commands() -> None:
    """Also where Django or another app has one of the same name: ours comes first."""
    assert {name: app for name, app in get_commands().items() if app in OWN_APPS} == COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_each_says_what_it_does(name: str) -> None:
    command = load_command_class(COMMANDS[name], name)
    shown = command.create_parser("manage.py", name).format_help()
    assert command.help.split()[0] in shown
    if name in WITH_EXIT_CODES:
        assert "exit code" in shown.lower()
