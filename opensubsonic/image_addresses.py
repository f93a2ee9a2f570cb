"""Addresses of covers, for the fields that clients load as they are, without adding a login."""

from urllib.parse import urlencode

from opensubsonic.call import Call

_LOGIN = ("u", "p", "t", "s", "apiKey", "v", "c")


def image_address(call: Call) -> str:
    """The beginning of the addresses of covers, to which the id of one is added; empty if the
    server's own address is not known. It has the login that the client sent with this call, so it
    says nothing that the client does not know."""
    if not call.base_address:
        return ""
    sent = [(name, call.parameters.text(name)) for name in _LOGIN]
    login = urlencode([(name, text) for name, text in sent if text])
    return f"{call.base_address}/rest/getCoverArt?{login}{'&' if login else ''}id="
