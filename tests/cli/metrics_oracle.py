# SPDX-License-Identifier: Apache-2.0
"""The metrics of a run in NumPy, written from docs/metrics.md: from its trades and equity tables, the closes of its
bars and its configuration. What the page calls null is NaN here."""
import calendar
import math
import time
from statistics import NormalDist

import numpy as np

SESSIONS_A_YEAR = 248
ROUNDING = 1e-12
EXITS = ["stop_loss", "take_profit", "time_stop", "square_off", "exit_signal", "kill_switch", "end_of_data", "data_hole"]
GAMMA = 0.5772156649015329
NORMAL = NormalDist()


def div(a, b):
    return a / b if b != 0 else math.nan


def mean(x):
    return float(np.mean(x)) if len(x) else math.nan


def std(x):
    return float(np.std(x, ddof=1)) if len(x) > 1 else math.nan


def change(before, now):
    relative = np.asarray(now) / np.asarray(before) - 1
    return np.where(np.abs(relative) > ROUNDING, relative, 0.0)


# ---- trades ------------------------------------------------------------------------------------------------


def longest_row(flags):
    best = row = 0
    for flag in flags:
        row = row + 1 if flag else 0
        best = max(best, row)
    return best


def of_results(pnl, r, value):
    """What there is of each result, gross or net."""
    n, won = len(pnl), pnl > 0
    share = pnl / value
    wins, losses, p = pnl[won], -pnl[~won], div(won.sum(), n)
    kelly = p - (1 - p) * mean(losses) / mean(wins) if 0 < won.sum() < n else math.nan
    return {
        "# Wins": won.sum(),
        "Win Rate [%]": 100 * p,
        "Profit Factor": div(wins.sum(), losses.sum()),
        "Expectancy [Rs]": mean(pnl),
        "Expectancy [%]": 100 * mean(share),
        "Avg. R": mean(r[~np.isnan(r)]),
        "Best Trade [Rs]": max(pnl, default=math.nan),
        "Worst Trade [Rs]": min(pnl, default=math.nan),
        "Best Trade [%]": 100 * max(share, default=math.nan),
        "Worst Trade [%]": 100 * min(share, default=math.nan),
        "Avg. Trade [%]": 100 * math.expm1(mean(np.log1p(share))),
        "SQN": math.sqrt(n) * div(mean(pnl), std(pnl)) if n else math.nan,
        "Kelly Criterion": kelly,
        "Avg. Win [Rs]": mean(wins),
        "Avg. Loss [Rs]": -mean(losses),
        "Payoff Ratio": div(mean(wins), mean(losses)),
        "Max. Consecutive Wins": longest_row(won),
        "Max. Consecutive Losses": longest_row(~won),
        "PnL [Rs]": pnl.sum(),
    }


def of_trades(trades):
    held, hours = trades["bars_held"], (trades["exit_ts"] - trades["entry_ts"]) / 3600
    mae, mfe = (trades[name][~np.isnan(trades[name])] for name in ("mae_r", "mfe_r"))
    inside = trades["in_sample"]
    out = {
        "# Trades": len(held),
        "Avg. MAE [R]": mean(mae),
        "Avg. MFE [R]": mean(mfe),
        "Avg. Bars Held": mean(held),
        "Median Bars Held": float(np.median(held)) if len(held) else math.nan,
        "Max. Bars Held": max(held, default=math.nan),
        "Avg. Trade Duration [hours]": mean(hours),
        "Max. Trade Duration [hours]": max(hours, default=math.nan),
        "# Ambiguous Bars": trades["ambiguous"].sum(),
        "In-Sample Trades [%]": 100 * mean(inside),
        "Commissions [Rs]": trades["fees"].sum(),
        "Turnover [Rs]": (trades["qty"] * (trades["entry_price"] + trades["exit_price"])).sum(),
    }
    for reason in EXITS:
        out[f"# Exits {reason}"] = sum(each == reason for each in trades["exit_reason"])
    return out


# ---- equity ------------------------------------------------------------------------------------------------


def drawdowns(equity, ts, session, capital):
    """Depth, days and sessions of each stretch below the peak."""
    found, peak, peak_at, depth = [], capital, (ts[0], 0), 0.0
    for value, *at in zip(equity, ts, session):
        below = float(change(peak, value))
        if below < 0:
            depth = min(depth, below)
            continue
        if depth < 0:
            found.append((depth, *np.subtract(at, peak_at)))
        peak, peak_at, depth = max(peak, value), at, 0.0
    if depth < 0:
        found.append((depth, ts[-1] - peak_at[0], session[-1] - peak_at[1]))
    depths, seconds, sessions = np.array(found, dtype=float).reshape(-1, 3).T
    return depths, seconds / 86400, sessions


