"""The figures of a run as JSON, beside those of the others."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console


def keep(result: Any, commit: str, kind: str, bench_dir: Path, console: Console) -> None:
    """`result`, a dataclass, in a file named by the time, the commit and what was measured."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    kept = bench_dir / "results" / f"{stamp}-{commit}-{kind}.json"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps(asdict(result), indent=1) + "\n")
    console.print(f"kept in {kept}", soft_wrap=True)
