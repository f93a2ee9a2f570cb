"""Files of lyrics are decoded whatever their encoding, which they do not state."""

import pytest

from library.lyrics.decoding import decode

TEXTS = {
    "utf-8": "[00:01.00]Où déjà",
    "utf-8-sig": "[00:01.00]Où déjà",
    "utf-16": "[00:01.00]Où déjà",
    "utf-16-le": "[00:01.00]Où déjà",
    "utf-16-be": "[00:01.00]Où déjà",
    "utf-32": "[00:01.00]Où déjà",
    "cp1252": "L'été où déjà j'ai aimé, ça n'était pas l'hiver\nMüde bin ich, schön für dich\n",
    "cp1251": "[00:01.00]Прекрасное далёко, не будь ко мне жестоко\n",
    "shift_jis": (
        "[00:01.00]さくらさくら 野山も里も 見わたす限り\n[00:07.00]かすみか雲か 朝日ににおう\n"
    ),
    "gb18030": "[00:01.00]月亮代表我的心\n[00:04.10]你问我爱你有多深 我爱你有几分\n",
    "big5": "[00:01.00]月亮代表我的心\n[00:04.10]你問我愛你有多深 我愛你有幾分\n",
    "euc_kr": "[00:01.00]사랑해 당신을 정말로 사랑해\n[00:05.00]당신이 내 곁을 떠나간 뒤에\n",
    "cp1250": "Zażółć gęślą jaźń\nNie mogę żyć bez ciebie, moja miłość\n",
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_a_text_is_decoded(encoding: str) -> None:
    assert decode(TEXTS[encoding].encode(encoding)) == TEXTS[encoding]


@pytest.mark.parametrize("data", [b"", b"\xff", b"\xff\xfe\0", b"\0" * 9, bytes(range(256))])
def test_bytes_of_no_encoding_raise_nothing(data: bytes) -> None:
    assert isinstance(decode(data), str)
