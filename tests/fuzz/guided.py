"""Fuzzing by what is reached: atheris keeps every input that takes a branch of ours that none before it took."""

from __future__ import annotations

from pathlib import Path
from random import Random


def fuzz(name: str, folder: Path, seconds: int, seed: int) -> None:
    """Fuzz a target; libFuzzer, which does it, ends the process: with another status than 0 when it found something."""
    import atheris  # noqa: PLC0415 - not there on every machine

    with atheris.instrument_imports(include=["parsers", "pipelines", "schemas"]):
        from tests.fuzz.targets import TARGETS  # noqa: PLC0415 - what it imports is to be instrumented
    target = TARGETS[name]

    def mutate(data: bytes, most: int, chance: int) -> bytes:
        random = Random(chance)
        return target.mutator(data, random)[:most] if random.random() < 0.8 else atheris.Mutate(data, most)

    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(target.mutator.seeds):
        (corpus / f"seed-{number}").write_bytes(data)
    options = {
        "max_total_time": seconds, "seed": seed, "artifact_prefix": f"{folder}/found-", "max_len": 1 << 16,
        "len_control": 0, "timeout": 120, "rss_limit_mb": 2_048, "detect_leaks": 0, "print_final_stats": 1,
    }  # fmt: skip
    arguments = [name, str(corpus), *(f"-{option}={value}" for option, value in options.items())]
    atheris.Setup(arguments, target.try_one, custom_mutator=mutate)
    atheris.Fuzz()
