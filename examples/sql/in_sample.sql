-- Do trades inside the model's training window do better than the others? Only the others tell about the future.
SELECT run_id, CASE in_sample WHEN 1 THEN 'in sample' WHEN 0 THEN 'out of sample' ELSE 'no model' END AS sample,
       count(*) AS n_trades,
       avg(CASE WHEN pnl_net > 0 THEN 100.0 ELSE 0.0 END) AS win_rate_net_pct,
       avg(r_net) AS average_r_net,
       sum(pnl_net) AS pnl_net
FROM trades
GROUP BY ALL
ORDER BY run_id, sample;
