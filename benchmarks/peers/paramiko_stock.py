"""Paramiko's own client as its documentation shows it: `paramiko_stock.py WHAT PORT USER KEY HOST_KEY FROM TO`."""

import base64
import json
import sys
import time
from pathlib import Path

import paramiko

what, port, user, key, host_key, *places = sys.argv[1:]
source, target = map(Path, places)
started = time.perf_counter()
client = paramiko.SSHClient()
kind, encoded = host_key.split()[:2]
client.get_host_keys().add(f"[127.0.0.1]:{port}", kind, paramiko.Ed25519Key(data=base64.b64decode(encoded)))
client.connect("127.0.0.1", int(port), user, key_filename=key, look_for_keys=False, allow_agent=False)
sftp = client.open_sftp()
moved = 1
if what == "receive":
    sftp.get(str(source), str(target / source.name))
elif what == "names":
    moved = len(sftp.listdir_attr(str(source)))
else:
    files = [source] if source.is_file() else sorted(path for path in source.rglob("*") if path.is_file())
    root = source.parent if source.is_file() else source
    for path in files:
        to = target / path.relative_to(root)
        sftp.put(str(path), f"{to}.part")
        sftp.rename(f"{to}.part", str(to))
    moved = len(files)
client.close()
print(json.dumps({"seconds": time.perf_counter() - started, "moved": moved}))
