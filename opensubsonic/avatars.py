"""The avatars of users: mus has no pictures of them, so their initials are drawn."""

from hashlib import blake2b

from accounts.names import find_by_name
from asgi.files.conditions import Outcome, Validators, evaluate
from asgi.look_ups import LookUps
from asgi.responses import Receive, Scope, Send, send_response
from library.covers.drawn import avatar
from library.media.found_covers import send_picture
from opensubsonic.byte_answers import as_get
from opensubsonic.call import Call
from opensubsonic.errors import not_found

look_ups = LookUps("avatars", threads=1)
_HEADERS = ((b"cache-control", b"private, max-age=86400"),)


async def get_avatar(call: Call, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    """A PNG with the initial of a user, of the own if none is named."""
    name = call.parameters.text("username") or call.user.get_username()
    user = await look_ups.find(find_by_name, name)
    if user is None:
        raise not_found("user")
    content = avatar(user.get_username())
    etag = f'"{blake2b(content, digest_size=12).hexdigest()}"'
    headers = [(b"etag", etag.encode()), *_HEADERS]
    if evaluate(as_get(scope), Validators(etag, 2**63)) is Outcome.NOT_MODIFIED:
        await send_response(send, 304, headers)
    else:
        await send_picture(scope, send, content, headers)
