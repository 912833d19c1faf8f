"""Static files under names that carry their content's hash, so that a browser may keep them for ever."""

from typing import Any

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage


class SiteStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise ships no types
    """Also hash the imports between our own ES modules, or a new page would run with old modules.

    Django can do this for all scripts, but in those of other packages it takes examples in comments for imports.
    """

    _every_script: Any = HashedFilesMixin._js_module_import_aggregation_patterns  # type: ignore[attr-defined]
    patterns = (*HashedFilesMixin.patterns, ("js/*.js", _every_script[1]))
