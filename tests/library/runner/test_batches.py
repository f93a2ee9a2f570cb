"""How many tracks a scan that a server starts writes at once."""

import json
from pathlib import Path

import pytest

from tests.audio_files import make_noise
from tests.services import PostgresqlServer
from tests.web.served import environment, manage

pytestmark = pytest.mark.server

FILES = 150
BY_A_SERVER = """
import json, time
from library.models.revision import Revision
from library.models.scan import Scan, ScanTrigger
from library.runner.scan_process import start_scan
before = Revision.objects.get().number
scan = Scan.objects.get(pk=start_scan(ScanTrigger.API))
while scan.finished_at is None:
    time.sleep(0.05)
    scan.refresh_from_db()
print(json.dumps([scan.state, scan.added, Revision.objects.get().number - before]))
"""


def test_on_postgresql_it_is_many_since_nobody_waits_for_a_transaction(
    tmp_path: Path, postgresql_server: PostgresqlServer
) -> None:
    """Each transaction that changes what lists show raises the revision."""
    for number in range(FILES):
        make_noise(tmp_path / "music" / f"{number}.wav", number)
    variables = {**environment(tmp_path, 1), "DATABASE_URL": postgresql_server.create("batches")}
    manage(variables, "migrate", "--verbosity", "0").check_returncode()
    done = manage(variables, "shell", "--no-imports", "-c", BY_A_SERVER)
    assert done.returncode == 0, done.stderr
    state, added, transactions = json.loads(done.stdout)
    assert (state, added) == ("completed", FILES)
    assert transactions < FILES // 50
