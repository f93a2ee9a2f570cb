"""Why two albums are apart, and the tracks of one together, for people who ask."""

from library.albums.artist_names import artist_key
from library.albums.comparing import Side, apart
from library.albums.reasons import SENTENCES, Apart, Reading, Together
from library.albums.releases import Release
from library.models.folding import identity_key


def why_apart(one: Release, other: Release) -> Apart:
    """The rule by which two albums are not one."""
    if one.key == other.key or (one.release_id and one.release_id == other.release_id):
        return apart(Side(one.members), Side(other.members)) or one.apart_by or Apart.BY_HAND
    if _marks(one) and _marks(other):
        return Apart.BY_HAND
    if identity_key(one.title) != identity_key(other.title):
        return Apart.TITLE
    return Apart.ARTIST


def why_together(release: Release) -> str:
    """Says why the tracks of an album are one, in a sentence or more."""
    sentences = [SENTENCES[release.together_by]]
    names = {artist_key(each.album_artist) for each in release.members}
    if release.together_by == Together.ALBUM_ARTIST and "" in names:
        sentences.append(SENTENCES[Reading.ARTIST_ON_SOME])
    if release.together_by == Together.RELEASE_ID and any(
        not each.release_id for each in release.members
    ):
        sentences.append(SENTENCES[Reading.ID_ON_SOME])
    return " ".join(sentences)


def _marks(release: Release) -> set[str]:
    return {each.album_by_hand for each in release.members} - {""}
