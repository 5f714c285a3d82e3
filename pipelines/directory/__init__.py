"""The directory of providers: its history and publication (R34), each county's coverage (R20), other networks (R19)."""

from pipelines.directory.publish import Publication, publish_directory, write_edition
from pipelines.directory.render import FORMS, Form, render
from pipelines.directory.sections import Section, read_sections
from pipelines.directory.update import derive_directory, update_directory

__all__ = [
    "FORMS", "Form", "Publication", "Section", "derive_directory", "publish_directory", "read_sections", "render",
    "update_directory", "write_edition",
]  # fmt: skip
