"""The graph of one plan's night, partitioned by plan as well."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence

import dagster as dg

from dagster_project.fleet.partitions import DATE, MONTH, PLAN, months_of, nights_of
from dagster_project.partitions import BUSINESS_DATES, MONTHS
from pipelines.fleet import Fleet

_Asset = dg.AssetsDefinition | dg.AssetSpec


def graph_of(fleet: Fleet, assets: Iterable[_Asset]) -> Sequence[_Asset]:
    """Return the assets with a partition for each plan and date, or month.

    None of them has a freshness policy any more: Dagster asks when a table was made last, whichever plan it was for.
    """
    nights, months = nights_of(fleet), months_of(fleet)

    def of_plans(spec: dg.AssetSpec) -> dg.AssetSpec:
        if spec.partitions_def == MONTHS:
            deps = [dg.AssetDep(dep.asset_key, partition_mapping=_nights_of_its_month()) for dep in spec.deps]
            return spec.replace_attributes(partitions_def=months, deps=deps)
        if spec.partitions_def == BUSINESS_DATES:
            return spec.replace_attributes(partitions_def=nights, freshness_policy=None)
        return spec

    return dg.map_asset_specs(of_plans, assets)


def _nights_of_its_month() -> dg.MultiPartitionMapping:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)
        return dg.MultiPartitionMapping(
            {
                DATE: dg.DimensionPartitionMapping(MONTH, dg.TimeWindowPartitionMapping()),
                PLAN: dg.DimensionPartitionMapping(PLAN, dg.IdentityPartitionMapping()),
            }
        )
