"""Names of the fake product, and the lines that the command prints about a folder of it."""

import hashlib
import json
import re

from tests.fake_product import PARAMS

VERSION = PARAMS.version
PREFIX = f"nee_fluxprod-v{VERSION}_6deg"
MONTHLY = f"{PREFIX}_monthly_2001-2003.nc"
MEMBERS = f"{PREFIX}_monthly-members_2001-2003.nc"
DAILY = f"{PREFIX}_daily_2001.nc"
TABLE = f"{PREFIX}_regional-monthly_2001-2003.csv"
REGIONAL = f"{PREFIX}_regional-monthly_2001-2003.nc"
ANNUAL = f"{PREFIX}_regional-annual_2001-2003.nc"
STORE = f"{PREFIX}_2001-2003.zarr"


def lines(result):
    """Status and text of each file by its name."""
    found = {}
    for line in result.stdout.splitlines():
        if file := re.match(r"(ok|WRONG|absent|other) +(\S+) +[0-9.,]+ \w+ +(.*)", line):
            found[file[2]] = file[1], file[3]
    return found


def wrong(run, folder):
    """Run it on a part of the product; what is wrong, by file."""
    result = run("verify", "--partial", folder)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    found = {name: text for name, (status, text) in lines(result).items() if status == "WRONG"}
    assert result.exit_code == bool(found)
    return found


def sealed(folder, *names):
    """Put the sums of changed files into the manifest: now only contents tell."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for entry in manifest["files"]:
        if entry["name"] in names:
            content = (folder / entry["name"]).read_bytes()
            entry |= {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    (folder / "manifest.json").write_text(json.dumps(manifest))