def probability(sharpe, skewness, kurtosis, n, benchmark=0.0):
    spread = 1 - skewness * sharpe + (kurtosis - 1) / 4 * sharpe**2
    if not spread > 0:
        return math.nan
    return NORMAL.cdf((sharpe - benchmark) * math.sqrt(n - 1) / math.sqrt(spread))


def is_annualised(days):
    """days: of the sessions, counted from 1970-01-01. Weekdays are due here: holidays do not decide what is tested."""
    weekdays = np.is_busday(days.astype("datetime64[D]"))
    due = np.busday_count(np.datetime64(int(days[0]), "D"), np.datetime64(int(days[-1]) + 1, "D"))
    return len(days) >= 20 and weekdays.sum() >= 0.9 * due


def of_returns(closes, days, capital, year):
    """Of the sessions' last equity, and their days."""
    before = np.concatenate([[capital], closes[:-1]])
    if (closes <= 0).any():
        return dict.fromkeys(("CAGR [%]", "Volatility (Ann.) [%]", "Sharpe Ratio", "Sortino Ratio",
                              "Session Sharpe Ratio", "Session Skewness", "Session Kurtosis",
                              "Probabilistic Sharpe Ratio"), math.nan)
    r = change(before, closes)
    years, year = (days[-1] - days[0] + 1) / 365.25, year if is_annualised(days) else math.nan
    n, m2, m3, m4 = len(r), *(np.mean((r - r.mean()) ** k) for k in (2, 3, 4))
    sharpe, downside = div(r.mean(), std(r)), math.sqrt(np.mean(np.minimum(r, 0) ** 2))
    skewness, kurtosis = div(m3, m2**1.5), div(m4, m2**2)
    return {
        "CAGR [%]": math.nan if math.isnan(year) else 100 * ((closes[-1] / capital) ** (1 / years) - 1),
        "Volatility (Ann.) [%]": 100 * std(r) * math.sqrt(year),
        "Sharpe Ratio": sharpe * math.sqrt(year),
        "Sortino Ratio": div(r.mean(), downside) * math.sqrt(year),
        "Session Sharpe Ratio": sharpe,
        "Session Skewness": skewness,
        "Session Kurtosis": kurtosis,
        "Probabilistic Sharpe Ratio": probability(sharpe, skewness, kurtosis, n),
    }


