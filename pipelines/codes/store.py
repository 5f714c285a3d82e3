"""Codes of the store (D), backups (B), the run lock (L) and the machine (O)."""

from __future__ import annotations

from functools import partial

from pipelines.audit.fits import UNFIT
from pipelines.codes.effects import NIGHT_STOPPED, REFUSED, STORE_CLOSED
from pipelines.codes.explained import Effect, Explained
from schemas.problems import ExitCode

_disk = partial(Explained, exit_code=ExitCode.INPUT_OUTPUT)
_asked = partial(Explained, exit_code=ExitCode.PROBLEMS_FOUND)

_NOT_RESTORED = Effect("Nothing was put back, and what stands in the home was not touched.", REFUSED.told)

_UNFIT_WHYS = {
    "D11": ("The file of the store was deleted or did not come along in a move, while mark, audit log or backups lie there still; or the volume of the home is not mounted. An empty store would tell every provider everything anew, and choose providers anew. Who really begins anew, names another folder for `backups`.", "the machine came up without the home's volume, and the timer started the night"),
    "D12": ("The store is older than its mark: a copy was put in its place by hand, or a disk lost what it had confirmed.", "a snapshot of last week was copied over the file"),
    "D13": ("The small file beside the store was deleted, or did not come along in a move.", "only *.duckdb was copied to the new machine"),
    "D14": ("The small file beside the store is cut or was edited.", "a full disk left it empty"),
    "D15": ("Mark and store come from two homes.", "the store of the test plan was copied into the real home"),
    "D16": ("A file of `audit/` is missing, was cut or edited, or does not follow from the entries before it. `verify-audit` names the first entry that does not fit.", "a log rotation removed audit/LOG_202610.jsonl"),
    "D17": ("A restore had begun and was stopped before its end.", "the machine was restarted in the middle of it"),
}  # fmt: skip

MISFITS = tuple(
    _disk(code, what, _UNFIT_WHYS[code][0], (remedy, "`docs/recovery.md` goes through it step by step."), STORE_CLOSED, _UNFIT_WHYS[code][1])
    for code, (what, remedy) in UNFIT.items()
)  # fmt: skip

STORE = (
    _disk(
        "D01", "the store refused a statement",
        "The disk is full or failing where the kind of error is one of input and output; anything else is a defect of this software.",
        ("Look at the disk, then run again: `ecm-exchange run`.", "If it comes again: `ecm-exchange restore BACKUP`; report kind and place."),
        NIGHT_STOPPED, "an IOException on the morning the volume ran full",
    ),
    _asked(
        "D02", "no night has come to its end yet",
        "The command reads what a night left at its end, and this home has no such copy. It may be another home than you think.",
        ("Look at `[paths] home` of the configuration you use; then `ecm-exchange run`.",),
        REFUSED, "`ecm-exchange status` in a plan that was set up an hour ago",
    ),
    _disk(
        "D03", "the store was written by a later version of this software",
        "Somebody went back to an earlier version after a night of the later one.",
        ("Install the later version again, or restore a backup made before it: `ecm-exchange restore BACKUP`.",),
        STORE_CLOSED, "an upgrade was taken back after its first night",
    ),
    _disk(
        "D04", "a table of the store is not as this version can follow",
        "The store comes from a version from which there is no way to this one. Nothing in it was changed.",
        ("Open it with the version that wrote it, and report both versions and the table that is named.",),
        STORE_CLOSED, "a store that a version under development has written",
    ),
    _asked(
        "D05", "the readers' copy comes from an earlier version",
        "The software was upgraded, and no night has published a copy since.",
        ("`ecm-exchange run`, or `ecm-exchange rebuild --apply` where the night should wait: each publishes it anew.",),
        REFUSED, "`ecm-exchange status` between an upgrade and the next night",
    ),
    _asked(
        "D06", "derived tables were made anew and are still empty",
        "A new version has tables of another shape. They follow from the facts, and are filled by a whole night.",
        ("`ecm-exchange run`, or first `ecm-exchange rebuild --apply`.",),
        NIGHT_STOPPED, "only the delivery was started in Dagster after an upgrade",
    ),
    _disk(
        "D07", "the store's file cannot be opened",
        "It is damaged, is no DuckDB file, or its disk does not answer.",
        ("Look at the disk it lies on.", "Then `ecm-exchange restore BACKUP`; `docs/recovery.md` goes through it."),
        STORE_CLOSED, "the first bytes of warehouse.duckdb are zeros after a power cut",
    ),
    _disk(
        "D08", "a copy of the store cannot be opened",
        "A readers' copy or the copy within a backup is damaged.",
        ("For the readers' copy: `ecm-exchange run` publishes it anew.", "For a backup: use another one, and make a new one: `ecm-exchange backup`."),
        REFUSED, "published.duckdb was cut while it was copied to a share",
    ),
    _disk(
        "D18", "the audit log or the mark beside the store cannot be written",
        "The disk is full, or `audit/` belongs to another account. What is not recorded must not be acted on.",
        ("Make room or mend the rights, then `ecm-exchange run`: what was committed is kept and will be recorded.",),
        NIGHT_STOPPED, "the folder audit/ belongs to root after a restore by hand",
    ),
    *MISFITS,
)  # fmt: skip

