"""Podcasts, which mus does not have. Clients ask for them at each start, and an error would end
what they do, so lists are empty."""

from opensubsonic.call import Body, Call
from opensubsonic.errors import not_allowed, not_found

_NO_PODCASTS = "This server has no podcasts."


def get_podcasts(call: Call) -> Body:  # noqa: ARG001
    return {"podcasts": {"channel": []}}


def get_newest_podcasts(call: Call) -> Body:  # noqa: ARG001
    return {"newestPodcasts": {"episode": []}}


def get_episode(call: Call) -> Body:
    call.parameters.needed_text("id")
    raise not_found("podcast episode")


def refresh(call: Call) -> Body:  # noqa: ARG001
    """There is nothing to refresh, so it is done."""
    return {}


def change(call: Call) -> Body:  # noqa: ARG001
    """Of `createPodcastChannel` and of all that deletes or downloads."""
    raise not_allowed(_NO_PODCASTS)
