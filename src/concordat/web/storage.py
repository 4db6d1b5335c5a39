"""How the assets are served: under names that change with their content, compressed beforehand."""

from whitenoise.storage import (  # type: ignore[import-untyped]
    CompressedManifestStaticFilesStorage,
)


class Assets(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Static files with the imports of our JavaScript modules rewritten to the hashed names too."""

    support_js_module_import_aggregation = True
