"""The form on the account's page by which a user chooses how music sounds in the player."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from listening.models import Loudness
from listening.sound import CROSSFADES_S, Sound, keep_sound, sound_of
from web.acts import Act

_LOUDNESS_NAMES = (
    (Loudness.OFF, gettext_lazy("As the files are")),
    (Loudness.ALBUM, gettext_lazy("Albums alike")),
    (Loudness.TRACK, gettext_lazy("All tracks alike")),
)


def sound_context(user_id: int) -> dict[str, Any]:
    """What the form shows."""
    return {
        "loudnesses": _LOUDNESS_NAMES,
        "crossfades": [(seconds, _crossfade_name(seconds)) for seconds in CROSSFADES_S],
        "sound": sound_of(user_id),
    }


class KeepSound(Act):
    def post(self, request: HttpRequest) -> HttpResponse:
        loudness, seconds = (request.POST.get(name, "") for name in ("loudness", "crossfade_s"))
        try:
            keep_sound(request.user.pk or 0, Sound(loudness, int(seconds)))
        except ValueError:
            messages.error(request, _("mus does not have this sound."))
        else:
            messages.success(request, _("Music sounds like this from now on, in every browser."))
        return redirect("account")


def _crossfade_name(seconds: int) -> str:
    text = ngettext("%(seconds)s second", "%(seconds)s seconds", seconds)
    return text % {"seconds": seconds} if seconds else _("None")
