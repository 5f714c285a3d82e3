"""What kind of file it is by its first bytes: names and extensions are only what somebody wrote."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from schemas.findings import file_fault

_REFUSED = (
    (b"%PDF", "it is a PDF"),
    (b"{\\rtf", "it is a word processor's document"),
    (b"\x1f\x8b", "it is packed by gzip; unpack it"),
    (b"-----BEGIN PGP", "it is encrypted; the transport encrypts already"),
)
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_SEARCHED = 64 << 20


class FileKind(Enum):
    """The kinds that can be read."""

    EMPTY = "empty"
    TEXT = "text"
    WORKBOOK = "workbook"


def kind_of(path: Path) -> FileKind:
    """Tell by its first bytes how the file at `path` is to be read.

    Raises
    ------
    FileFault
        F01 for what is recognised and not read, saying what it is; F02 for an X12 file.
    """
    with path.open("rb") as file:
        beginning = file.read(512)
        if beginning.startswith(_OLE2):
            # Both Excel's old format and its encryption come in this container; the latter has a part of that name.
            encrypted = _ENCRYPTED_PACKAGE in beginning + file.read(_SEARCHED)
            raise file_fault("F01", "it has a password" if encrypted else "it is in Excel's old format, .xls")
    if beginning.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return FileKind.WORKBOOK
    text = beginning.removeprefix(b"\xef\xbb\xbf").lstrip()
    for mark, what in _REFUSED:
        if text.startswith(mark):
            raise file_fault("F01", what)
    if text[:1] == b"<" and any(mark in text.lower() for mark in (b"<html", b"<?xml", b"<!doctype", b"<table")):
        raise file_fault("F01", "it is a web page or XML, not a workbook; save it as .xlsx or .csv")
    if text.startswith(b"ISA") and len(text) > 105 and text[3:4] == text[103:104]:
        raise file_fault("F02", "it is an X12 file")
    return FileKind.TEXT if text or not _is_blank(path) else FileKind.EMPTY


def _is_blank(path: Path) -> bool:
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            if chunk.removeprefix(b"\xef\xbb\xbf").strip():
                return False
    return True
