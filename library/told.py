"""What scans store about files and folders, in the language of the page that shows it.

A sentence that scans write for people stands here as well, with the same words; see
`runtime.stored_texts`. The messages of completed and cancelled scans are left out: pages make
sentences of the counts.
"""

from django.utils.translation import gettext_noop as _

from runtime.stored_texts import StoredTexts

_OF_FILES = (
    _("The file is gone."),
    _("The file is empty."),
    _("The file cannot be opened: %(why)s."),
    _("The file cannot be looked at: %(why)s."),
    _("The folder cannot be listed: %(why)s."),
    _("The process that reads tags died or hung on this file."),
    _("The database refused it: %(why)s"),
    _("No audio found: this is no regular file."),
    _("No audio found: this is a film without a sound track."),
    _("This is a film: it holds moving pictures beside its sound."),
    _("This is %(kind)s, a format that mus does not play."),
    _("No audio found: this looks like %(kind)s."),
    _("No audio found: the file begins like no known format."),
    _("No audio found: the file begins like no known format (%(why)s)."),
    _("The file is damaged: reading it would take more memory than any track needs."),
    _("The file seems to be cut off or damaged."),
    _("The file seems to be cut off or damaged (%(why)s)."),
    _("No audio could be read: the file is damaged."),
    _("No audio could be read: the file is damaged (%(why)s)."),
)
_REASONS = (
    _("Permission denied"),
    _("No such file or directory"),
    _("Input/output error"),
    _("Is a directory"),
    _("Not a directory"),
    _("Too many levels of symbolic links"),
    _("File name too long"),
    _("its index, the moov atom, is missing"),
    _("no complete audio stream"),
    _("can't sync to MPEG frame"),
)
_KINDS = (
    _("a JPEG picture"),
    _("a PNG picture"),
    _("a GIF picture"),
    _("a PDF document"),
    _("a ZIP archive"),
    _("a RAR archive"),
    _("a 7z archive"),
    _("a gzip archive"),
    _("a program"),
    _("a web page"),
    _("text"),
    _("nothing but zeros"),
    _("an MPEG program stream"),
    _("an MPEG transport stream"),
    _("a Flash film"),
    _("an AVI film"),
    _("a MIDI file"),
    _("a Wave64 file"),
    _("a Core Audio file"),
    _("an AMR file"),
    _("a RealAudio file"),
    _("a Sun audio file"),
    _("an ATRAC file"),
    _("a tracker module"),
)
_OF_PLAYLIST_FILES = (
    _("The file is not a text."),
    _("The file is not a text: it contains control characters."),
    _("The file is not valid XML: %(why)s."),
    _("The file is not valid JSON: %(why)s."),
    _("The file is XML, but not a playlist (XSPF)."),
    _("The file is JSON, but not a playlist (JSPF)."),
    _("The file cannot be read: %(why)s."),
    _("The file is larger than %(most)s MiB."),
    _("The file lists the parts of a stream (HLS), not tracks."),
    _("A line of the playlist is longer than any path."),
    _("The playlist has more than %(most)s entries."),
)
_OF_SCANS = (
    _("Music library scan failed: %(why)s"),
    _("Music library scan failed. The scan's page in the admin says why."),
    _("Music library scan was interrupted. The next scan finishes the work."),
    _("Files are read again later: other work went first."),
    _("Reading files again failed."),
    _("Purged %(count)s missing tracks."),
    _("Purged 1 missing track."),
    _("The purge of missing tracks failed."),
    _("The purge of missing tracks was cancelled."),
    _("The purge of missing tracks was interrupted."),
    _("The restore of a backup failed."),
    _("The restore of a backup was interrupted."),
    _("Two joined tracks are being parted."),
    _(
        "The music folder %(folder)s cannot be read: %(why)s. Is its disk mounted? Its tracks were "
        "left as they are."
    ),
    _(
        "The music folder %(folder)s holds no music, but the library knows tracks in it. Is its "
        "disk mounted? Its tracks were left as they are; if the folder is meant to be empty, scan "
        "with --allow-empty."
    ),
    _(
        "The folder %(folder)s holds no music any more, but the library knows %(count)s tracks in "
        "it. Is its disk mounted? Its tracks were left as they are; if the folder is meant to be "
        "empty, scan with --allow-empty."
    ),
    _("The music folder %(folder)s was replaced during the scan."),
    _("The server stopped, and the scan with it."),
    _("The scan's process was killed by %(signal)s."),
    _("The scan's process ended with exit code %(code)s before the scan was over."),
    _("Its process could not be started: %(why)s."),
    _("It ran when the backup was made that was restored."),
)
_OF_MUSIC_FOLDERS = (
    _("is empty"),
    _("is not there"),
    _("is not a folder"),
    _("cannot be read (%(why)s)"),
)

_TEXTS = StoredTexts(
    (*_OF_FILES, *_REASONS, *_KINDS, *_OF_PLAYLIST_FILES, *_OF_SCANS, *_OF_MUSIC_FOLDERS)
)


def in_words(stored: str) -> str:
    """The text of a scan, of a failure or of a music folder, in the active language."""
    return _TEXTS.in_words(stored)
