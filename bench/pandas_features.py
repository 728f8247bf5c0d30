#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The feature frame as pandas users write it, on the bars of bench_features."""
import pandas as pd
from partner import bars, measure

PERIOD = 5


def wilder(x):
    return x.ewm(alpha=1 / 14, adjust=False).mean()


def swings(x, extreme):
    window = x.rolling(2 * PERIOD + 1, center=True)
    found = x.where(x == (window.max() if extreme == "max" else window.min()))
    return found.shift(PERIOD).ffill()


def vwap(df):
    session = df.index.normalize()
    typical = (df.high + df.low + df.close) / 3
    volume = df.volume.groupby(session).cumsum()
    weighted = (typical * df.volume).groupby(session).cumsum() / volume
    plain = typical.groupby(session).expanding().mean().droplevel(0) if (volume == 0).any() else weighted
    return weighted.where(volume > 0, plain)


def directional(df, true_range):
    up, down = df.high.diff(), -df.low.diff()
    up = up.where((up > 0) & (up >= down), 0.0)
    down = down.where((down > 0) & (down >= up), 0.0)
    smoothed_range = wilder(true_range)
    plus, minus = 100 * wilder(up[1:]) / smoothed_range, 100 * wilder(down[1:]) / smoothed_range
    return smoothed_range, wilder(100 * (plus - minus).abs() / (plus + minus))


def frame(df):
    before = df.close.shift()
    true_range = pd.concat([df.high - df.low, (df.high - before).abs(), (df.low - before).abs()], axis=1).max(axis=1)
    atr, adx = directional(df, true_range)
    window = df.volume.rolling(100, min_periods=20)
    vol_z = ((df.volume - window.mean()) / window.std()).where(window.max() != window.min(), 0.0).fillna(0.0)
    return pd.DataFrame({
        "ema20": df.close.ewm(span=20, adjust=False).mean(),
        "ema50": df.close.ewm(span=50, adjust=False).mean(),
        "atr": atr.where(pd.Series(range(len(df)), df.index) >= 13),
        "adx": adx,
        "vwap": vwap(df),
        "vol_z": vol_z,
        "swing_high": swings(df.high, "max"),
        "swing_low": swings(df.low, "min"),
    })


minutes = bars()
measure("pandas_features_frame", "bar", len(minutes), lambda: frame(minutes))
