"""Members whom a row without a match may mean, for the liaison to judge. A proposal is never acted on by itself."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.config.policy import Identity
from pipelines.identity.model import MODEL, PRIOR, agreements
from pipelines.warehouse import Warehouse
from pipelines.warehouse.door import scratch
from pipelines.warehouse.store import WarehouseFault
from schemas.problems import ConfigurationError

_HERE = Path(__file__).parent

MOST_PROPOSED = 3
"""Members proposed for one row: who must choose among more looks the person up."""

TOO_COMMON = 500
"""Members that share a birth date, phone or the like, beyond which it is no reason to compare them."""


_SCORED = {"statement": "int64", "cin": "str", "probability": "float64", "agreement": "str"}
"""What the model finds: a statement, a member, how probably they are one person, and what agrees."""


def require_splink() -> None:
    """Refuse to go on without what the proposals are computed with.

    Raises
    ------
    ConfigurationError
        When proposals are asked for and the extra `matching` is not installed.
    """
    if find_spec("splink") is None:
        raise ConfigurationError(
            "C07",
            "members are to be proposed, and splink is not installed",
            where="[identity] proposals",
            remedy="Run `pip install 'ecm-exchange[matching]'`, or set proposals = false; then run the night again.",
        )


def propose(warehouse: Warehouse, policy: Identity) -> None:
    """Fill `exchange.identity_proposals`: whom the rules have in mind and, where asked for, whom the model finds.

    Reads the temporary tables of the matching (`statements`, `in_mind`) and `exchange.members`.
    """
    scored = pd.DataFrame(columns=list(_SCORED)).astype(_SCORED)
    if policy.proposals:
        warehouse.run_file(_HERE / "candidates.sql", too_common=TOO_COMMON)
        if warehouse.value("SELECT count(*) FROM candidates"):
            scored = _score(warehouse, policy.min_probability)
    warehouse.lend("scored", scored)
    warehouse.run_file(_HERE / "proposed.sql", most_proposed=MOST_PROPOSED)


def _score(warehouse: Warehouse, at_least: float) -> pd.DataFrame:
    """Score the candidates for the statements they share a key with."""
    sides = {
        # Splink puts the sides of a pair in the order of these names: the member to the left.
        name: warehouse.connection.sql(f"FROM {table} ORDER BY id").to_arrow_table()
        for name, table in (("members", "candidates"), ("statements", "asked"))
    }
    with scratch() as connection, _hushed():
        from splink import DuckDBAPI, Linker  # noqa: PLC0415 - an extra: a plan that wants no proposals does without

        database = DuckDBAPI(connection)
        tables = [database.register(side, dataset_display_name=name) for name, side in sides.items()]
        linker = Linker(tables, settings(), log_level=None)
        pairs = linker.inference.predict(threshold_match_probability=at_least, warning_mode="never")
        found = connection.sql(
            f"SELECT id_r, id_l, match_probability, COLUMNS('gamma_.*') FROM {pairs.physical_name} ORDER BY id_r, id_l"  # noqa: S608
        ).df()
        called = [found[f"gamma_{name}"].map(names).fillna("") for name, names in agreements().items()]
    return pd.DataFrame(
        {
            "statement": found["id_r"],
            "cin": sides["members"].column("cin").to_pandas().iloc[found["id_l"] - 1].to_numpy(),
            # Cut off, not rounded: nothing here is certain.
            "probability": (found["match_probability"] * 1e6).floordiv(1) / 1e6,
            "agreement": [";".join(filter(None, words)) for words in zip(*called, strict=True)],
        }
    ).astype(_SCORED)


def settings() -> dict[str, Any]:
    """Give the model in splink's terms."""
    return {
        "link_type": "link_only",
        "unique_id_column_name": "id",
        "linker_uid": "identity",
        "probability_two_random_records_match": PRIOR,
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": False,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": "l.keys = r.keys", "arrays_to_explode": ["keys"]},
        ],
        "comparisons": [
            {
                "output_column_name": comparison.name,
                "comparison_levels": [
                    {"sql_condition": comparison.unknown, "label_for_charts": "unknown", "is_null_level": True},
                    *(
                        {
                            "sql_condition": level.condition,
                            "label_for_charts": level.why,
                            "m_probability": level.m,
                            "u_probability": level.u,
                        }
                        for level in comparison.levels
                    ),
                ],
            }
            for comparison in MODEL
        ],
    }


@contextmanager
def _hushed() -> Iterator[None]:
    """Let splink say nothing, and its errors no value: they quote the statement and the store's own message."""
    log = logging.getLogger("splink")
    before = log.disabled, log.propagate, list(log.handlers)
    log.propagate, log.handlers = False, [logging.NullHandler()]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Exception as failure:  # noqa: BLE001 - whatever it is, only its kind may be told
        kind = type(failure).__name__
    else:
        return
    finally:
        log.disabled, log.propagate, log.handlers = before
    raise WarehouseFault(
        "I09",
        f"proposals could not be computed ({kind})",
        where="[identity] proposals",
        remedy="Set proposals = false, run the night again, and report this.",
    ) from None
