"""The process that talks to mail servers and services on behalf of `pipelines.alerts.post`; it has the letters alone.

It runs as a script of its own, so that whatever a service or a library does can neither hold nor change the night. It
reads letters as JSON from standard input and answers with one line for each: `[number, outcome, status]`. What the
library logs goes nowhere, since addresses with their tokens stand in it; of it only the number of an HTTP status is
read.
"""

import json
import logging
import os
import re
import sys
import threading
from urllib.parse import urlencode, urlsplit

_STATUS = re.compile(r"\berror=(\d{3})\b")


def tell(letter: dict[str, str]) -> tuple[str, int]:
    """Send one letter; tell what became of it, and with which HTTP status a service refused it.

    One without a title is not sent: whether its address can be written to is all that is asked.
    """
    import apprise  # noqa: PLC0415  # whether it is there is part of the answer

    asset = apprise.AppriseAsset(
        app_id="ecm-exchange", app_desc="ECM exchange", app_url="", image_url_mask="", image_url_logo="",
        http_redirects=False, default_service_retry=1, default_service_wait=1.0, storage_mode="memory",
    )  # fmt: skip
    address, text = letter["address"], letter["text"]
    if urlsplit(address).scheme == "pagerduty":
        address, text = _incident(letter), letter["title"]
    service = apprise.Apprise(asset=asset)
    if not service.add(address):
        return "unwritable", 0
    if not letter["title"]:
        return "writable", 0
    title = "" if text == letter["title"] else letter["title"]
    result = service.notify(text, title, letter["severity"], body_format="text")
    if result:
        return "sent", 0
    told = [_STATUS.search(entry.message) for attempt in result for entry in attempt.logs()]
    status = next((int(found[1]) for found in reversed(told) if found), 0)
    return ("refused" if status else "silent"), status


def _incident(letter: dict[str, str]) -> str:
    """Give the address by which PagerDuty keeps one incident of a kind, and closes it at the all-clear.

    An incident has one line; the text goes along as its details.
    """
    more = {"action": "map", "dedup": letter["key"], "component": "nightly exchange", "+text": letter["text"]}
    return f"{letter['address']}{'&' if '?' in letter['address'] else '?'}{urlencode(more)}"


def _answer(number: int, letter: dict[str, str], lock: threading.Lock) -> None:
    try:
        outcome, status = tell(letter)
    except ImportError:
        outcome, status = "uninstalled", 0
    except Exception:  # noqa: BLE001 - its message may hold the address
        outcome, status = "silent", 0
    with lock:
        sys.stdout.write(json.dumps([number, outcome, status]) + "\n")
        sys.stdout.flush()


def main() -> None:
    """Send all letters at once; the caller waits as long as it may."""
    logging.lastResort = None
    lock = threading.Lock()
    threads = [
        threading.Thread(target=_answer, args=(number, letter, lock), daemon=True)
        for number, letter in enumerate(json.load(sys.stdin))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os._exit(0)  # what the library has left behind in threads of its own is not waited for


if __name__ == "__main__":
    main()
