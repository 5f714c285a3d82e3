"""All samples: those of every module `samples_*.py` in this folder."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from tests.codes.sample import Sample

_MODULES = sorted(path.stem for path in Path(__file__).parent.glob("samples_*.py"))

SAMPLES: tuple[Sample, ...] = tuple(
    sample for module in _MODULES for sample in import_module(f"tests.codes.{module}").SAMPLES
)
