#!/bin/sh
# pandas 3: an Arrow table or a polars frame made of a DataFrame changes when the DataFrame is written later.
# One would guess: copy-on-write, always on in pandas 3, and Arrow's immutable tables each protect a copy taken earlier.
# What happens: with pandas 3.1.1, pyarrow 26.0.1 and polars 2.1.0 the table, the frame and the NumPy array share the
#   column's memory, and df.loc[...] = writes in place, since pandas counts only its own references: all three
#   show the new value. A Series taken from the frame before makes the same write copy.
# Why it matters: a bar table that was hashed, cached or handed to another library changes under it when the notebook
#   mends one price: the result no longer belongs to its fingerprint.
# What to do: hold the Series for as long as the table lives, or copy the frame deep before the conversion.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" install -q --disable-pip-version-check pandas==3.1.1 numpy==2.4.6 pyarrow==26.0.1 polars==2.1.0
"$dir/v/bin/python" - <<'E'
import pandas as pd, polars as pl, pyarrow as pa
def after_write(held):
    df = pd.DataFrame({"t": pd.date_range("2024-01-01", periods=5), "close": [0.0, 1, 2, 3, 4]})
    table, frame = pa.Table.from_pandas(df, preserve_index=False), pl.from_pandas(df)
    series = df["close"] if held else None
    df.loc[2, "close"] = 99.0
    return table["close"][2].as_py(), frame["close"][2]
seen, kept = after_write(False), after_write(True)
print("Arrow and polars after the write:", seen, "with the Series held:", kept)
assert seen == (99.0, 99.0) and kept == (2.0, 2.0)
E
echo "ok: a write to a pandas 3.1.1 frame changes Arrow and polars tables made of it before, unless its Series is held"
