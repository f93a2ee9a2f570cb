"""The jukebox: music that the server itself plays aloud. mus has no such device."""

from opensubsonic.call import Body, Call
from opensubsonic.errors import not_allowed


def control(call: Call) -> Body:
    call.parameters.needed_text("action")
    raise not_allowed("This server has no loudspeaker of its own.")
