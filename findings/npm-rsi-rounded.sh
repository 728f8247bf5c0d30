#!/bin/sh
# technicalindicators (npm) rounds its RSI to two decimals, but not its standard deviation.
# One would guess: numbers come as doubles, and rounding is left to the display.
# What happens: for the closes 1 2 3 2 and 3 bars the RSI is 66.666...; technicalindicators 3.1.0 answers 66.67. Its SD
#   of the same closes keeps all digits.
# Why it matters: a threshold of 70 is met by 69.996, so that signals differ from those of any other library at the
#   edge, and a trained model sees other values in the page than in Python.
# What to do: compute RSI elsewhere, or compare with a tolerance of 0.005.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y > init.log
npm install --silent --no-audit --no-fund technicalindicators@3.1.0 > install.log
node -e '
const { RSI, SD } = require("technicalindicators");
const values = [1, 2, 3, 2], rsi = RSI.calculate({ period: 3, values }), sd = SD.calculate({ period: 3, values });
console.log("RSI", rsi, "exact", 200 / 3, "SD", sd);
process.exit(rsi[0] === 66.67 && sd[0] === Math.sqrt(2 / 3) ? 0 : 1);
'
echo "ok: technicalindicators 3.1.0 rounds an RSI of 66.666... to 66.67"
