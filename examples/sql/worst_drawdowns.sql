-- The deepest drawdown of each run, net, at bar closes: when the peak was, and when the bottom.
WITH curve AS (
    SELECT run_id, ts, equity_net, drawdown_pct,
           max(equity_net) OVER (PARTITION BY run_id ORDER BY ts) AS peak
    FROM equity
), bottom AS (
    SELECT run_id, min(drawdown_pct) AS drawdown_net_pct, arg_min(ts, drawdown_pct) AS bottom_ts,
           arg_min(equity_net, drawdown_pct) AS bottom_equity, arg_min(peak, drawdown_pct) AS peak_equity
    FROM curve
    GROUP BY run_id
)
SELECT run_id, drawdown_net_pct, max(curve.ts) AS peak_ts, bottom_ts, peak_equity, bottom_equity
FROM bottom JOIN curve USING (run_id)
WHERE curve.ts <= bottom_ts AND curve.equity_net = peak_equity
GROUP BY ALL
ORDER BY drawdown_net_pct, run_id;
