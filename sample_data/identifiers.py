"""Identifiers that nobody in real life carries: what a search for a leak looks for, and what no real person answers to.

A CIN ends in `B` or `I`, letters the state does not issue; a phone number has the exchange 555; an NPI begins with 2, a
range not in use; a tax number begins with 00.
"""

from __future__ import annotations

from random import Random

from schemas.codes import npi_is_valid

_AREA_CODES = ("559", "661", "209")


def cin(number: int) -> str:
    """Give the person `number` a client index number; different for every number below ten million."""
    digits = (number * 7_654_321 + 3_141_593) % 10_000_000
    return f"9{digits:07d}{'BI'[number % 2]}"


def check_digit(number: int) -> str:
    """Give the digit that some senders append to the CIN."""
    return str(number * 7 % 10)


def npi(number: int) -> str:
    """Give the provider `number` an NPI with a valid check digit."""
    stem = f"29{number * 137_351 % 10_000_000:07d}"
    return next(stem + digit for digit in "0123456789" if npi_is_valid(stem + digit))


def tin(number: int) -> str:
    """Give the provider `number` a tax identification number."""
    return f"00{number * 53_777 % 10_000_000:07d}"


def phone(number: int) -> str:
    """Give the person `number` a phone number of ten digits."""
    return f"{_AREA_CODES[number % 3]}555{number // 3 * 7_919 % 10_000:04d}"


def dice(seed: int, *purpose: object) -> Random:
    """Open the stream of chance for one purpose, so that one part of the exchange does not disturb another."""
    return Random("/".join(str(part) for part in (seed, *purpose)))  # noqa: S311 - invented people, not secrets
