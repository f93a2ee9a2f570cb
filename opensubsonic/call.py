"""One call of an endpoint: who calls, with what, and the types of endpoints."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from asgi.responses import Receive, Scope, Send
from opensubsonic.errors import Code, Refusal
from opensubsonic.parameters import Parameters

Body = Mapping[str, Any]
"""What an answer says beside `status`, `version` and the like, in the form of JSON. A scalar
becomes an attribute of XML, a dict a child, a list repeated children, a list of strings repeated
elements with text, and the key `value` the text of its element."""


@dataclass(frozen=True)
class Call:
    """`user`: a User of Django; None for the endpoints that need no login. `base_address`: of this
    server as the client sees it, such as `https://music.example.org/mus`, without a last slash."""

    user: Any
    parameters: Parameters
    base_address: str = ""
    address: str = ""
    body: bytes = b""
    """Of the request, as it came. Forms are among the `parameters` already."""

    @property
    def user_id(self) -> int:
        return int(self.user.pk)

    @property
    def json(self) -> Any:
        """The body of the request as JSON. Raises Refusal if it is none."""
        try:
            return json.loads(self.body)
        except ValueError:  # also text that is no UTF-8
            raise Refusal(Code.GENERIC, "The body of the request is no JSON.") from None

    @property
    def client(self) -> str:
        """The name that the app gives itself."""
        return self.parameters.text("c", "unknown")[:100]


Endpoint = Callable[[Call], Body]
"""Called in a thread."""
ByteEndpoint = Callable[[Call, Scope, Receive, Send], Awaitable[None]]
"""Sends bytes; called on the event loop. It raises Refusal before it has sent anything."""
