# SPDX-License-Identifier: Apache-2.0
"""Jobs as they are followed: server-sent events, resumed, at once, across servers."""
import http.client
import json
import os
import signal
import threading

from harness import main, pixity, test
from http_kit import HANG_S, Server
from jobs_kit import Held, QUICK, SLOW, folder, is_gone, start, store, until


@test
def progress_is_followed_and_resumed():
    store()
    with Server() as server:
        job = start(server, {"symbol": "AAA", "timeframe": "1m"}, "/api/v1/models")
        path = f"/api/v1/jobs/{job['id']}/stream"
        live = list(server.events(path))
        lines = [line for line in (folder(job) / "progress.jsonl").read_text().splitlines(True) if line[0] == "{"]
        ends, at = [], 0
        for line in (folder(job) / "progress.jsonl").read_bytes().splitlines(True):
            at += len(line)
            ends += [at] if line.startswith(b"{") else []

        def progress(events):
            return [(number, data) for event, number, data in events if event == "progress"]
        wanted = [(end, json.loads(line)) for end, line in zip(ends, lines)]
        assert len(wanted) >= 5 and progress(live) == wanted
        states = [data for event, _, data in live if event == "state"]
        assert states[-1] == server.get(f"/api/v1/jobs/{job['id']}").json and states[-1]["state"] == "done"
        assert all(a != b for a, b in zip(states, states[1:])), "a state was told twice"
        assert live[-1][0] == "end" and [event for event, _, _ in live].count("end") == 1
        for i, end in enumerate(ends):
            assert progress(server.events(path, last_id=end)) == wanted[i + 1:]
        assert progress(server.events(path, last_id=0)) == wanted
        for odd in ("x", "-5", "99999999", "99999999999999999999999"):
            again = list(server.events(path, last_id=odd))
            assert again[-1][0] == "end" and progress(again) in ([], wanted), odd


@test
def two_streams_at_once_tell_the_same():
    store()
    with Server("--jobs", "2") as server:
        job = start(server, {"symbol": "LONG", "timeframe": "5m"}, "/api/v1/models")
        held = Held(job)
        other = start(server, QUICK)  # its changes are not this job's
        heard = [[], []]

        def listen(into):
            into += server.events(f"/api/v1/jobs/{job['id']}/stream")
        listeners = [threading.Thread(target=listen, args=(into,)) for into in heard]
        for each in listeners:
            each.start()
        until("both to hear", lambda: all(heard))
        server.wait_for_job(other["id"])
        held.go_on()
        for each in listeners:
            each.join(HANG_S)
            assert not each.is_alive()
        first, second = ([event for event in events if event[0] != "state"] for events in heard)
        assert first == second and first[-1][0] == "end"
        assert all(data["id"] == job["id"] for events in heard for event, _, data in events if event == "state")


@test
def a_stream_is_resumed_from_the_next_server():
    store()
    with Server() as server:
        job = start(server, SLOW, "/api/v1/models")
        held = Held(job, with_progress=True)
        events = server.events(f"/api/v1/jobs/{job['id']}/stream")
        before = [next(each for each in events if each[0] == "progress")]
        server.kill()
        try:
            before += [each for each in events if each[0] == "progress"]
        except OSError:
            pass
        server.restart()
        held.go_on()
        after = [each for each in server.events(f"/api/v1/jobs/{job['id']}/stream", last_id=before[-1][1])]
        whole = [each for each in server.events(f"/api/v1/jobs/{job['id']}/stream") if each[0] == "progress"]
        assert after[-1][0] == "end" and before + [each for each in after if each[0] == "progress"] == whole


@test
def streams_end_with_the_server():
    store()
    with Server() as server:
        job = start(server, SLOW, "/api/v1/models")
        held = Held(job)
        heard = []

        def listen():
            for event in server.events(f"/api/v1/jobs/{job['id']}/stream"):
                heard.append(event)
        listener = threading.Thread(target=listen)
        listener.start()
        all_jobs = server.events("/api/v1/stream")
        assert next(all_jobs)[0] in ("job", "runs")
        until("the first event of the job", lambda: heard)
        assert server.stop() == 130
        listener.join(HANG_S)
        assert not listener.is_alive() and list(all_jobs) is not None
        os.kill(held.verb, signal.SIGKILL)
        until("the supervisor's end", lambda: is_gone(held.supervisor))


@test
def all_jobs_and_runs_in_one_stream():
    store()
    with Server() as server:
        events = server.events("/api/v1/stream")
        known = next(data for event, _, data in events if event == "runs")
        job = start(server, QUICK)
        seen = []
        for event, _, data in events:
            seen.append((event, data))
            told = {event for event, _ in seen}
            if told == {"job", "runs"} and any(e == "job" and d["state"] == "done" for e, d in seen):
                break
        assert {data["id"] for event, data in seen if event == "job"} == {job["id"]}
        assert all(data != known for event, data in seen if event == "runs")
        pixity("runs", "delete", server.get(f"/api/v1/jobs/{job['id']}").json["result"]["run_id"])  # by another process
        assert next(data for event, _, data in events if event == "runs")


@test
def a_silent_stream_stays_alive():
    store()
    with Server() as server:
        job = start(server, SLOW, "/api/v1/models")
        held = Held(job)
        connection = http.client.HTTPConnection(server.host, server.port, timeout=HANG_S)
        connection.request("GET", f"/api/v1/jobs/{job['id']}/stream", headers={"Cookie": server.cookie})
        response = connection.getresponse()
        assert response.headers["Content-Type"].startswith("text/event-stream")
        assert response.headers["Cache-Control"] == "no-store", response.headers
        assert any(line.startswith(b": ") for line in iter(response.readline, b""))
        connection.close()
        os.kill(held.verb, signal.SIGKILL)
        server.wait_for_job(job["id"])


main()
