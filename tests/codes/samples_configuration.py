"""Codes of the configuration: `exchange.toml`, the tables and files that it names, and what has to be installed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from unittest.mock import patch

from pipelines.intake.endpoints import endpoint_of
from pipelines.nightly import run_night
from tests.codes.after_a_night import SECOND, Plan
from tests.codes.sample import Meeting, Sample, Stage, raised
from tests.codes.typed import typed

MONTHLY = "ecm-exchange report dhcs-json --month 2026-10 --date 2026-11-02"


def written(code: str, says: str, text: str, told: str) -> Sample:
    """Make a sample of an `exchange.toml`."""

    def scene(stage: Stage) -> Meeting:
        (stage.folder / "exchange.toml").write_text(text, encoding="utf-8")
        return stage.command("status", "--config", stage.folder / "exchange.toml")

    return Sample(code, says, scene, told=told, shown=text, form="toml")


def tried(code: str, says: str, name: str, text: str, told: str) -> Sample:
    """Make a sample of a layout or profile of the plan's own, with which a file is tried."""

    def scene(stage: Stage) -> Meeting:
        (stage.folder / name).write_text(text, encoding="utf-8")
        file = stage.folder / "file"
        file.write_text("a,b\n1,2\n" if "layout" in name else "ISA*00*", encoding="utf-8")
        return stage.command("validate", file, "--layout", stage.folder / name)

    return Sample(code, says, scene, told=told, shown=text, form="toml")


def the_providers_are_gone(plan: Plan) -> None:
    (plan.folder / "providers.csv").unlink()


def a_digit_is_missing(plan: Plan) -> None:
    plan.write("providers.csv", "\n2905494045,", "\n290549404,")


def reports(**files: str) -> Callable[[Plan], None]:
    """Let the plan have files of its own for the report to the state."""

    def have(plan: Plan) -> None:
        for name, text in files.items():
            (plan.folder / f"{name}.json").write_text(text, encoding="utf-8")
        keys = "\n".join(f'dhcs_{name} = "{name}.json"' for name in files)
        plan.write("exchange.toml", "[delivery]", f"[reports]\n{keys}\n\n[delivery]")

    return have


def no_password_in_the_environment(stage: Stage) -> Meeting:
    plan = stage.make_plan()
    source = plan.config.sources[0].model_copy(update={"key_file": None, "password_env": "DHCS_PASSWORD"})
    return raised(lambda: endpoint_of(plan.config, source))


def splink_is_not_installed(stage: Stage) -> Meeting:
    plan = stage.make_plan()
    plan.write("exchange.toml", "proposals = false", "proposals = true")
    with patch.dict(sys.modules, {"splink": None}), plan.night(SECOND) as night:
        return raised(lambda: list(run_night(night)))


SAMPLES = (
    Sample(
        "C01", "a folder without exchange.toml",
        lambda stage: stage.command("status", "--config", stage.folder / "exchange.toml"),
        told="there is no configuration file", shown="ecm-exchange status", form="sh",
    ),
    written("C02", "a quote is missing", '[plan]\nname = "Sample Health Plan\nid = "SHP"\n', "not valid TOML"),
    written(
        "C03", "a key with a letter too few", '[plan]\nname = "Sample Health Plan"\ntimezon = "America/Los_Angeles"\n',
        "line 3, plan.timezon: unknown key",
    ),
    typed(
        "C04", "the providers table was moved away", "ecm-exchange plan", "there is no providers table",
        first=the_providers_are_gone,
    ),
    typed("C05", "a digit of an NPI is missing", "ecm-exchange plan", "line 2, npi", first=a_digit_is_missing),
    Sample(
        "C06", "a password that the night is not given", no_password_in_the_environment,
        told="DHCS_PASSWORD is not set",
    ),
    Sample("C07", "proposals without the extra `matching`", splink_is_not_installed, told="splink is not installed"),
    typed(
        "C08", "the template names a field that there is not", MONTHLY, "there is no field `monht`",
        first=reports(template='{"month": "$monht"}', schema="{}"),
    ),
    typed(
        "C09", "the schema says what no schema says", MONTHLY, "$.properties.month.type",
        first=reports(template="{}", schema='{"properties": {"month": {"type": "strng"}}}'),
    ),
    tried(
        "C10", "a layout with a type that is none", "my_layout.toml",
        'name = "my_layout"\nversion = "1"\nkind = "mini_mif"\n\n[columns.referral_date]\ntype = "dat"\n', "type",
    ),
    tried(
        "C11", "a profile with a place that the 834 does not have", "my_profile.toml",
        'name = "my_profile"\nversion = "1"\n\n[members]\nref_1l = { at = "2000/REF*1L/2" }\n', "ref_1l",
    ),
)  # fmt: skip
