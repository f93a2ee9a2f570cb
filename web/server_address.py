"""The address of this server as the user sees it, and QR codes, from which a phone reads it."""

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe


def server_address(request: HttpRequest) -> str:
    """What is typed into apps, which add `/rest/` themselves, some without looking for a slash at
    the end."""
    return request.build_absolute_uri(reverse("player")).rstrip("/")


def qr_code(text: str) -> SafeString:
    """A picture for the camera of a phone: black on white in any colour scheme, with the margin
    that the standard asks for."""
    code = segno.make(text, micro=False, error="m")
    return mark_safe(code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True))  # noqa: S308
