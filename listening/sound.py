"""How music sounds for a user in the player: alike in loudness or as it is, and whether tracks fade
into each other. It goes with the account, in every browser."""

from typing import NamedTuple

from listening.models import Loudness, SoundChoice
from runtime.turns import write_in_turn

LOUDNESSES = (Loudness.OFF, Loudness.TRACK, Loudness.ALBUM)
CROSSFADES_S = (0, 2, 4, 6, 8, 10, 12)


class Sound(NamedTuple):
    """`loudness`: one of LOUDNESSES. `crossfade_s`: one of CROSSFADES_S; 0 for none."""

    loudness: str = Loudness.OFF
    crossfade_s: int = 0


AS_IT_IS = Sound()


def sound_of(user_id: int) -> Sound:
    found = SoundChoice.objects.filter(user=user_id).values_list("loudness", "crossfade_s").first()
    return Sound(*found) if found else AS_IT_IS


def keep_sound(user_id: int, sound: Sound) -> None:
    """From now on music sounds so for this user. Raises ValueError for what mus does not have."""
    if sound.loudness not in LOUDNESSES or sound.crossfade_s not in CROSSFADES_S:
        raise ValueError(f"There is no such sound: {sound}")
    rows = SoundChoice.objects.filter(user=user_id)
    if sound == AS_IT_IS:
        write_in_turn(rows.delete)
        return
    write_in_turn(
        lambda: SoundChoice.objects.update_or_create(user_id=user_id, defaults=sound._asdict())
    )
