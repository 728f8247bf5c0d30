# SPDX-License-Identifier: Apache-2.0
"""What is measured, how its programs are called, and the goals."""
import dataclasses

from measure import Program

MINUTES = 738_137  # bars of the long series: NIFTY's of 2012 to 2021, or as many synthetic ones
WALK = 10_000_000


@dataclasses.dataclass
class Row:
    """`unit`: "process" or "run" = the whole of one, else what `n` counts. `goal`: median CPU, in ns a unit, or ms a process;
    `memory`: MB at most. `stated`: what the floor's result must be. `alike`: how near results must be; 0 = they say
    different things and are not compared. `large`: measured only where it is named."""

    name: str
    what: str
    unit: str
    goal: float = 0
    memory: float = 0
    stated: tuple = ()
    alike: float = 1e-9
    large: bool = False
    spent: str = ""


ROWS = [
    Row("start", "process start, `--version`", "process", 6),
    Row("import", "`import` of the minutes as CSV", "process"),
    Row("features_csv", "`features` 1m to CSV", "process", 450,
        spent="57 % prints numbers (shortest digits of 6 million doubles, 11 % of the whole the digits alone), 17 % is the kernel clearing pages, 9 % moves text; the goal is 75 ns a cell"),
    Row("features_parquet", "`features` 1m to Parquet", "process", 250,
        spent="40 % is DuckDB writing Parquet (its statistics of each column, Snappy), 34 % the kernel (pages, the file); 8 % is the features themselves"),
    Row("labels_csv", "`labels` 1m to CSV", "process"),
    Row("backtest_ema_cross", "`backtest ema_cross` 1m", "process", 250, 110,
        spent="24 % kernel, 22 % DuckDB reading the bars and writing the run's tables, 17 % the digest of the bars, 16 % the run itself, 10 % loading libraries"),
    Row("backtest_meta", "`backtest pixityAI_meta` 1m, every event taken", "process", 220,
        spent="34 % kernel, 22 % DuckDB, 17 % the run itself, 10 % the digest of the bars"),
    Row("backtest_meta_model", "`backtest pixityAI_meta` 1m, with the model", "process"),
    Row("train", "`train` 1m, random forest", "process", 1300,
        spent="50 % is XGBoost growing trees, 12 % reading its trees, 11 % the C library; features, events and labels are 8 %"),
    Row("audit", "`audit` 1m of a million bars", "process", 4000, 350,
        spent="75 % recomputes features and events from other beginnings and endings, which is what the audit is; 10 % copies and compares"),
    Row("report", "`report` of a run of a million bars", "process"),
    Row("report_large", "`report` of a run of 10 million bars", "process", memory=350, large=True),
    Row("read_million", "a million stored bars into memory, a new process", "process", 25,
        spent="DuckDB opening and reading Parquet: the same query in its own client takes 1.25 times as long"),
    Row("backtest_first", "`px_backtest_run` ema_cross 1m, first in a process", "run", 0, alike=0),
    Row("backtest_warm", "the same a second time", "run", 120e6, alike=0),
    Row("backtest_tables", "backtest of 200,000 loaded bars, with its tables", "run"),
    Row("backtest_tally", "the same, `px_backtest_tally`: metrics alone", "run"),
    Row("backtest_trading", "the same, its trading alone", "run"),
    Row("ema", "rule: EMA 20/50 on the minutes, next open, 3 bps", "run", alike=1e-9),
    Row("sma", "rule: SMA 30/150 over 10 million bars", "run", stated=(46127, 130013.52)),
    Row("bracket_exit_bar", "rule: SMA 10/50, stop, target; in again at the exit's close", "run", stated=(231068, 522.88)),
    Row("bracket_next_bar", "the same; in again a bar later", "run", stated=(220911, 428.19)),
    Row("bracket_rearm", "the same; in again after a bar not above", "run", stated=(137787, 2751.83)),
    Row("account", "rule: five series, one account of a million bars each", "run", stated=(22902, 95528.03)),
    Row("features_frame", "feature frame of a million bars", "bar"),
    Row("features_steps", "the same bar by bar", "bar"),
    Row("events", "events", "bar", 6,
        spent="48 % of the program is the kernel clearing pages, 7 % detecting events"),
    Row("events_steps", "events bar by bar", "bar"),
    Row("labels", "labels", "event", 35, alike=1e-3,
        spent="41 % of the program is the kernel clearing pages, 13 % watching bars (watch, label_block, measure_bars)"),
    Row("labels_square_off", "labels with a square-off", "event"),
    Row("labels_reference", "labels by the rules of `reference`", "event"),
    Row("labels_15m", "labels of 15m bars", "event"),
    Row("labels_15m_detail", "labels of 15m bars, minute by minute", "event"),
    Row("resample_15m", "resample 1m to 15m", "bar"),
    Row("resample_1d", "resample 1m to 1d", "bar"),
    Row("resample_15m_steps", "resample 1m to 15m bar by bar", "bar"),
    Row("bars_in_session", "bars inside sessions", "bar"),
    Row("rf_fit", "forest: training", "row", alike=0),
    Row("rf_predict", "forest: a row of many", "row", 600, alike=1e-6),
    Row("rf_predict_one", "forest: one row alone", "row", 1500, alike=1e-6),
    Row("gbt_fit", "boosted trees: training", "row", alike=0),
    Row("gbt_predict", "boosted trees: a row of many", "row", alike=0),
    Row("gbt_predict_one", "boosted trees: one row alone", "row", alike=0),
    Row("logistic_fit", "logistic regression: training", "row", alike=0),
    Row("logistic_predict", "logistic regression: a row of many", "row", alike=0),
    Row("metrics", "metrics of a run of a million bars", "bar"),
    Row("stream", "stream to 15m, lines in to lines out", "bar", 1000),
    Row("stream_latency_p50", "stream: a line in to its lines out, median", "line"),
    Row("stream_latency_p99", "the same, 99 %", "line"),
    Row("stream_latency_p99_9", "the same, 99.9 %", "line"),
    Row("store_merge_new", "storing new bars", "bar"),
    Row("store_merge_same", "storing the same again", "bar"),
    Row("store_read", "reading stored bars", "bar"),
    Row("sha256_bars", "SHA-256 of bars", "bar"),
    Row("run_save", "saving a run of two years of hours", "stored run"),
    Row("runs_list", "listing 200 runs", "stored run"),
    Row("serve_first_answer", "page server: start to the first page", "process"),
    Row("serve_session", "page server: /api/v1/session", "request"),
    Row("serve_runs", "page server: /api/v1/runs of 1,000 runs", "request", 200_000),
    Row("ema_indicator", "indicator: EMA 20 of a million closes", "bar"),
]


