-- What became of the candidates of each run: the same events meet other filters, guards and sizes.
SELECT run_id, fate, count(*) AS n_events,
       count(*) FILTER (WHERE side = 'BUY') AS buys,
       count(*) FILTER (WHERE side = 'SELL') AS sells,
       avg(probability) AS mean_probability
FROM signals
GROUP BY run_id, fate
ORDER BY run_id, n_events DESC, fate;
