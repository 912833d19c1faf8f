"""Static files under names that carry their content's hash, so that a browser may keep them for ever."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

from hwrsite import bundles


class SiteStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise ships no types
    """Also bundle our scripts and style sheets, and hash the imports between our own ES modules.

    Django can hash imports in all scripts, but in those of other packages it takes examples in comments for imports.
    """

    _every_script: Any = HashedFilesMixin._js_module_import_aggregation_patterns  # type: ignore[attr-defined]
    patterns = (*HashedFilesMixin.patterns, ("js/*.js", _every_script[1]))

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Put bundles in the place of what was collected before names get their hashes."""
        made = [] if dry_run else bundles.make(Path(settings.BASE_DIR, "static"), Path(self.location))
        bundled = {name: (self, name) for name in made}
        yield from super().post_process(paths | bundled, dry_run=dry_run, **options)
