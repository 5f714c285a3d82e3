"""Whole nights materialized for real: invented partners, real sFTP, real warehouse, Dagster around it."""

from __future__ import annotations

import time

def test_a_night(plan, run_job):
    for on in plan.dates[:3]:
        plan.partners_leave_files(on)
        t = time.time()
        r = run_job(plan.resource(), on)
        print(on, r.success, time.time() - t, len(plan.delivered()))
        for e in r.filter_events(lambda e: e.is_step_failure):
            print(e.event_specific_data.user_failure_data, e.event_specific_data.error)
    assert 0
