"""Static files under names that change with their content, compressed once, kept for ever."""

from servestatic.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """ES modules import each other by these names too."""

    support_js_module_import_aggregation = True
