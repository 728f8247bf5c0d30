# SPDX-License-Identifier: Apache-2.0
"""Thousands of random files of every kind that is read, from known bars: each gives these, or is refused with a message; none
gives others. Faults that they found are pinned. PIXITY_SEED draws others, and a failure names the member."""
import os

import kinds_text
from harness import main, reduced, test
from kinds import Reader, try_kind

ROUNDS = {kinds_text.any_text: 2000}
SHARE = 10 if reduced("a tenth of the random files") else 1


def add(kind, rounds):
    def members():
        try_kind(kind, max(rounds // SHARE, 10), os.environ.get("PIXITY_SEED", "1"))
    members.__name__ = f"members_of_{kind.__name__}"
    test(members)


for each, rounds in ROUNDS.items():
    add(each, rounds)


# ---- what they found ---------------------------------------------------------------------------------------

def read(text, **options):
    """What a text is read as: a message, or the bars of its one series, with its rejected rows."""
    with open("pinned.csv", "w", encoding="utf-8") as file:
        file.write(text)
    reader = Reader()
    answer = reader.read("pinned.csv", {key.replace("_", "-"): value for key, value in options.items()})
    reader.close()
    return answer


def bars(text, **options):
    answer = read(text, **options)
    assert not isinstance(answer, str), answer
    (series,) = answer[3].values()
    assert answer[1] == 0, answer
    return series[0]


PLAIN = ["2024-05-06 09:15:00,1234.5,1235.25,1230.05,1233,1200", "2024-05-06 09:16:00,1233,1236,1232,1235.5,90"]
HEADER = "time,open,high,low,close,volume"


def plain(rows=None):
    return bars("\n".join([HEADER, *(rows or PLAIN)]))


@test
def a_currency_with_a_point_is_no_decimal_comma():
    signed = [",".join([r.split(",")[0], *("Rs." + p for p in r.split(",")[1:5]), r.split(",")[5]]) for r in PLAIN]
    assert bars("\n".join([HEADER, *signed])) == plain()


@test
def quotes_may_stand_behind_a_blank():
    spaced = ['2024-05-06 09:15:00, "1,234.50", "1,235.25", "1,230.05", "1,233.00", "1,200"',
              '2024-05-06 09:16:00, "1,233.00", "1,236.00", "1,232.00", "1,235.50", 90']
    assert bars("\n".join([HEADER.replace(",", ", "), *spaced])) == plain()


@test
def a_program_is_known_by_the_form_of_its_dates_too():
    rows = ["02/06/2023,11885,11880,11950,11850", "02/07/2023,11955,11890,11960,11870"]
    assert len(bars("\n".join(["Date,Close/Last,Open,High,Low", *rows]), exchange="XNYS"))
    for dotted in (["06.02.23;11885;11880;11950;11850", "07.02.23;11955;11890;11960;11870"],
                   ["06/02/2023 10:00;11885;11880;11950;11850", "07/02/2023 10:00;11955;11890;11960;11870"]):
        said = read("\n".join(["Date;Close/Last;Open;High;Low", *dotted]), exchange="XNYS")
        assert isinstance(said, str) and "--date-format" in said, said


main()
