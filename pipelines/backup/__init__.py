"""A verified copy of all that cannot be made anew, and the way back that forgets nothing that went out since."""

from pipelines.backup.put_back import Restored, restore
from pipelines.backup.take import back_up
from pipelines.backup.verify import verify_backup

__all__ = ["Restored", "back_up", "restore", "verify_backup"]
