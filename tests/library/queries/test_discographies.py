"""The albums of artists that a process keeps are those of the library as it is now."""

import pytest

from library.models.catalogue import Artist, Track
from library.models.folders import Folder
from library.models.revision import Revision
from library.queries.discographies import discographies
from tests.api.library import credit, make_artist
from tests.opensubsonic.rows import make_folder, place
from tests.web.library_rows import make_track

pytestmark = pytest.mark.django_db


def loose_track(artist: Artist, folder: str) -> Track:
    """A track in this folder that is on no album."""
    made = make_track(artist=artist.name, revision=Revision.objects.raised())
    return credit(place(made, make_folder(folder)), artist)


def test_a_folder_that_was_deleted_is_nobodys_album_any_more() -> None:
    """Its row has no revision any more, nor have tracks that a purge deletes."""
    nina = make_artist("Nina")
    tracks = loose_track(nina, "Gone"), loose_track(nina, "Stays")
    gone, stays = (Folder.objects.get(tracks=each) for each in tracks)
    assert {*discographies().artists[nina.pk].own} == {-gone.pk, -stays.pk}
    tracks[0].delete()
    Folder.objects.filter(pk=gone.pk).delete()
    Revision.objects.raised()
    assert discographies().artists[nina.pk].own == (-stays.pk,)
