#!/bin/sh
# Three well-kept calendars are each wrong about other special days of the Indian exchanges.
# One would guess: a calendar made for BSE or NSE knows days that lie in the past.
# What happens: exchange_calendars 4.13.2 (XBOM) has no session on the Saturdays and Sundays that were traded, of which
#   2020-02-01, 2025-02-01 and 2026-02-01 (Budget) were whole sessions, nor on the evenings of Muhurat (2024-11-01).
#   holidays 0.109 (NSE) does not know the elections, for which the exchange was shut (2019-04-29, 2024-05-20,
#   2024-11-20), nor 2024-01-22, and names the days of Muhurat as closed. QuantLib 1.44 (India, NSE) has 2024-11-20
#   as a business day.
# Why it matters: bars of a real session are thrown away as bad data, missing ones are reported on days that were
#   closed, and counts of sessions (252 or 248 a year, days to expiry) differ by calendar.
# What to do: let the bars of most instruments decide whether a day was traded, and keep a table of special days.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q --disable-pip-version-check exchange_calendars==4.13.2 holidays==0.109 QuantLib==1.44 pandas==3.1.1 numpy==2.4.6
"$dir/v/bin/python" -W ignore - <<'E'
import datetime, exchange_calendars, holidays, QuantLib as ql
xbom = exchange_calendars.get_calendar("XBOM", start="2019-01-01")
listed, nse = holidays.financial_holidays("NSE"), ql.India(ql.India.NSE)
def asks(day):
    d = datetime.date.fromisoformat(day)
    return (xbom.is_session(day), d.weekday() < 5 and d not in listed, nse.isBusinessDay(ql.Date(d.day, d.month, d.year)))
want = {  # open according to (XBOM, holidays, QuantLib), whether it was traded
    "2019-04-29": ((False, True, False), "shut, election"), "2020-02-01": ((False, False, False), "traded"),
    "2024-01-22": ((False, True, False), "shut"), "2024-03-02": ((False, False, False), "traded"),
    "2024-05-20": ((False, True, False), "shut, election"), "2024-11-01": ((False, False, False), "traded, Muhurat"),
    "2024-11-20": ((False, True, True), "shut, election"), "2025-02-01": ((False, False, False), "traded"),
    "2026-02-01": ((False, False, False), "traded")}
for day, (answer, truth) in want.items():
    print(day, "XBOM, holidays, QuantLib open:", asks(day), "- in truth", truth)
assert all(asks(day) == answer for day, (answer, _) in want.items())
E
echo "ok: of nine special days XBOM has five wrong, QuantLib six, holidays five of the five that are weekdays"
