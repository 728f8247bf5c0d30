-- Trades of all runs by the month of their entry: profit before and after fees, in rupees.
SELECT run_id, strftime(entry_ts, '%Y-%m') AS month,
       count(*) AS n_trades,
       sum(pnl) AS pnl_gross,
       sum(fees) AS fees,
       sum(pnl_net) AS pnl_net,
       avg(CASE WHEN pnl_net > 0 THEN 100.0 ELSE 0.0 END) AS win_rate_net_pct
FROM trades
GROUP BY ALL
ORDER BY run_id, month;
