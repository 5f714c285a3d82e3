"""What the process that runs a plan's night may open: what is the plan's, and of the machine what is nobody's."""

from __future__ import annotations

import mimetypes
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from pydantic import BaseModel

from pipelines.config import Addressees, ExchangeConfig, Roster
from pipelines.config.model import Paths
from pipelines.fleet.read import Fleet, FleetPlan
from pipelines.homes.landlock import Right
from pipelines.homes.variables import BROKER_VARIABLE, DATABASE_VARIABLE

_LOOK = Right.READ | Right.LIST
_RUN = _LOOK | Right.EXECUTE
_WORK = (
    _LOOK | Right.WRITE | Right.TRUNCATE | Right.MAKE_FILE | Right.MAKE_FOLDER | Right.REMOVE_FILE
    | Right.REMOVE_FOLDER | Right.MOVE
)  # fmt: skip
"""No links, pipes or sockets, and nothing to be executed: a night makes files and folders."""

_PROGRAMS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store")
_KERNEL = ("/proc", "/sys/devices/system", "/sys/fs/cgroup", "/sys/kernel/mm")
"""How much memory and how many processors there are. Below `/proc`, what other processes hold stays closed: the kernel
takes this one for a stranger to them.
"""

_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_SHARED_MEMORY = Right.READ | Right.WRITE | Right.TRUNCATE | Right.MAKE_FILE | Right.REMOVE_FILE
"""For the semaphores of the processes that read large files; what lies there beside them cannot be listed."""

_SETTINGS = (
    "/etc/ca-certificates", "/etc/crypto-policies", "/etc/gai.conf", "/etc/group", "/etc/host.conf", "/etc/hosts",
    "/etc/krb5.conf", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/ld.so.preload",
    "/etc/locale.alias", "/etc/localtime", "/etc/nsswitch.conf", "/etc/passwd", "/etc/pki/ca-trust",
    "/etc/pki/tls/cert.pem", "/etc/pki/tls/certs", "/etc/pki/tls/openssl.cnf", "/etc/protocols", "/etc/resolv.conf",
    "/etc/services", "/etc/ssl/cert.pem", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/timezone",
    *mimetypes.knownfiles,
)  # fmt: skip
"""Of `/etc` no more than what libraries look for: keys and secrets of services lie there, too."""

_NAMED = (
    "AWS_CA_BUNDLE", "PGPASSFILE", "PGSERVICEFILE", "PGSSLCERT", "PGSSLCRL", "PGSSLKEY", "PGSSLROOTCERT",
    "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE",
)  # fmt: skip
"""Variables of a process by which libraries are told of certificates, and of the way to the database."""

_OF_THE_ACCOUNT = (".pgpass", ".pg_service.conf", ".postgresql")
"""Where the library of PostgreSQL looks for the password, the service and the certificates of an account."""

_ADDRESSES = (DATABASE_VARIABLE, BROKER_VARIABLE)
"""Variables that hold an address, which may name files too: `?sslrootcert=/etc/ecm/database.pem`."""


@dataclass(frozen=True)
class Place:
    """Where a process works, beside its plan: what several plans have in common."""

    fleet: Path
    """The fleet file."""
    records: Path | None = None
    """Dagster's own folder. It holds counts and codes of all plans, and no member."""
    work: Path | None = None
    """A worker's folder, in which each home that moves has one of its own."""


@dataclass(frozen=True)
class Reach:
    """What may be opened, and how."""

    common: Mapping[Path, Right]
    """What every plan's process may open."""
    read: tuple[Path, ...]
    """Files and folders of the plan that its night reads."""
    written: tuple[Path, ...]
    """Folders of the plan that its night writes into."""
    made: tuple[Path, ...]
    """Those of them that it makes where they are missing. Of others that says that their volume is."""
    given: tuple[Path, ...] = ()
    """Files that its secrets name."""

    def rights(self) -> dict[Path, Right]:
        """Put all of it together: folders of the common part count with everything beneath."""
        own = [*((path, _LOOK) for path in (*self.read, *self.given)), *((path, _WORK) for path in self.written)]
        return _together(chain(self.common.items(), own))


