"""EFS: whether a file system is backed up can be changed after it was made."""

from __future__ import annotations

import json
from typing import Any

from moto.efs.models import FileSystem
from moto.efs.responses import EFSResponse


def install() -> None:
    """Mend it."""
    response: Any = EFSResponse
    response.put_backup_policy = _put
    # A file system without backups has a policy that says so.
    system: Any = FileSystem
    system.backup_policy = property(lambda self: {"Status": "ENABLED" if self._backup else "DISABLED"})


def _put(response: Any) -> tuple[str, dict[str, Any]]:
    system = response.efs_backend.file_systems_by_id[response._get_param("FileSystemId")]
    status = response._get_param("BackupPolicy")["Status"]
    system._backup = status == "ENABLED"
    return json.dumps({"BackupPolicy": {"Status": status}}), {"Content-Type": "application/json"}
