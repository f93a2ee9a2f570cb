"""Where things lie: the project, the folder that benchmarks may write to, the samples."""

import os
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parent.parent
SAMPLES_DIR = PROJECT_DIR / "tests" / "audio"


def default_bench_dir() -> Path:
    """BENCH_DIR, else `.bench` in the checkout, which git ignores."""
    return Path(os.environ.get("BENCH_DIR") or PROJECT_DIR / ".bench").expanduser().absolute()
