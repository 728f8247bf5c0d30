# SPDX-License-Identifier: Apache-2.0
"""A server that is asked for everything again and again keeps its size. PIXITY_SOAK=3600 asks for an hour; without it
the rounds are counted, and there are fewer under a sanitizer, which looks for leaks and races and not at the size."""
import os
import threading
import time

from api_lab import SYMBOL, seed
from harness import main, reduced, test
from http_kit import Server

CLIENTS = 4
ROUNDS = 5 if reduced("5 of 30 rounds of each client") else 30
SECONDS = float(os.environ.get("PIXITY_SOAK", 0))
# A sanitizer keeps what was freed for a while: there the search for leaks at the end is the test.
SANITIZED = any(name in os.environ for name in ("ASAN_OPTIONS", "TSAN_OPTIONS"))
# Caches, arenas of the allocator and DuckDB's own memory fill up first.
SETTLED, ROOM_KB = 0.4, 24 * 1024
LISTS = ("/runs", "/runs/r1/trades", "/runs/meta/events", "/runs/meta/signals", "/runs/r1/orders", "/runs/r1/fills", "/models",
         "/accounts", "/accounts/acc/trades", "/accounts/acc/signals", "/accounts/acc/orders", "/accounts/acc/fills",
         "/accounts/acc/equity", "/data")
OTHERS = ("/openapi.json", "/strategies", "/learners", "/config/keys", "/config/schema", "/metrics", "/session", "/symbols?q=re", "/runs/r1",
          f"/data/coverage?symbol={SYMBOL}", f"/candles?symbol={SYMBOL}&timeframe=15m&points=300&indicators=ema20,vwap",
          "/runs/compare?ids=r1,r2,meta", "/runs/r1/equity?points=200", "/runs/r1/candles?points=200", "/runs/r1/months",
          "/runs/r1/distributions", "/runs/r1/export", "/runs/r1/export?format=csv&part=trades",
          "/runs/r1/export?format=parquet&part=equity", "/runs/r1/report", "/runs/r1/report?format=png", "/models/S_15m",
          "/accounts/acc", "/jobs", "/jobs/1", "/jobs/1/result")
WRONG = (("/runs/none", 404), ("/runs/r1/trades?sort=none", 400), ("/runs/broken/equity", 409), ("/none", 404))
VARIANTS = ("", "?limit=5&offset={n}", "?format=csv", "?q={n}")


def ask_round(server, n):
    for path in LISTS:
        server.get("/api/v1" + path + VARIANTS[n % len(VARIANTS)].format(n=n), headers={"Accept-Encoding": "gzip"})
    for number, path in enumerate(OTHERS):
        headers = {"Accept": "application/vnd.pixity.columns"} if (n + number) % 2 else {"Accept-Encoding": "gzip"}
        server.get("/api/v1" + path, headers=headers)
    for path, status in WRONG:
        server.get("/api/v1" + path, status=status)
    assert list(server.events("/api/v1/jobs/1/stream"))[-1][0] == "end"
    if n % 10 == 0:
        next(server.events("/api/v1/stream"), None)  # and goes away in the middle


@test
def memory_stays_flat():
    seed()
    sizes, failures, begin = [], [], time.monotonic()
    with Server() as server:
        server.wait_for_job(server.post("/api/v1/data/checks", {"symbol": "OTHER"}, status=202).json["id"])

        def part():
            """How much of the soak is over."""
            return (time.monotonic() - begin) / SECONDS if SECONDS else len(sizes) / (CLIENTS * ROUNDS)

        def client(number):
            n = number
            try:
                while part() < 1 and not failures:
                    ask_round(server, n)
                    n += CLIENTS
                    sizes.append((part(), server.resident_kb()))
            except Exception as problem:  # told by the test, not lost with the thread
                failures.append(problem)

        clients = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
        for one in clients:
            one.start()
        for one in clients:
            one.join()
    if failures:
        raise failures[0]
    settled = max(size for at, size in sizes if at <= SETTLED)
    most = max(size for _, size in sizes)
    print(f"# {len(sizes)} rounds of {len(LISTS) + len(OTHERS) + len(WRONG) + 1} requests, resident {sizes[0][1]} kB in the first, "
          f"{settled} kB settled, {sizes[-1][1]} kB in the last")
    assert SANITIZED or most <= settled + ROOM_KB, (settled, most)


main()
