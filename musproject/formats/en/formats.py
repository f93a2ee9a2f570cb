"""ISO dates: short, sortable, and read alike in all English-speaking countries."""

DATE_FORMAT = "Y-m-d"
DATETIME_FORMAT = "Y-m-d H:i"
