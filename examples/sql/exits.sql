-- How trades ended, and what each way of ending brought, gross and net, in rupees and in R.
SELECT run_id, exit_reason, count(*) AS n_trades,
       avg(bars_held) AS average_bars_held,
       sum(pnl) AS pnl_gross,
       sum(pnl_net) AS pnl_net,
       avg(r) AS average_r_gross,
       avg(r_net) AS average_r_net
FROM trades
GROUP BY ALL
ORDER BY run_id, exit_reason;
