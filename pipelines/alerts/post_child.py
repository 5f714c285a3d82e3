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
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

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
    service = apprise.Apprise(asset=asset)
    if not service.add(_incident(letter) if _scheme(letter) == "pagerduty" else letter["address"]):
        return "unwritable", 0
    if not letter["title"]:
        return "writable", 0
    title, text, form = _dressed(letter, getattr(service[0], "notify_format", None))
    result = service.notify(text, title, letter["severity"], body_format=form)
    if result:
        return "sent", 0
    told = [_STATUS.search(entry.message) for attempt in result for entry in attempt.logs()]
    status = next((int(found[1]) for found in reversed(told) if found), 0)
    return ("refused" if status else "silent"), status


def _dressed(letter: dict[str, str], wanted: object) -> tuple[str, str, str]:
    """Give title, text and the form it is in, as they look best where they go."""
    if _scheme(letter) == "pagerduty":
        return "", letter["title"], "text"
    if _scheme(letter).startswith("mailto"):
        return letter["title"], letter["mail"], "text"
    if wanted == "markdown":  # Teams shows a single line break as none
        lines = [line.strip() for line in letter["text"].splitlines()]
        return letter["title"], "\n\n".join(filter(None, lines)), "markdown"
    return letter["title"], letter["text"], "text"


def _incident(letter: dict[str, str]) -> str:
    """Give the address by which PagerDuty keeps one incident of a kind, and closes it at the all-clear.

    An incident has one line; the text goes along as its details.
    """
    given = urlsplit(letter["address"])
    path = given.path if given.path.strip("/") else "/ecm-exchange/night"
    more = {"action": "map", "dedup": letter["key"], "+text": letter["text"]}
    query = "&".join(filter(None, (given.query, urlencode(more, quote_via=quote))))
    return urlunsplit((given.scheme, given.netloc, path, query, ""))


def _scheme(letter: dict[str, str]) -> str:
    return urlsplit(letter["address"]).scheme


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
