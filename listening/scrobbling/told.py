"""Why a service could not be told of a play, in the language of the page that shows it.

A sentence that the threads of the server store stands here as well, with the same words; see
`runtime.stored_texts`. What a service itself says stays in its own language.
"""

from django.utils.translation import gettext_noop as _

from runtime.stored_texts import StoredTexts

_TEXTS = StoredTexts(
    (
        _("It says: %(words)s"),
        _("It answers with status %(status)s."),
        _("It has too many requests at the moment."),
        _("It has too many plays of that time."),
        _("It does not say which plays it has."),
        _("It does not say which plays it has, since these are private."),
        _("It takes no favourites."),
        _("It takes no more plays today."),
        _("Connect the account again."),
        _("It ignores this play."),
        _("It sends on to another address, which mus does not follow."),
        _("It may not be called: %(why)s."),
        _("It cannot be reached: %(why)s."),
        _("It does not take the token any more."),
        _("Its answer did not arrive: %(why)s."),
        _("Its answer has no end."),
        _("Its answer is not understood."),
        _("The administrator has to see to its key. %(words)s"),
        _("The token is not valid."),
        _("The file has no title or no artist."),
        _("The file has no MusicBrainz recording id."),
        _("Tracks of less than 30 seconds are not taken."),
        _("It was played before October 2002."),
        _("It was played more than 14 days ago."),
        _("mus has failed; the log of its server says more."),
        _("It was sent, but no answer arrived, and the service does not say whether it has it."),
        _("It was played too long ago."),
        _("It ignores this artist."),
        _("It ignores this track."),
        _("Its time is in the future."),
        _("%(why)s Connect the account again."),
        _("The secret key of this server has changed."),
        _("This server does not allow this service any more."),
        _("[Errno %(number)s] %(why)s"),
        _("Connection refused"),
        _("timed out"),
        _("no connection"),
        _("%(host)s has no address"),
        _("%(host)s is %(address)s, which is not an address of the internet"),
    )
)


def in_words(stored: str) -> str:
    """The `problem` or `last_failure` of an account, or the `reason` of an item, in the active
    language."""
    return _TEXTS.in_words(stored)
