"""An S3-compatible store by `django-storages`, each object with the SHA-256 of its bytes.

Only a store that the settings choose imports this: it needs the extra `s3`. Key, secret and address of the store come
from where every program that speaks S3 takes them (`AWS_SHARED_CREDENTIALS_FILE`, `AWS_ENDPOINT_URL_S3` and so on).
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError
from storages.backends.s3 import S3Storage

HASH = "sha256"


class HashedStorage(S3Storage):  # type: ignore[misc]  # it has no types
    """Objects below a prefix of a bucket."""

    def sha256(self, key: str) -> str:
        """The hash of an object. Raises FileNotFoundError, and what botocore raises."""
        found = self.bucket.Object(self._place(key))
        try:
            return self.hash_of(found.metadata)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                raise FileNotFoundError(key) from error
            raise

    def below(self, start: str) -> Iterator[tuple[str, int, datetime]]:
        """Key, size and time of change of each object whose key begins so."""
        cut = len(self._place(""))
        for each in self.bucket.objects.filter(Prefix=self._place(start)):
            yield each.key[cut:], each.size, each.last_modified

    @staticmethod
    def hash_of(metadata: Mapping[str, str]) -> str:
        """The hash that an object's metadata have; empty for one that others have put there."""
        return metadata.get(HASH, "")

    def _place(self, key: str) -> str:
        """The key in the bucket."""
        return f"{self.location}/{key}".lstrip("/")

    def _get_write_parameters(self, name: str, content: Any = None) -> dict[str, Any]:
        return {**super()._get_write_parameters(name, content), "Metadata": {HASH: _sha256(content)}}


def _sha256(content: Any) -> str:
    content.seek(0)
    sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    content.seek(0)
    return sha256
