-- The runs that earned most after fees, with what tells them apart. Runs of other windows, symbols or profiles are not
-- comparable, hence the partition.
SELECT symbol, timeframe, start_date, end_date, profile,
       rank() OVER (PARTITION BY symbol, timeframe, start_date, end_date, profile ORDER BY return_net_pct DESC) AS place,
       run_id, strategy, n_trades, return_gross_pct, return_net_pct, max_drawdown_net_pct, sharpe_net,
       CAST(json->>'$.config.sl_mult' AS DOUBLE) AS sl_mult,
       CAST(json->>'$.config.tp_mult' AS DOUBLE) AS tp_mult
FROM runs
WHERE status = 'done'
ORDER BY symbol, timeframe, start_date, end_date, profile, place, run_id;
