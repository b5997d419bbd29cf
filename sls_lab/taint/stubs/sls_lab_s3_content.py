"""What S3's calls do with the content of objects and files, in the words of the support module.

boto3's S3 classes inherit these methods here, so that Pysa sees that a download fills the local file with what was
stored under the key, however the call is written. Bodies are read by Pysa alone; nothing runs them.
"""

# ruff: noqa: D101, D102 - the classes and methods are boto3's, and each body says in one line what it does

from typing import Any, BinaryIO

from sls_lab_support import loaded, store


class ClientContent:
    def put_object(self, *, Bucket: Any, Key: Any, Body: Any = None, **kwargs: Any) -> Any:
        store(Key, Body)

    def get_object(self, *, Bucket: Any, Key: Any, **kwargs: Any) -> Any:
        return {"Body": loaded(Key)}

    def copy_object(self, *, Bucket: Any, CopySource: Any, Key: Any, **kwargs: Any) -> Any:
        store(Key, loaded(CopySource))

    def copy(
        self,
        CopySource: Any,
        Bucket: Any,
        Key: Any,
        ExtraArgs: Any = None,
        Callback: Any = None,
        SourceClient: Any = None,
        Config: Any = None,
    ) -> None:
        store(Key, loaded(CopySource))

    def upload_file(
        self, Filename: Any, Bucket: Any, Key: Any, ExtraArgs: Any = None, Callback: Any = None, Config: Any = None
    ) -> None:
        store(Key, loaded(Filename))

    def upload_fileobj(
        self, Fileobj: Any, Bucket: Any, Key: Any, ExtraArgs: Any = None, Callback: Any = None, Config: Any = None
    ) -> None:
        store(Key, Fileobj)

    def download_file(
        self, Bucket: Any, Key: Any, Filename: Any, ExtraArgs: Any = None, Callback: Any = None, Config: Any = None
    ) -> None:
        store(Filename, loaded(Key))

    def download_fileobj(
        self, Bucket: Any, Key: Any, Fileobj: BinaryIO, ExtraArgs: Any = None, Callback: Any = None, Config: Any = None
    ) -> None:
        Fileobj.write(loaded(Key))


class BucketContent:
    def copy(
        self,
        CopySource: Any,
        Key: Any,
        ExtraArgs: Any = None,
        Callback: Any = None,
        SourceClient: Any = None,
        Config: Any = None,
    ) -> None:
        store(Key, loaded(CopySource))

    def upload_file(
        self, Filename: Any, Key: Any, ExtraArgs: Any = None, Callback: Any = None, Config: Any = None
    ) -> None:
        store(Key, loaded(Filename))

    def upload_fileobj(
        self, Fileobj: Any, Key: Any, ExtraArgs: Any = None, Callback: Any = None, Config: Any = None
    ) -> None:
        store(Key, Fileobj)

    def download_file(
        self, Key: Any, Filename: Any, ExtraArgs: Any = None, Callback: Any = None, Config: Any = None
    ) -> None:
        store(Filename, loaded(Key))

    def download_fileobj(
        self, Key: Any, Fileobj: BinaryIO, ExtraArgs: Any = None, Callback: Any = None, Config: Any = None
    ) -> None:
        Fileobj.write(loaded(Key))


class ObjectContent:
    """An object's key is its attribute `key`, which `S3ServiceResource.Object` and `Bucket.Object` set."""

    key: Any

    def get(self, **kwargs: Any) -> Any:
        return {"Body": loaded(self.key)}

    def put(self, *, Body: Any = None, **kwargs: Any) -> Any:
        store(self.key, Body)

    def copy_from(self, *, CopySource: Any, **kwargs: Any) -> Any:
        store(self.key, loaded(CopySource))

    def copy(
        self,
        CopySource: Any,
        ExtraArgs: Any = None,
        Callback: Any = None,
        SourceClient: Any = None,
        Config: Any = None,
    ) -> None:
        store(self.key, loaded(CopySource))

    def upload_file(self, Filename: Any, ExtraArgs: Any = None, Callback: Any = None, Config: Any = None) -> None:
        store(self.key, loaded(Filename))

    def upload_fileobj(self, Fileobj: Any, ExtraArgs: Any = None, Callback: Any = None, Config: Any = None) -> None:
        store(self.key, Fileobj)

    def download_file(self, Filename: Any, ExtraArgs: Any = None, Callback: Any = None, Config: Any = None) -> None:
        store(Filename, loaded(self.key))

    def download_fileobj(
        self, Fileobj: BinaryIO, ExtraArgs: Any = None, Callback: Any = None, Config: Any = None
    ) -> None:
        Fileobj.write(loaded(self.key))
