# SPDX-License-Identifier: Apache-2.0
"""Uploads are files of strangers: the process that reads them reaches nothing else."""
import json
import pathlib
import signal

import duck
from harness import main, test
from http_kit import Server
from jobs_kit import finish, folder, result_of, store

MARKER = "MARKER-OF-A-FILE-OUTSIDE"
IMPORTS = "/api/v1/data/imports"


def upload(server, path):
    content = pathlib.Path(path).read_bytes()
    return server.post(f"/api/v1/data/uploads?name={path}", content, status=201).json["id"]


@test
def a_view_in_an_upload_reads_nothing():
    store()
    marker = pathlib.Path("marker.csv").resolve()
    marker.write_text(f"symbol,ts,open,high,low,close,volume\n{MARKER},{duck.FIRST},1,1,1,1,1\n")
    duck.run("view.duckdb", f"CREATE VIEW candles AS SELECT * FROM read_csv('{marker}')")
    duck.run("table.duckdb", f"CREATE TABLE candles AS {duck.bars(3)}",
             f"CREATE VIEW other AS SELECT * FROM read_csv('{marker}')")
    with Server() as server:
        for more in ({"preview": True}, {}, {"symbol": "NEW"}):
            job = finish(server, {"upload": upload(server, "view.duckdb"), **more}, IMPORTS, state="failed")
            assert job["exit_status"] == 2
            assert "candles is a view; only base tables are read" in job["error"], job
        job = finish(server, {"upload": upload(server, "table.duckdb"), "symbol": "NEW"}, IMPORTS)
        assert result_of(server, job)["stored"] == 3
    for path in pathlib.Path("home").rglob("*"):
        # the uploads themselves name the file, and nothing holds what it says
        assert not path.is_file() or MARKER.encode() not in path.read_bytes(), path


@test
def an_upload_unfolds_to_no_more_than_the_servers_limits():
    store()
    duck.run(None, f"COPY ({duck.bars(5000001)}) TO 'many.parquet' (FORMAT parquet, COMPRESSION zstd)")
    with Server() as server:
        job = finish(server, {"upload": upload(server, "many.parquet"), "symbol": "NEW"}, IMPORTS, state="failed")
        assert job["exit_status"] == 2 and "more than 5000000 rows" in job["error"], job


@test
def the_limit_that_ended_an_upload_is_told():
    store()
    duck.run("view.duckdb", "CREATE VIEW candles AS SELECT 1")
    with Server() as server:
        job = finish(server, {"upload": upload(server, "view.duckdb")}, IMPORTS, state="failed")
    end = folder(job) / "exit.json"
    for signal_number, words in ((signal.SIGXCPU, "more than 900 seconds of processor time"),
                                 (signal.SIGXFSZ, "a file of more than 2 GiB"),
                                 (signal.SIGABRT, "4 GiB of addresses"),
                                 (signal.SIGKILL, "was killed before it was done")):
        end.write_text(json.dumps({**json.loads(end.read_text()), "status": 128 + signal_number}))
        with Server() as server:
            told = server.get(f"/api/v1/jobs/{job['id']}").json
            assert told["state"] == "failed" and words in told["error"], told
            assert ("pixity import" in told["error"]) == (signal_number != signal.SIGKILL), told


main()
