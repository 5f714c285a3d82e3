"""Who is measured: the stages of the engine, and others that read an 834 or do a part of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.environments import MODELS, PEERS, PROJECT, Environment

_SCRIPTS = Path(__file__).parent / "peers"


@dataclass(frozen=True)
class Contender:
    """A program that reads a file."""

    name: str
    makes: str
    """What it makes of the file"""
    arguments: tuple[str | Path, ...]
    """What stands between the interpreter and the file"""
    options: tuple[str, ...] = ()
    environment: Environment = PROJECT
    at_most: int | None = None
    """Members of the file it is given, where the whole one would take it minutes"""

    def command(self, file: Path) -> list[str | Path]:
        """Build the command that reads the file."""
        return [self.environment.python, *self.arguments, file, *self.options]


def _stage(stage: str, name: str, makes: str, *options: str) -> Contender:
    return Contender(name, makes, ("-m", "benchmarks.engine", stage), options)


def _peer(
    script: str, name: str, makes: str, environment: Environment = PROJECT, at_most: int | None = None
) -> Contender:
    return Contender(name, makes, (_SCRIPTS / f"{script}.py",), (), environment, at_most)


START_UP = _stage("start_up", "start-up", "nothing: the libraries are imported")
TOKENS = _stage("tokens", "tokens", "places of all segments and elements")
TABLES = _stage("tables", "tables", "members, coverage, reporting; structure and totals judged")
CONFORMANCE = _stage("conformance", "conformance", "a verdict by the guide, with every error's place")
BOTH = _stage("tables_and_conformance", "tables and conformance", "both")
CHECKED = _stage("checked", "tables, Pandera", "tables, every value checked")
LOAD = Contender("load", "tables checked and stored in a fresh warehouse", ("-m", "benchmarks.night"))
NIGHTS = Contender("two nights", "what follows from a full and a daily file", ("-m", "benchmarks.night"), ("--nights",))

_BY_TWO = ("--processes", "2")
OURS = (
    TABLES,
    _stage("tables", "tables, 2 processes", "the same", *_BY_TWO),
    CONFORMANCE,
    BOTH,
    _stage("tables_and_conformance", "tables and conformance, 2 processes", "both", *_BY_TWO),
    LOAD,
)
STAGES = (
    (START_UP, None),
    (TOKENS, START_UP),
    (TABLES, TOKENS),
    (CONFORMANCE, START_UP),
    (BOTH, TABLES),
    (CHECKED, TABLES),
    (LOAD, CHECKED),
)
"""Each stage and the one whose work it adds to."""
GROWING = (TABLES, CONFORMANCE, LOAD)

PYX12 = _peer("pyx12_validation", "pyx12, validation", "a verdict", PEERS, 2_000)
PLAIN = _peer("plain_split", "plain split", "the columns of our tables, as lists; no checks")
REFERENCES = (PYX12, PLAIN)
"""The two that everybody is compared with."""
OTHERS = (
    PYX12,
    _peer("pyx12_context", "pyx12, context reader", "a tree for each member", PEERS, 2_000),
    _peer("linuxforhealth_models", "linuxforhealth-x12", "models; of a file with codes it knows", MODELS, 2_000),
    _peer("hccinfhir_members", "hccinfhir", "an object for each member, some 40 fields", PEERS, 20_000),
    PLAIN,
    _peer("delimiter_scan", "bare delimiter scan", "places of delimiters, by numpy"),
    _peer("raw_read", "raw read", "nothing: bytes are read once"),
)
