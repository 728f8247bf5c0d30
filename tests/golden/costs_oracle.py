# SPDX-License-Identifier: Apache-2.0
"""What the oracle knows of costs: fees by segment, and the range that slippage counts in."""
import pandas as pd

NAN = float("nan")


def futures_stt(date):
    """Percent of a sale: 0.01, from October 2024 on 0.02, from April 2026 on 0.05."""
    if date >= pd.Timestamp("2026-04-01"):
        return 0.05
    return 0.02 if date >= pd.Timestamp("2024-10-01") else 0.01


def fee(segment, side, quantity, price, date=None):
    """Rupees for one fill; side is +1 for a buy and -1 for a sell; only futures need the date."""
    if segment == "none":
        return 0.0
    turnover, buy = quantity * price, side > 0
    sebi = turnover * 0.0001 / 100
    if segment == "flat_sides":
        brokerage, exchange = 20.0, turnover * 0.00345 / 100
        stt, stamp = turnover * 0.025 / 100, turnover * 0.003 / 100
    elif segment == "intraday":
        brokerage, exchange = min(20.0, turnover * 0.03 / 100), turnover * 0.00307 / 100
        stt, stamp = (0.0 if buy else turnover * 0.025 / 100), (turnover * 0.003 / 100 if buy else 0.0)
    elif segment == "delivery":
        brokerage, exchange = 0.0, turnover * 0.00307 / 100
        stt, stamp = turnover * 0.1 / 100, (turnover * 0.015 / 100 if buy else 0.0)
    elif segment == "futures":
        brokerage, exchange = min(20.0, turnover * 0.03 / 100), turnover * 0.00183 / 100
        stt = 0.0 if buy else turnover * futures_stt(date) / 100
        stamp = turnover * 0.002 / 100 if buy else 0.0
    gst = 0.18 * (brokerage + exchange + sebi)
    return brokerage + stt + exchange + sebi + stamp + gst


def entry_segment(cfg):
    if cfg["fees"] == "none" or cfg["product"] == "index":
        return "none"
    if cfg["fees"] == "flat_sides":
        return "flat_sides"
    return cfg["product"] if cfg["product"] in ("delivery", "futures") else "intraday"


def true_range_average(rows, n=14):
    """Wilder's average of the true range of each bar, undefined for the first n - 1."""
    out, average = [], None
    for i, (_, _, high, low, _) in enumerate(rows):
        before = rows[i - 1][4] if i else None
        true = high - low if i == 0 else max(high - low, abs(high - before), abs(low - before))
        average = true if i == 0 else average + (true - average) / n
        out.append(average if i >= n - 1 else NAN)
    return out
