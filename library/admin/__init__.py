"""What administrators see of the collection. A scan owns its rows; here they are read.

Each module registers what it shows when it is imported.
"""

from library.admin import catalogue, scans, tracks

__all__ = ["catalogue", "scans", "tracks"]
