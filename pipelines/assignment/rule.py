"""The rule's choice for everyone of a night at once: from tables to a table, nothing read or written.

Members who are alike (same county, age group, language, need and earlier providers) form a *profile*. A network leads
from each profile to the providers that fit it and from each provider, place by place, to the end; and past all
providers, one way for each member, for those who cannot be placed. Of all ways to fill the places the one is taken that

1. leaves out as few members as possible, and where places are short the least urgent ones,
2. then has the least mismatch in sum,
3. then sends the fewest members to a provider that is a stranger to them,
4. then fills providers most evenly,
5. then is the least by a hash of profile and provider, so that neither order nor chance decides.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.assignment.flow import Integers, Network, best_flow


def choose(waiting: pd.DataFrame, fits: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Return who goes to whom, columns `cin` and `npi`, ordered by `cin`; who is not in it cannot be placed.

    Parameters
    ----------
    waiting
        `cin`, `profile`, `priority`: whole numbers, the most urgent member first, no two alike.
    fits
        A row a profile and provider that may serve it: `profile`, `npi`, `mismatch`, `stranger` (0 or 1), `tie`.
    places
        A row a free place: `npi`, `unevenness` (what filling it adds; it never falls from a provider's place to its
        next one).
    """
    profiles, providers = _distinct(waiting["profile"]), _distinct(places["npi"])
    may_serve = fits["profile"].isin(profiles) & fits["npi"].isin(providers)
    fits = fits[may_serve].sort_values(["profile", "npi"], ignore_index=True)
    waiting = waiting.sort_values("priority", ignore_index=True)
    places = places.sort_values(["npi", "unevenness"], ignore_index=True)
    flow = _flow(waiting, fits, places, profiles, providers)
    through, past = flow[: len(fits)], flow[len(fits) : len(fits) + len(waiting)]
    return _dealt(waiting[past == 0], fits.assign(members=through))


def _flow(
    waiting: pd.DataFrame, fits: pd.DataFrame, places: pd.DataFrame, profiles: pd.Index, providers: pd.Index
) -> Integers:
    """Solve the network; its arcs are the rows of `fits`, then of `waiting`, then of `places`."""
    first_provider, end = len(profiles), len(profiles) + len(providers)
    from_profile, to_provider = _found(fits["profile"], profiles), first_provider + _found(fits["npi"], providers)
    from_own_profile = _found(waiting["profile"], profiles)
    from_provider = first_provider + _found(places["npi"], providers)
    alike = np.bincount(from_own_profile, minlength=len(profiles))
    one_each = np.ones(len(waiting) + len(places), dtype=np.int64)
    network = Network(
        supplies=np.concatenate([alike, np.zeros(len(providers), dtype=np.int64), [-len(waiting)]]),
        tails=np.concatenate([from_profile, from_own_profile, from_provider]),
        heads=np.concatenate([to_provider, np.full_like(one_each, end)]),
        capacities=np.concatenate([alike[from_profile], one_each]),
    )
    # Who can be placed together forms a matroid: there the greatest sum of any weights that fall with the rank is
    # reached by taking everyone in the order of rank who still finds a place, and that also places the most.
    left_out = np.arange(len(waiting), 0, -1)
    no_fit, nobody, no_place = (np.zeros(len(table), dtype=np.int64) for table in (fits, waiting, places))
    return best_flow(
        network,
        np.concatenate([no_fit, left_out, no_place]),
        np.concatenate([fits["mismatch"], nobody, no_place]),
        np.concatenate([fits["stranger"], nobody, no_place]),
        np.concatenate([no_fit, nobody, places["unevenness"]]),
        np.concatenate([fits["tie"], nobody, no_place]),
    )


def _dealt(placed: pd.DataFrame, fits: pd.DataFrame) -> pd.DataFrame:
    """Deal each profile's members to its providers as cards are dealt: each gets its share of the urgent ones."""
    slots = fits.loc[fits.index.repeat(fits["members"])]
    turn = slots.groupby(["profile", "npi"]).cumcount()
    slots = slots.assign(turn=(turn + 0.5) / slots["members"]).sort_values(["profile", "turn", "npi"])
    people = placed.sort_values(["profile", "priority"])
    dealt = pd.DataFrame({"cin": people["cin"].to_numpy(), "npi": slots["npi"].to_numpy()})
    return dealt.sort_values("cin", ignore_index=True)


def _distinct(values: pd.Series) -> pd.Index:
    distinct: pd.Index = pd.Index(sorted(values.unique()))
    return distinct


def _found(values: pd.Series, among: pd.Index) -> Integers:
    """Return the place of each value among all there are."""
    return among.get_indexer(pd.Index(values)).astype(np.int64)
