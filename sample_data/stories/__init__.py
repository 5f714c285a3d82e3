"""The named people, one record each: who, what happens, what the files say day by day, what should follow.

Surnames are theirs alone. To add a person, append a record to the last list: its place among all makes the identifiers.
"""

from __future__ import annotations

from sample_data.stories.at_release import AT_RELEASE
from sample_data.stories.plain import PLAIN
from sample_data.stories.reconsidered import RECONSIDERED
from sample_data.stories.worked_on import WORKED_ON

STORIES = (*PLAIN, *RECONSIDERED, *WORKED_ON, *AT_RELEASE)