def of_sessions(closes, days, capital, market, year, cagr):
    """Of the sessions' last equity and days; market: the instrument's returns by session."""
    names = ["Ulcer Index [%]", "Martin Ratio", "Omega Ratio", "VaR 95% [%]", "CVaR 95% [%]", "Tail Ratio",
             "Gain to Pain Ratio", "Best Day [%]", "Worst Day [%]", "Best Month [%]", "Worst Month [%]", "Best Year [%]",
             "Worst Year [%]", "Winning Months [%]", "Alpha [%]", "Beta", "Information Ratio",
             "Correlation to Buy & Hold"]
    out = dict.fromkeys(names, math.nan)
    if (closes <= 0).any():
        return out
    r = change(np.concatenate([[capital], closes[:-1]]), closes)
    year = year if is_annualised(days) else math.nan
    peaks = np.maximum.accumulate(np.concatenate([[capital], closes]))[1:]
    ulcer = 100 * math.sqrt(np.mean(change(peaks, closes) ** 2))
    dates = days.astype("datetime64[D]")

    def by(unit):
        names = dates.astype(f"datetime64[{unit}]")
        last = closes[np.flatnonzero(np.append(names[1:] != names[:-1], True))]
        return change(np.concatenate([[capital], last[:-1]]), last)

    months, years = by("M"), by("Y")
    out |= {
        "Ulcer Index [%]": ulcer,
        "Martin Ratio": div(cagr, ulcer),
        "Omega Ratio": div(r[r > 0].sum(), -r[r < 0].sum()),
        "Gain to Pain Ratio": div(months.sum(), -months[months < 0].sum()),
        "Best Day [%]": 100 * r.max(),
        "Worst Day [%]": 100 * r.min(),
        "Best Month [%]": 100 * months.max(),
        "Worst Month [%]": 100 * months.min(),
        "Best Year [%]": 100 * years.max(),
        "Worst Year [%]": 100 * years.min(),
        "Winning Months [%]": 100 * np.mean(months > 0),
    }
    if len(r) >= 20:
        low, high = np.quantile(r, [0.05, 0.95])
        out["VaR 95% [%]"] = 100 * low
        out["CVaR 95% [%]"] = 100 * np.sort(r)[:1 + (len(r) - 1) // 20].mean()
        out["Tail Ratio"] = -high / low if low < 0 else math.nan
    if len(r) > 1:
        (own, both), (_, variance) = np.cov(r, market)
        out["Beta"] = div(both, variance)
        out["Alpha [%]"] = 100 * year * (r.mean() - out["Beta"] * market.mean())
        out["Correlation to Buy & Hold"] = div(both, math.sqrt(own) * math.sqrt(variance))
        out["Information Ratio"] = div((r - market).mean(), std(r - market)) * math.sqrt(year)
    return out


def of_curve(equity, ts, session, capital, year, prices):
    last = np.flatnonzero(np.diff(session, append=session[-1] + 1))
    depths, days, sessions = drawdowns(equity, ts, session, capital)
    out = of_returns(equity[last], ts[last] // 86400, capital, year)
    out |= {
        "Equity Final [Rs]": equity[-1],
        "Equity Peak [Rs]": max(capital, equity.max()),
        "Return [%]": 100 * (equity[-1] / capital - 1),
        "Max. Drawdown [%]": 100 * depths.min(initial=0.0),
        "Avg. Drawdown [%]": 100 * mean(depths),
        "Max. Drawdown Duration [days]": days.max(initial=0.0),
        "Avg. Drawdown Duration [days]": mean(days),
        "Max. Drawdown Duration [sessions]": sessions.max(initial=0.0),
        "Avg. Drawdown Duration [sessions]": mean(sessions),
        "Time Under Water [%]": 100 * np.mean(change(np.maximum(np.maximum.accumulate(equity), capital), equity) < 0),
    }
    market = change(np.concatenate([[prices[0]], prices[last][:-1]]), prices[last])
    out |= of_sessions(equity[last], ts[last] // 86400, capital, market, year, out["CAGR [%]"])
    out["Recovery Factor"] = div(out["Return [%]"], -out["Max. Drawdown [%]"])
    return out | {"Calmar Ratio": div(out["CAGR [%]"], -out["Max. Drawdown [%]"])}


# ---- all ---------------------------------------------------------------------------------------------------


def seconds(text):
    return calendar.timegm(time.strptime(text, "%Y-%m-%d %H:%M:%S"))


def arrays(table):
    """Columns of texts as arrays: times in seconds of the exchange's wall clock, empty cells NaN."""
    out = {}
    for name, texts in table.items():
        if name in ("ts", "entry_ts", "exit_ts"):
            out[name] = np.array([seconds(text) for text in texts], dtype=float)
        elif name in ("exit_reason", "event_type", "direction", "signal_ts", "tag", "capped_by"):
            out[name] = np.array(texts)
        else:
            out[name] = np.array([float(text) if text else math.nan for text in texts])
    return out


def metrics(trades, equity, closes, capital, year=SESSIONS_A_YEAR):
    """trades, equity: column -> texts; closes: of the window's bars."""
    trades, equity = arrays(trades), arrays(equity)
    ts, fees = equity["ts"], equity["fees_paid"]
    session = np.cumsum(np.diff(ts // 86400, prepend=-1) != 0)
    value = trades["qty"] * trades["entry_price"]
    net = of_results(trades["pnl_net"], trades["r_net"], value)
    sides = {}
    for side in ("long", "short"):
        mine = trades["direction"] == side
        of_side = {name: column[mine] for name, column in trades.items()}
        numbers = of_results(of_side["pnl_net"], of_side["r_net"], value[mine]) | of_trades(of_side)
        del numbers["In-Sample Trades [%]"]
        sides |= {f"{name} ({side})": number for name, number in numbers.items()}
    net |= of_curve(equity["equity_net"], ts, session, capital, year, np.array(closes))
    gross = of_results(trades["pnl"], trades["r"], value)
    gross |= of_curve(equity["equity_net"] + fees, ts, session, capital, year, np.array(closes))
    out = net | {f"{name} (gross)": number for name, number in gross.items()} | of_trades(trades) | sides
    inside = np.zeros(len(ts), bool)
    for entry, exit in zip(trades["entry_ts"], trades["exit_ts"]):
        inside |= (ts >= entry) & (ts <= exit)
    ends = np.flatnonzero(np.diff(session, append=session[-1] + 1))
    last = equity["equity_net"][ends]
    year = year if is_annualised(ts[ends] // 86400) else math.nan
    return out | {
        "Buy & Hold Return [%]": 100 * (closes[-1] / closes[0] - 1),
        "Exposure Time [%]": 100 * inside.mean(),
        "Turnover (Ann.)": out["Turnover [Rs]"] / last.mean() * year / len(last),
        "# Sessions": len(last),
        "Duration [days]": (ts[-1] - ts[0]) / 86400,
    }


def deflated(own, trials):
    """own: (per-session Sharpe, skewness, kurtosis, sessions); trials: per-session Sharpe of each, this run's too."""
    n, variance = len(trials), np.var(trials, ddof=1)
    quantiles = NORMAL.inv_cdf(1 - 1 / n), NORMAL.inv_cdf(1 - 1 / (n * math.e))
    best = math.sqrt(variance) * ((1 - GAMMA) * quantiles[0] + GAMMA * quantiles[1])
    return variance, best, probability(*own, best)
