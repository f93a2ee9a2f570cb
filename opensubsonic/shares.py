"""Shared links, which mus does not have yet: nobody has any, and nobody may make one."""

from opensubsonic.call import Body, Call
from opensubsonic.errors import not_allowed


def get_shares(call: Call) -> Body:  # noqa: ARG001
    return {"shares": {"share": []}}


def change(call: Call) -> Body:  # noqa: ARG001
    raise not_allowed("This server does not share links yet.")
