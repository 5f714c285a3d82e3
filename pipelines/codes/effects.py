"""What codes do, in the words of their pages: the few ways in which something here can go otherwise."""

from __future__ import annotations

from pipelines.codes.explained import Effect

ANSWERED = (
    "Its sender, the same night: in the answer to a list, by a TA1 or 999 to an 834 where `acknowledge` asks for them."
)
ANSWERED_TO_A_LIST = "Its sender, the same night, in the answer in its responses folder."
ANSWERED_TO_AN_834 = "Its sender, the same night, by a TA1 or 999 where `acknowledge` asks for them."
_LOOKED_UP = "The plan: `ecm-exchange quarantine list`, and the page of the night."
_OF_THE_NIGHT = "The plan: what `run` says at its end, `ecm-exchange status`, and the page of the night."
_TYPED = "Whoever typed the command, and nobody else."

FILE_HELD = Effect(
    "The file is held: nothing of it is loaded. All other files go on; the night ends with 1. `validate` ends with 65.",
    f"{ANSWERED} {_LOOKED_UP}",
)
FILE_COUNTED_ONCE = Effect(
    "The file is not loaded again: its content counts once. The night goes on, and nothing waits for a person.",
    f"{ANSWERED} The plan: the page of the night counts it as a duplicate.",
)
ROW_REJECTED = Effect(
    "The row is not taken and waits in the quarantine; all other rows of the file are loaded. The night goes on.",
    f"{ANSWERED} {_LOOKED_UP}",
)
WARNED = Effect(
    "Nothing is held back: what it speaks of is taken, and the warning is kept with it. The night goes on.",
    f"{ANSWERED} {_LOOKED_UP}",
)
MEMBER_AWAITED = Effect(
    "The row is kept, and nothing is done on it until it means a member for sure. All other rows go on; so does the night.",
    f"{ANSWERED} The JI liaison, where a person has to say who it is: the work list of identity questions. The plan: the page of the night.",
)
PARTNER_LEFT = Effect(
    "This partner is left for tonight: nothing, or nothing more, is moved to or from it. All others go on; the night ends with 1. "
    "What is still owed goes out with the next run.",
    f"{_OF_THE_NIGHT} The partner is not told by this program.",
)
FILE_LEFT = Effect(
    "This one file is not moved and stays where it is; all other files go on. The night ends with 1.",
    f"{_OF_THE_NIGHT} The partner is not told by this program.",
)
FILE_WAITS = Effect(
    "This one file stays where it is and is looked at again by the next run; all other files go on.",
    f"{_OF_THE_NIGHT} The partner is not told by this program.",
)
ROWS_HELD = Effect(
    "The doubted rows wait, and with them the provider's full file; its other rows, and all other providers, are served tonight. "
    "The night ends with 1.",
    f"{_OF_THE_NIGHT} `ecm-exchange quarantine list` has the id. The provider is not told what is held.",
)
PROVIDER_HELD = Effect(
    "Everything for this provider waits; all other providers are served tonight. The night ends with 1.",
    f"{_OF_THE_NIGHT} The provider is told nothing by this program: call it if people are released soon.",
)
NIGHT_STOPPED = Effect(
    "The night stops before anything that rests on it: nothing is sent after this. What was done before stays, and the next run "
    "goes on from there. Providers wait.",
    f"{_OF_THE_NIGHT} In Dagster the run fails with this code.",
)
STORE_CLOSED = Effect(
    "The store is not opened: nothing is read from it, nothing is changed, and nothing is sent. Providers wait.",
    "Whoever ran the command; in Dagster the run fails with this code.",
)
NOT_READ = Effect(
    "Nothing is run: whatever needs the configuration stops before it begins. Nothing was received, changed or sent.",
    "Whoever ran the command, of every mistake at once; in Dagster the run fails with this code.",
)
REFUSED = Effect("The command does nothing: nothing is stored, changed or sent.", _TYPED)
NOT_WRITTEN = Effect("The file is not written, and what stood there before stays as it was.", _TYPED)