BACKUPS = (
    _disk(
        "B01", "this is no backup, or its list of files was changed",
        "The folder has no manifest of a backup, or one that does not agree with its own hash.",
        ("Name the folder of a backup as `ecm-exchange backup` printed it, or take another one.",),
        _NOT_RESTORED, "the folder above the backups was named",
    ),
    _disk(
        "B02", "a file of the backup is missing or was changed",
        "Its bytes are not those that were written: a failing disk, or somebody at work in the folder.",
        ("Take another backup; make a new one soon: `ecm-exchange backup`.",),
        _NOT_RESTORED, "a landed file was removed from the backup to save room",
    ),
    _disk(
        "B03", "the store in the backup does not hold the rows it should",
        "It opens, and its tables have other numbers of rows than the manifest says.",
        ("Take another backup; make a new one soon: `ecm-exchange backup`.",),
        _NOT_RESTORED, "somebody opened the copy and deleted rows",
    ),
    _disk(
        "B04", "the audit log in the backup does not fit",
        "An entry does not follow from the one before: the log in the backup was cut or edited.",
        ("Take another backup, and find out who was at this one.",),
        _NOT_RESTORED, "a line of audit/LOG_202610.jsonl was changed",
    ),
    _disk(
        "B05", "the backup is of another store than the audit log here",
        "It is another plan's, or of the home before it was set up anew.",
        ("Name a backup of this home, or restore into an empty one.",),
        _NOT_RESTORED, "the test plan's backup, and the real plan's home",
    ),
    _disk(
        "B06", "the audit log here tells another history than the backup's",
        "Both began as one, and then each went its own way: the home was restored once and went on.",
        ("`ecm-exchange verify-audit` tells whether the log here is sound.", "To follow the backup's history, move the folder `audit` of the home away and restore again."),
        _NOT_RESTORED, "a backup of the machine that was given up, after the other one went on",
    ),
    _disk(
        "B07", "there is no store here, and no backup was named",
        "`restore` without a backup goes on with the store as it lies there, and there is none.",
        ("`ecm-exchange restore BACKUP`.",),
        _NOT_RESTORED, "the whole home was on the disk that failed",
    ),
)  # fmt: skip

MACHINE = (
    Explained(
        "L01", "another run is active",
        "A night, a command that writes, or Dagster holds the store: two at once would lose what one of them did.",
        ("Wait for it to end, then type it again. Reading goes on meanwhile: `ecm-exchange status`.", "If nothing should be running, look at the process that is named. A killed one holds no lock."),
        Effect("The command does nothing; the run that is active is not disturbed.", REFUSED.told),
        "the timer starts the night while somebody has started it by hand", exit_code=ExitCode.ANOTHER_RUN_ACTIVE,
    ),
    _disk(
        "O01", "the operating system refused to read or write",
        "The disk is full, a right is missing, or too many files are open; the message has the system's own words and the path.",
        ("Do what the line `do` says, then type the same command again: it goes on from what stands.",),
        NIGHT_STOPPED, "No space left on device",
    ),
    _disk(
        "O02", "there is no memory left",
        "This process, or what else runs on the machine, took all of it.",
        ("End what else runs there, then `ecm-exchange run`: it goes on from what stands.",),
        NIGHT_STOPPED, "a backup of the whole machine runs at the hour of the night",
    ),
    _asked(
        "O03", "a process that was reading an 834 ended before its time",
        "The operating system ended it, mostly for want of memory. The night reads the file again with one process alone; whoever reads it otherwise is told.",
        ("Type the command again; end what else runs on the machine if it comes again.",),
        NIGHT_STOPPED, "a machine of 2 GB, and a full 834 of a large plan",
    ),
)  # fmt: skip
