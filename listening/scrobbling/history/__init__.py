"""Brings in what users heard elsewhere, from files that ListenBrainz and Last.fm's exporters write.

- `json_objects`: the objects in a JSON file of any size. `files`: zip, JSON and CSV files, as rows.
- `heard`: what a row says. `importing`: stores the plays, and reports what became of them.
"""

from listening.scrobbling.history.files import ArchiveTooLarge, FileRefused
from listening.scrobbling.history.importing import HistoryReport, import_history

__all__ = ["ArchiveTooLarge", "FileRefused", "HistoryReport", "import_history"]
