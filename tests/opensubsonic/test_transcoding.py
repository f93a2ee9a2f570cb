"""`getTranscodeDecision`, `getTranscodeStream` and `hls.m3u8` while nothing is converted."""

import json
from typing import Any

from library.models.catalogue import Track
from tests.opensubsonic.in_process import Answer, Rest
from tests.web.library_rows import unsaved_track


def decide(rest: Rest, body: bytes, **parameters: Any) -> Answer:
    said = {"mediaId": track(), "mediaType": "song", **parameters}
    return rest.ask("getTranscodeDecision", method="POST", body=body, **said)


def track() -> str:
    row = Track.objects.first()
    if row is None:
        row = unsaved_track(path="song.m4a", codec="alac", channels=2, bitrate_kbps=900)
        row.save()
    return f"tr-{row.pk}"


def test_a_file_that_the_client_plays_as_it_is(rest: Rest) -> None:
    profile = {"containers": ["mp4"], "audioCodecs": ["alac"], "protocols": ["http"]}
    answer = decide(rest, json.dumps({"directPlayProfiles": [profile]}).encode())
    decision = answer.body["transcodeDecision"]
    assert (decision["canDirectPlay"], decision["canTranscode"]) == (True, False)
    assert decision["transcodeReason"] == []
    source = decision["sourceStream"]
    assert (source["container"], source["codec"]) == ("mp4", "alac")
    assert source["audioBitrate"] == 900_000


def test_a_file_that_it_cannot_play(rest: Rest) -> None:
    decision = decide(rest, b'{"directPlayProfiles": [{"containers": ["mp3"]}]}').body[
        "transcodeDecision"
    ]
    assert (decision["canDirectPlay"], decision["canTranscode"]) == (False, False)
    assert decision["transcodeReason"] == ["ContainerNotSupported"]
    assert "does not convert" in decision["errorReason"]


def test_it_takes_post_alone(rest: Rest) -> None:
    answer = rest.ask("getTranscodeDecision", mediaId="tr-1", mediaType="song")
    assert (answer.status, answer.headers["allow"]) == (405, "POST, OPTIONS")


def test_requests_that_make_no_sense(rest: Rest) -> None:
    wrong = (b"[]", b"{", b'{"directPlayProfiles": 1}', b'{"codecProfiles": [{}]}', b"\xff")
    for body in wrong:
        assert decide(rest, body).body["error"]["code"] == 0
    assert "too long" in decide(rest, b" " * 100_000 + b"{}").body["error"]["message"]
    assert decide(rest, b"{}", mediaId="tr-999999").body["error"]["code"] == 70
    assert decide(rest, b"{}", mediaId="al-1").body["error"]["code"] == 70
    assert decide(rest, b"{}", mediaType="podcast").body["error"]["code"] == 70
    assert decide(rest, b"{}", mediaType="").body["error"]["code"] == 10


def test_no_parameters_of_a_stream_are_valid(rest: Rest) -> None:
    said: Any = {"mediaId": "tr-1", "mediaType": "song"}
    assert rest.ask("getTranscodeStream", **said, transcodeParams="x").status == 410
    assert rest.ask("getTranscodeStream", **said).status == 400


def test_there_is_no_hls_and_nothing_is_announced(rest: Rest) -> None:
    assert rest.error("hls.m3u8", id="tr-1")["code"] == 70
    found = rest("getOpenSubsonicExtensions")["openSubsonicExtensions"]
    assert not {"transcoding", "transcodeOffset"} & {each["name"] for each in found}
