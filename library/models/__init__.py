"""What is stored, and the querysets it is read through.

Django finds the models here; code takes them from the module that owns them.
"""

from library.models import catalogue, scan

__all__ = ["catalogue", "scan"]
