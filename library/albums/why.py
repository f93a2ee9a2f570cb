"""Why two albums are apart, and the tracks of one together, for people who ask.

The answers are rules; `reasons.sentence_of` has their words. `releases.release_of` makes a
`Release` of the tracks of a stored album.
"""

from library.albums.artist_names import artist_key
from library.albums.comparing import Side, apart
from library.albums.reasons import Apart, Reading, Rule, Together
from library.albums.releases import Release
from library.models.folding import identity_key


def why_apart(one: Release, other: Release) -> Apart | None:
    """The rule by which two albums are not one. None if the rules would make them one: then they
    have not been worked out since their files changed."""
    marks, other_marks = _marks(one), _marks(other)
    if marks and other_marks and not marks & other_marks:
        return Apart.BY_HAND
    if one.key == other.key or (one.release_id and one.release_id == other.release_id):
        found = apart(Side(one.members), Side(other.members))
        by_hand = Apart.BY_HAND if marks ^ other_marks else None
        return found or one.apart_by or other.apart_by or by_hand
    if identity_key(one.title) != identity_key(other.title):
        return Apart.TITLE
    return Apart.ARTIST


def why_together(release: Release) -> tuple[Rule, ...]:
    """The rule by which the tracks of an album are one, and which others were needed."""
    rules: list[Rule] = [release.together_by]
    names = {each.album_artist for each in release.members}
    if release.together_by == Together.RELEASE_ID and any(
        not each.release_id for each in release.members
    ):
        rules.append(Reading.ID_ON_SOME)
    if any(names) and "" in names:
        rules.append(Reading.ARTIST_ON_SOME)
    if len({artist_key(name) for name in filter(None, names)}) < len(names - {""}):
        rules.append(Reading.SPELLING)
    return tuple(rules)


def _marks(release: Release) -> set[str]:
    return {each.album_by_hand for each in release.members} - {""}
