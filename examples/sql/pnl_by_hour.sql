-- Which hour of the session (exchange-local) trades should be entered in, over all runs.
SELECT hour(entry_ts) AS entry_hour, direction,
       count(*) AS n_trades,
       sum(pnl) AS pnl_gross,
       sum(pnl_net) AS pnl_net,
       avg(r_net) AS average_r_net
FROM trades
GROUP BY ALL
ORDER BY entry_hour, direction;