# What the lines of a program are called, where its own name does not say it.
LINES = {
    "bench_backtest": ["backtest_first", "backtest_warm", "backtest_tables", "backtest_tally",
                       "backtest_trading"],
    "bench_events": ["events", "events_steps"],
    "bench_features": ["features_frame", "features_steps"],
    "bench_labels": ["labels", "labels_square_off", "labels_reference", "labels_15m", "labels_15m_detail"],
    "bench_learners": [f"{name}_{work}" for name in ("rf", "gbt", "logistic") for work in ("fit", "predict", "predict_one")],
    "bench_metrics": ["metrics"],
    "bench_resample": ["resample_15m", "resample_1d", "resample_15m_steps", "bars_in_session"],
    "bench_stream": ["stream", "stream_latency_p50", "stream_latency_p99", "stream_latency_p99_9"],
    "bench_store": ["store_merge_new", "store_merge_same", "store_read", "run_save", "runs_list"],
    "serve.py": ["serve_first_answer", "serve_session", "serve_runs"],
    "floor_sha256": ["sha256_bars"],
    "bracket": ["bracket_exit_bar", "bracket_next_bar", "bracket_rearm"],
    "features": ["features_frame", "events"],
    "frame": ["features_frame", "ema_indicator"],
    "resample": ["resample_15m"],
    "forest": ["rf_fit", "rf_predict", "rf_predict_one"],
    "files": ["import", "read_million"],
}


def measures(program):
    """The rows that a program measures."""
    if program.whole:
        return [program.whole]
    words = [str(word).rpartition("/")[2] for word in program.command]
    for word in words:
        if word in LINES:
            return LINES[word]
    return [word for word in words if any(row.name == word for row in ROWS)]