def reach_of(
    plan: FleetPlan,
    config: ExchangeConfig | Addressees,
    roster: Roster | None,
    *,
    fleet: Fleet,
    place: Place,
    secrets: Mapping[str, str],
    environment: Mapping[str, str],
) -> Reach:
    """Gather what a night of a plan needs, or who only tells people of it and knows no more than `Addressees`.

    `secrets` are the plan's own variables, `environment` those of the process.
    """
    folder = territory(plan)
    named = [plan.config, plan.environment, *_paths_in(config), *_paths_in(roster.providers if roster else ())]
    paths = config.paths if isinstance(config, ExchangeConfig) else Paths(home=config.home)
    home = paths.home if paths.depot is None or place.work is None else place.work / plan.id
    is_made = roster is not None or paths.depot is not None
    return Reach(
        _common(place, environment),
        tuple(filter(None, (*named, None if shared(folder, plan, fleet) else folder))),
        (home, *(each for each in paths.folders if each != paths.home)),
        tuple(filter(None, (home, paths.pages))) if is_made else (),
        tuple(_among(secrets.values())),
    )


def territory(plan: FleetPlan) -> Path:
    """Return the folder of a plan's configuration."""
    return plan.config.parent.resolve()


def shared(folder: Path, plan: FleetPlan, fleet: Fleet) -> bool:
    """Tell whether configuration or secrets of another plan lie in a folder."""
    others = (path for other in fleet.plans if other.id != plan.id for path in (other.config, other.environment))
    return any(path is not None and path.resolve().is_relative_to(folder) for path in others)


def _common(place: Place, environment: Mapping[str, str]) -> dict[Path, Right]:
    code = Path(__file__).parents[2]
    libraries = [path for path in map(Path, sys.path) if path.name in {"site-packages", "dist-packages"}]
    packages = [found.parent for found in code.glob("*/__init__.py")]
    told = [environment.get(name, "") for name in _NAMED]
    told += [value for name in _ADDRESSES for _, value in parse_qsl(urlsplit(environment.get(name, "")).query)]
    gathered = (
        (_RUN, [*map(Path, _PROGRAMS), *map(Path, {sys.prefix, sys.base_prefix, sys.exec_prefix})]),
        (_LOOK, [*libraries, *packages, *map(Path, _KERNEL), *_among(told), place.fleet]),
        (_LOOK, [Path(environment["HOME"]) / name for name in _OF_THE_ACCOUNT] if "HOME" in environment else []),
        (_LOOK, chain.from_iterable(map(_and_where_it_leads, map(Path, _SETTINGS)))),
        (Right.LIST, [code]),
        (Right.READ | Right.WRITE, map(Path, _DEVICES)),
        (_SHARED_MEMORY, [Path("/dev/shm")]),  # noqa: S108 - not as a place for temporary files
        (_WORK, filter(None, (place.records,))),
    )
    return _together((path, right) for right, paths in gathered for path in paths)


def _together(each: Iterable[tuple[Path, Right]]) -> dict[Path, Right]:
    rights: dict[Path, Right] = {}
    for path, right in each:
        rights[path] = rights.get(path, Right(0)) | right
    return rights


def _and_where_it_leads(setting: Path) -> Iterator[Path]:
    """Yield a setting of the machine and, of a link, the folder it leads to: there its file may be replaced."""
    yield setting
    there = setting.resolve().parent
    if setting.is_symlink() and len(there.parts) > 2 and there.is_relative_to("/run"):
        yield there


def _paths_in(value: object) -> Iterator[Path]:
    """Yield every path that a model holds, layouts of the plan's own included, whatever the keys are called."""
    if isinstance(value, Path):
        yield value
    elif isinstance(value, str):
        if value.endswith(".toml") and (path := Path(value)).is_absolute():
            yield path
    elif isinstance(value, BaseModel):
        yield from _paths_in(dict(value).values())
    elif isinstance(value, Mapping):
        yield from _paths_in(value.values())
    elif isinstance(value, Iterable):
        yield from chain.from_iterable(map(_paths_in, value))


def _among(values: Iterable[str]) -> Iterator[Path]:
    """Yield the files that values of variables name, such as that of an identity for a bucket."""
    yield from (path for value in values if (path := Path(value)).is_absolute() and path.is_file())
