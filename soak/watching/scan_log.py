"""Which scans ran during the test, why, and what they found."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

import httpx

from soak.visitors import Visitors

EVERY_S = 10.0
PATH = "/api/v1/scans?limit=200"
FOUND = ("added", "updated", "moved", "restored", "joined", "missing")


@dataclass
class ScanLog:
    """`rows` are collected while the test runs: rows of scans that found nothing are deleted
    after a while."""

    visitors: Visitors
    rows: dict[int, dict[str, Any]] = field(default_factory=dict)

    async def collect(self) -> None:
        async with self.visitors.client(self.visitors.house.servers[0]) as browser:
            while True:
                await self.take(browser)
                await asyncio.sleep(EVERY_S)

    async def take(self, browser: httpx.AsyncClient) -> None:
        try:
            answer = await browser.get(PATH)
            self.rows |= {row["id"]: row for row in answer.json()["results"]}
        except httpx.HTTPError:
            return

    def is_running(self) -> bool:
        return any(row["state"] == "running" for row in self.rows.values())

    def as_text(self) -> str:
        by_reason = defaultdict(list)
        for row in self.rows.values():
            by_reason[f"{row['kind']} by {row['trigger']}"].append(row)
        return "\n".join(_summary(reason, rows) for reason, rows in sorted(by_reason.items()))

    def problems(self) -> list[str]:
        failed = [row for row in self.rows.values() if row["state"] == "failed"]
        errors = {row["error"] for row in failed}
        return [f"{len(failed)} scans failed: {sorted(errors)[:3]}"] if failed else []


def _summary(reason: str, rows: list[dict[str, Any]]) -> str:
    found = sum(any(row[each] for each in FOUND) for row in rows)
    whole = sum(not row["folders"] for row in rows)
    took_s = [_seconds(row) for row in rows if row["finished_at"]] or [0.0]
    totals = ", ".join(f"{sum(row[each] for row in rows)} {each}" for each in FOUND)
    return (
        f"{reason}: {len(rows)}, of which {found} found something and {whole} were of everything; "
        f"{sum(took_s):.0f} s in all, median {median(took_s):.2f}, longest {max(took_s):.2f} s; "
        f"{totals}"
    )


def _seconds(row: dict[str, Any]) -> float:
    ended, began = (datetime.fromisoformat(row[each]) for each in ("finished_at", "started_at"))
    return (ended - began).total_seconds()