def programs(build, data, venv, serve_seconds):
    """Every program of every row. `data` has been made; `venv` is the Python of the peers' environment, or None."""
    pixity, bench, floor = build / "pixity", build / "bench", build / "bench" / "floor"
    home, bars, rows = data.home, data.million, data.rows
    on = ["--home", home, "--quiet"]
    one = ["--symbol", data.symbol, "--timeframe", "1m"]

    def whole(name, *words, before=None, rounds=99):
        return Program("", [pixity, words[0], *on, *words[1:]], name, before=before, rounds=rounds)

    def backtest(name, strategy, *more):
        return whole(name, "backtest", *one, "--strategy", strategy, "--run-id", "bench", *more, before=data.forget_run)

    own = [
        Program("", [pixity, "--version"], "start", rounds=99),
        Program("", [pixity, "import", "--home", data.fresh, "--quiet", "--symbol", data.symbol, data.csv], "import",
                before=data.forget_fresh),
        whole("features_csv", "features", *one),
        whole("labels_csv", "labels", *one),
        backtest("backtest_ema_cross", "ema_cross"),
        backtest("backtest_meta", "pixityAI_meta", "--skip-meta-model"),
        backtest("backtest_meta_model", "pixityAI_meta", "--model", "bench"),
        whole("train", "train", *one, "--model-out", "timed", before=data.forget_model, rounds=5),
        whole("audit", "audit", "--symbol", "MILLION", "--timeframe", "1m", rounds=3),
        whole("report", "report", "million", "--out", data.folder / "report.html", "--force", rounds=5),
        whole("report_large", "report", "large", "--out", data.folder / "large.html", "--force", before=data.make_large, rounds=3),
        Program("", [bench / "read_candles", home, "MILLION"], "read_million"),
        Program("", [bench / "bench_backtest", home, data.symbol, "ema_cross"]),
        *(Program("", [bench / f"bench_{name}"]) for name in ("events", "features", "labels", "metrics", "resample", "stream")),
        Program("", [bench / "bench_learners"], rounds=5),
        Program("", [bench / "bench_store"], rounds=5),
        Program("", ["/usr/bin/python3", data.here / "serve.py", pixity, str(serve_seconds)], rounds=3),
    ]
    if data.writes_parquet:
        own.append(whole("features_parquet", "features", *one, "--parquet", data.folder / "features.parquet",
                         before=data.forget_parquet))

    def plain(name, program, *words):
        return Program("floor", [floor / f"floor_{program}", *words], name)

    floors = [
        plain("start", "process", "version"),
        plain("import", "text", "parse", data.csv),
        plain("features_csv", "text", "frame", data.minutes),
        plain("backtest_ema_cross", "rules", "ema", data.minutes),
        plain("read_million", "process", "read", bars),
        plain("", "rules", "ema", data.minutes),
        plain("", "rules", "sma", data.walk),
        *(plain("", "rules", "bracket", way, data.walk) for way in ("exit_bar", "next_bar", "rearm")),
        plain("", "rules", "account", *data.five),
        plain("", "stages", "features", bars),
        plain("", "stages", "labels", bars, data.events),
        plain("", "stages", "resample", bars),
        plain("", "stages", "forest", data.forest, rows),
        plain("", "sha256", bars),
    ]

    def peer(owner, script, *words):
        """Those that compile or take long are started once: their calls after the first have a median of their own."""
        rounds = 1 if owner in ("vectorbt-numba", "backtesting", "scikit-learn") else 3
        return Program(owner, [venv, data.here / "peers" / script, owner, *words], rounds=rounds)

    peers = [
        *(peer(owner, "rules.py", "ema", data.minutes) for owner in
          ("numba", "vectorbt-numba", "vectorbt-rust", "raptorbt", "backtesting")),
        *(peer(owner, "rules.py", "sma", data.walk) for owner in ("numba", "vectorbt-numba", "vectorbt-rust", "raptorbt")),
        peer("numba", "rules.py", "bracket", data.walk),
        peer("numba", "stages.py", "labels", bars, data.events),
        *(peer(owner, "stages.py", "frame", bars) for owner in ("pandas", "TA-Lib")),
        *(peer(owner, "stages.py", "resample", bars) for owner in ("pandas", "polars", "duckdb")),
        *(peer(owner, "stages.py", "files", data.csv, data.parquet) for owner in ("pandas", "polars", "duckdb")),
        peer("scikit-learn", "stages.py", "forest", rows),
    ] if venv else []
    return own, floors, peers
