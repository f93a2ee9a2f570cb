"""The chat; see `listening.chat`."""

from listening.chat import add_message, messages_since
from opensubsonic.call import Body, Call


def get_messages(call: Call) -> Body:
    """`since` and `time` are in milliseconds since 1970."""
    since = next(iter(call.parameters.times("since")), None)
    found = [
        {
            "username": each.user.get_username(),
            "time": int(each.written_at.timestamp() * 1000),
            "message": each.text,
        }
        for each in messages_since(since)
    ]
    return {"chatMessages": {"chatMessage": found}}


def add(call: Call) -> Body:
    add_message(call.user_id, call.parameters.needed_text("message"))
    return {}
