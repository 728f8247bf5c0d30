# SPDX-License-Identifier: Apache-2.0
"""Files as programs, brokers and exchanges write them, drawn at random: their columns, dates, stamps and order."""
import datetime
import gzip
import json
import zipfile

from kinds import DAY, EXCHANGES, IST, NEW_YORK, UTC, Member, length_of, starts, timeframe_text, walk

NSE, XNYS, ALL_DAY = EXCHANGES["NSE"], EXCHANGES["XNYS"], EXCHANGES["24x7"]


def draw(rng, exchange, minutes, volume="whole", decimals=None, most=150):
    times = starts(rng, exchange, minutes, length_of(rng, exchange, minutes))
    if exchange is ALL_DAY and minutes < DAY:
        times = times[rng.randrange(60):]
    return walk(rng, times if minutes < DAY and exchange is not ALL_DAY else times[:most], exchange, decimals, volume)


def save(path, lines, rng, ending=None):
    ending = ending or rng.choice(["\n", "\r\n"])
    text = ending.join(lines) + (ending if rng.random() < 0.9 else "")
    if rng.random() < 0.1:
        path += ".gz"
        with open(path, "wb") as file:
            file.write(gzip.compress(text.encode(), 1))
    else:
        with open(path, "w", encoding=rng.choice(["utf-8", "utf-8", "utf-8-sig"]), newline="") as file:
            file.write(text)
    return path


def options_of(exchange, minutes, rng, **more):
    """Of a user who names the timeframe or leaves it to be seen."""
    options = {} if exchange is NSE else {"exchange": exchange.name}
    if minutes < DAY and rng.random() < 0.5:
        options["timeframe"] = timeframe_text(minutes)
    elif minutes == DAY:
        options["timeframe"] = "1d"
    return {**options, **more}


def bare(text):
    return text.rstrip("0").rstrip(".") if "." in text else text


# ---- without a header --------------------------------------------------------------------------------------

def no_header(rng, name):
    """Rows alone: an instrument or none, the time in one column or two, prices in either usual order, volume, more."""
    exchange, minutes = rng.choice([NSE, XNYS, ALL_DAY]), rng.choice([1, 5, 15, DAY])
    bars = draw(rng, exchange, minutes, rng.choice(["whole", "fraction", "zeros"]))
    form = rng.choice(["%Y-%m-%d", "%Y%m%d", "%Y.%m.%d", "%Y%m%dT"]) if minutes == DAY else rng.choice(
        ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%Y.%m.%d,%H:%M", "%Y%m%d %H%M%S", "%Y%m%d,%H:%M", "%Y-%m-%d %H:%M", "%Y%m%d,%H%M%S", "ms", "s"])
    order = rng.choice([(1, 2, 3, 4), (1, 2, 3, 4), (1, 4, 2, 3)])  # (1, 4, 2, 3): open, close, high, low
    separator = rng.choice([",", ",", ";", "\t"])
    ticker = rng.choice(["", "", "ABC"])
    with_volume = rng.random() < 0.85
    lines = []
    for b in bars:
        time = str(round(b.time.timestamp()) * (1000 if form == "ms" else 1)) if form in ("ms", "s") else b.time.strftime(form)
        cells = [*([ticker] if ticker else []), *time.split(","), *(bare(b[i]) for i in order)]
        if with_volume:
            cells.append(b.volume)
        lines.append(separator.join(cells))
    more = [rng.choice(["0", "7"]) for _ in range(rng.choice([0, 0, 1, 2]) if with_volume else 0)]
    lines = [separator.join([line, *more]) for line in lines]
    if rng.random() < 0.3:
        lines.reverse()
    options = options_of(exchange, minutes, rng)
    if "." in form:
        options["exchange"] = exchange.name
    if not with_volume:
        bars = [b._replace(volume="0") for b in bars]
    first = 1 + bool(ticker) + form.count(",")
    columns = {"columns": ",".join([*(["1=symbol"] if ticker else []), f"{1 + bool(ticker)}=time",
                                    *([f"{2 + bool(ticker)}=time of day"] if "," in form else []),
                                    *(f"{first + 1 + k}={('', 'open', 'high', 'low', 'close')[i]}" for k, i in enumerate(order)),
                                    *([f"{first + 5}=volume"] if with_volume else [])])}
    return Member(save(name + rng.choice([".csv", ".txt"]), lines, rng), {(None, minutes): bars}, options, columns,
                  f"{exchange.name} {minutes}m {form} {order} {separator!r} {ticker} volume {with_volume} more {more}")


# ---- ends of bars, other zones -----------------------------------------------------------------------------

def ends_of_bars(rng, name):
    """Times that name the end of the bar: refused with --stamp close, or read so where that is said."""
    exchange, minutes = rng.choice([NSE, XNYS]), rng.choice([1, 5, 15, 30])
    bars = draw(rng, exchange, minutes)
    late = rng.choice([0, 0, -1])  # 09:15:59, as some write it
    lines = ["timestamp,open,high,low,close,volume"]
    for b in bars:
        end = b.time + datetime.timedelta(minutes=minutes, seconds=late)
        lines.append(",".join([end.strftime(rng.choice(["%Y-%m-%d %H:%M:%S"])), *b[1:]]))
    return Member(save(name + ".csv", lines, rng), {(None, minutes): bars}, options_of(exchange, minutes, rng), {"stamp": "close"},
                  f"{exchange.name} {minutes}m late {late}")


def other_zone(rng, name):
    """Wall times of a zone that is not the exchange's: refused with --tz, or read so where that is said."""
    exchange, minutes = rng.choice([NSE, XNYS]), rng.choice([1, 5, 15, 30])
    zone = rng.choice(["UTC", "America/New_York" if exchange is NSE else "Asia/Kolkata", "Europe/London", "Asia/Tokyo", "America/Chicago", "Asia/Dubai", "Asia/Singapore", "America/Los_Angeles"])
    bars = draw(rng, exchange, minutes)
    import zoneinfo
    there = zoneinfo.ZoneInfo(zone)
    lines = ["time;open;high;low;close;volume"]
    lines += [";".join([b.time.astimezone(there).strftime("%Y-%m-%d %H:%M"), *b[1:]]) for b in bars]
    return Member(save(name + ".csv", lines, rng), {(None, minutes): bars}, options_of(exchange, minutes, rng), {"tz": zone},
                  f"{exchange.name} {minutes}m in {zone}")


EVENINGS = [datetime.datetime(2017, 10, 19, 18, 30, tzinfo=IST), datetime.datetime(2023, 11, 12, 18, 15, tzinfo=IST),
            datetime.datetime(2024, 11, 1, 18, 0, tzinfo=IST)]


def evenings(rng, name):
    """An hour of an evening, alone or behind an ordinary day: as it is, in UTC, or with the ends of bars."""
    minutes, opens = rng.choice([1, 5, 15]), rng.choice(EVENINGS)
    times = [opens + datetime.timedelta(minutes=k) for k in range(0, 60, minutes)]
    if rng.random() < 0.5:
        before = opens.date() - datetime.timedelta(days=3 if opens.weekday() == 6 else 1)
        times = starts(rng, NSE, minutes, 1, before) + times
    bars = walk(rng, times, NSE)
    way = rng.choice(["plain", "utc", "ends"])
    lines = ["time,open,high,low,close,volume"]
    for b in bars:
        time = b.time.astimezone(UTC) if way == "utc" else b.time + datetime.timedelta(minutes=minutes if way == "ends" else 0)
        lines.append(",".join([time.strftime("%Y-%m-%d %H:%M:%S"), *b[1:]]))
    more = {"plain": None, "utc": {"tz": "UTC"}, "ends": {"stamp": "close"}}[way]
    return Member(save(name + ".csv", lines, rng), {(None, minutes): bars}, options_of(NSE, minutes, rng), more,
                  f"{opens:%Y-%m-%d} {minutes}m {way}, {len(bars)} bars")


# ---- exchanges ---------------------------------------------------------------------------------------------

SYMBOLS = ["RELIANCE", "TCS", "M&M", "BAJAJ-AUTO", "INFY", "NIFTYBEES", "20MICRONS", "3MINDIA", "TRUE", "NA", "ONGC"]


def bhavcopy(rng, name):
    """A day of all shares, in one of the three forms of NSE; the share and its other series."""
    day = starts(rng, NSE, DAY, 1)
    bars = {(symbol, DAY): walk(rng, day, NSE) for symbol in rng.sample(SYMBOLS[:9], rng.randint(3, 9))}
    form = rng.choice(["old", "full", "udiff"])
    lines = {"old": ["SYMBOL,SERIES,OPEN,HIGH,LOW,CLOSE,LAST,PREVCLOSE,TOTTRDQTY,TOTTRDVAL,TIMESTAMP,TOTALTRADES,ISIN,"],
             "full": ["SYMBOL, SERIES, DATE1, PREV_CLOSE, OPEN_PRICE, HIGH_PRICE, LOW_PRICE, LAST_PRICE, CLOSE_PRICE, AVG_PRICE, TTL_TRD_QNTY, TURNOVER_LACS, NO_OF_TRADES, DELIV_QTY, DELIV_PER"],
             "udiff": ["TradDt,BizDt,Sgmt,Src,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,FinInstrmNm,OpnPric,HghPric,LwPric,ClsPric,LastPric,PrvsClsgPric,UndrlygPric,SttlmPric,OpnIntrst,ChngInOpnIntrst,TtlTradgVol,TtlTrfVal,TtlNbOfTxsExctd,SsnId,NewBrdLotQty,Rmks,Rsvd1,Rsvd2,Rsvd3,Rsvd4"]}[form]
    rows = []

    def row(symbol, series, b):
        t = b.time
        if form == "old":
            return f"{symbol},{series},{b.open},{b.high},{b.low},{b.close},{b.low},{b.open},{b.volume},123456.5,{t.strftime('%d-%b-%Y').upper()},77,INE0,"
        if form == "full":
            return f"{symbol}, {series}, {t:%d-%b-%Y}, {b.open}, {b.open}, {b.high}, {b.low}, {b.low}, {b.close}, {b.high}, {b.volume}, 12.5, 77, -, -"
        return f"{t:%Y-%m-%d},{t:%Y-%m-%d},CM,NSE,STK,77,INE0,{symbol},{series},,,,,{symbol} LTD,{b.open},{b.high},{b.low},{b.close},{b.low},{b.open},,{b.close},,,{b.volume},123.5,77,F1,1,,,,,"

    for (symbol, _), (b,) in list(bars.items()):
        rows.append(row(symbol, "EQ", b))
        if rng.random() < 0.3:
            other = walk(rng, day, NSE)
            bars[f"{symbol}-N1", DAY] = other
            rows.append(row(symbol, "N1", other[0]))
    rng.shuffle(rows)
    path = save(f"{name}.csv", lines + rows, rng)
    return Member(path, bars, {"timeframe": "1d"} if rng.random() < 0.5 else {}, None, form)


def nse_history(rng, name):
    """The history of one share or index, as the exchange's pages give it: newest first, thousands, month names."""
    bars = draw(rng, NSE, DAY)
    kind = rng.choice(["share", "index"])
    if kind == "share":
        lines = ['"Date ","series ","OPEN ","HIGH ","LOW ","PREV. CLOSE ","ltp ","close ","vwap ","52W H","52W L ","VOLUME ","VALUE ","No of trades "']
        for b in reversed(bars):
            group = [f"{float(p):,.2f}" for p in b[1:5]]
            lines.append(f'"{b.time:%d-%b-%Y}","EQ","{group[0]}","{group[1]}","{group[2]}","{group[0]}","{group[1]}","{group[3]}","{group[2]}","9,999.00","1.00","{int(b.volume):,}","1,234.50","1,234"')
    else:
        lines = ['"Index Name","Date","Open","High","Low","Close"']
        lines += [f'"NIFTY 50","{b.time:%d %b %Y}","{b.open}","{b.high}","{b.low}","{b.close}"' for b in reversed(bars)]
        bars = [b._replace(volume="0") for b in bars]
    key = ("NIFTY 50" if kind == "index" else None, DAY)
    return Member(save(name + ".csv", lines, rng), {key: bars}, {"timeframe": "1d"}, None, kind)


# ---- programs ----------------------------------------------------------------------------------------------

def yahoo(rng, name):
    """Old and new downloads: one header, two or three, alphabetical, adjusted closes beside, rows of null."""
    exchange, minutes = rng.choice([NSE, XNYS]), rng.choice([DAY, DAY, 5, 15])
    bars = draw(rng, exchange, minutes)
    ticker = "ABC.NS" if exchange is NSE else "ABC"
    form = rng.choice(["old", "two", "three"])
    stamp = (lambda t: f"{t:%Y-%m-%d}") if minutes == DAY else (lambda t: f"{t.astimezone(UTC):%Y-%m-%d %H:%M:%S}+00:00")
    head = "Date" if minutes == DAY else "Datetime"
    names = rng.choice([["Close", "High", "Low", "Open", "Volume"], ["Adj Close", "Close", "High", "Low", "Open", "Volume"]])
    place = {"Open": 1, "High": 2, "Low": 3, "Close": 4, "Volume": 5}

    def cells(b):
        return [b[place[n]] if n in place else f"{float(b.close) * 0.9:.6f}" for n in names]
    if form == "old":
        lines = [f"{head},Open,High,Low,Close,Adj Close,Volume"]
        for b in bars:
            lines.append(",".join([stamp(b.time), *b[1:5], f"{float(b.close) * 0.9:.6f}", b.volume]))
            if rng.random() < 0.05:
                lines.append(f"{stamp(b.time + datetime.timedelta(minutes=1))},null,null,null,null,null,null")
    else:
        blank = "," * len(names)
        lines = {"two": [head + "," + ",".join(names), "," + ",".join([ticker] * len(names))],
                 "three": ["Price," + ",".join(names), "Ticker," + ",".join([ticker] * len(names)), head + blank]}[form]
        lines += [",".join([stamp(b.time), *cells(b)]) for b in bars]
    return Member(save(name + ".csv", lines, rng), {(None, minutes): bars}, options_of(exchange, minutes, rng), None, f"{form} {minutes} {names}")


def tradingview(rng, name):
    """A chart's export: epochs or times with an offset, indicators behind, names twice."""
    exchange, minutes = rng.choice([NSE, XNYS, ALL_DAY]), rng.choice([1, 5, 15, 60, DAY])
    bars = draw(rng, exchange, minutes)
    iso = rng.random() < 0.5
    behind = rng.choice([[], ["Volume"], ["Volume", "Volume MA"], ["EMA", "EMA", "Volume"], ["Plot", "Plot", "Plot"]])
    lines = [",".join(["time", "open", "high", "low", "close", *behind])]
    for b in bars:
        text = b.time.strftime("%Y-%m-%dT%H:%M:%S%z")
        time = (text[:-2] + ":" + text[-2:]) if iso else str(int(b.time.timestamp()))
        lines.append(",".join([time, *b[1:5], *(b.volume if n == "Volume" else b.close for n in behind)]))
    if "Volume" not in behind:
        bars = [b._replace(volume="0") for b in bars]
    path = save(f"{name.replace('tradingview', 'EX_TV')}, {minutes if minutes < DAY else '1D'}.csv", lines, rng)
    return Member(path, {(None, minutes): bars}, options_of(exchange, minutes, rng), None, f"{exchange.name} {minutes}m iso {iso} {behind}")


def metatrader(rng, name):
    """Bars of MetaTrader 4 and 5: brackets or plain names or none, tabs or commas, the volume in ticks."""
    minutes = rng.choice([1, 5, 15, 60, DAY])
    bars = draw(rng, ALL_DAY, minutes, volume="whole")
    form = rng.choice(["brackets", "lower", "one", "bare", "python"])
    sep = "\t" if form in ("brackets", "lower") else ","
    head = {"brackets": "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>",
            "lower": "date\ttime\topen\thigh\tlow\tclose\ttickvolume\tvolume\tspread", "one": "Date,Open,High,Low,Close,Tickvol,Volume,Spread",
            "python": "time,open,high,low,close,tick_volume,spread,real_volume"}.get(form)
    if form == "brackets" and minutes == DAY:
        head = head.replace("<TIME>\t", "")
    lines = [head] if head else []
    for b in bars:
        date, clock = f"{b.time:%Y.%m.%d}", f"{b.time:%H:%M:%S}"
        cells = {"brackets": [date, *([clock] if minutes < DAY else []), *b[1:6], "0", "7"], "lower": [date, clock, *b[1:6], "0", "7"],
                 "one": [f"{date} {clock}", *b[1:6], "0", "7"], "bare": [date, clock[:5], *b[1:6]],
                 "python": [str(int(b.time.timestamp())), *b[1:6], "7", "0"]}[form]
        lines.append(sep.join(cells))
    options = options_of(ALL_DAY, minutes, rng)
    if rng.random() < 0.5:
        del options["exchange"]  # the columns and dates are those of the program
    return Member(save(name + ".csv", lines, rng), {(None, minutes): bars}, options, None, f"{form} {minutes}m {options}")


def crypto(rng, name):
    """Binance with and without header, CryptoDataDownload, Bybit, Dukascopy, histdata."""
    minutes = rng.choice([1, 5, 60, DAY])
    bars = draw(rng, ALL_DAY, minutes, volume="fraction")
    form = rng.choice(["binance", "binance-us", "binance-header", "cdd", "bybit", "dukascopy"])
    options, lines = options_of(ALL_DAY, minutes, rng), []
    for b in bars:
        s = int(b.time.timestamp())
        end, unit = s + 60 * minutes, 10 ** 6 if form == "binance-us" else 1000
        quote = f"{float(b.volume) * float(b.close):.5f}"
        if form.startswith("binance"):
            time = b.time.strftime("%Y-%m-%d %H:%M:%S+00:00") if form == "binance-header" and len(name) % 2 else str(s * unit)
            lines.append(",".join([time, *b[1:6], str(end * unit - 1), quote, "12", b.volume, quote, "0"]))
        elif form == "cdd":
            lines.append(f"{s},{b.time:%Y-%m-%d %H:%M:%S},BTC/USDT,{b.open},{b.high},{b.low},{b.close},{b.volume},{quote},12")
        elif form == "bybit":
            lines.append(f"{s * 1000},{b.time:%Y-%m-%d},{b.open},{b.high},{b.low},{b.close},{b.volume},{quote}")
        else:
            lines.append(f"{b.time:%d.%m.%Y %H:%M:%S.000},{b.open},{b.high},{b.low},{b.close},{b.volume}")
    symbol = "BTC/USDT" if form == "cdd" else None
    if form in ("cdd", "bybit") and rng.random() < 0.7:
        lines.reverse()
    head = {"binance-header": "open_time,open,high,low,close,volume,close_time,quote_asset_volume,number_of_trades,taker_buy_base_asset_volume,taker_buy_quote_asset_volume,ignore",
            "cdd": "unix,date,symbol,open,high,low,close,Volume BTC,Volume USDT,tradecount",
            "bybit": "timestamp,date,open,high,low,close,volume,turnover", "dukascopy": "Gmt time,Open,High,Low,Close,Volume"}.get(form)
    if form == "cdd":
        lines.insert(0, head)
        lines.insert(0, "https://www.CryptoDataDownload.example")
    elif head:
        lines.insert(0, head)
    return Member(save(name + ".csv", lines, rng), {(symbol, minutes): bars}, options, None, f"{form} {minutes}m")


def several_symbols(rng, name):
    """Long tables of several instruments, by day or by symbol, with a column of timeframes now and then."""
    exchange = rng.choice([NSE, XNYS])
    minutes = rng.choice([1, 5, DAY])
    names = rng.sample(SYMBOLS, rng.randint(2, 4))
    day = starts(rng, exchange, minutes, 3 if minutes < DAY else 30)
    bars = {(n, minutes): walk(rng, day[:120], exchange) for n in names}
    head = rng.choice(["symbol", "ticker", "Symbol", "tradingsymbol", "TckrSymb", "Stock", "scrip", "name"])
    form = rng.choice(["%Y-%m-%d %H:%M:%S", "%d-%m-%Y %H:%M", "%m/%d/%Y %H:%M"]) if minutes < DAY else rng.choice(["%Y-%m-%d", "%d-%b-%Y", "%d/%m/%Y"])
    interval = rng.random() < 0.3
    rows = [(n, b) for (n, _), list_ in bars.items() for b in list_]
    if rng.random() < 0.5:
        rows.sort(key=lambda row: row[1].time)
    lines = [",".join(["date", head, "open", "high", "low", "close", "volume", *(["interval"] if interval else [])])]
    word = {1: ["1m", "minute", "1min", "1"], 5: ["5m", "5minute", "5"], DAY: ["D", "1d", "day"]}[minutes]
    word = rng.choice(word)
    lines += [",".join([b.time.strftime(form), n, *b[1:6], *([word] if interval else [])]) for n, b in rows]
    return Member(save(name + ".csv", lines, rng), bars, options_of(exchange, minutes, rng), {"date-format": form}, f"{head} {form} {interval and word}")


# ---- JSON --------------------------------------------------------------------------------------------------

def number(text):
    return float(text) if "." in text else int(text)


def any_json(rng, name):
    """Answers of brokers and exchanges, and what pandas writes."""
    exchange = rng.choice([NSE, XNYS, ALL_DAY])
    minutes = rng.choice([1, 5, 15, DAY])
    bars = draw(rng, exchange, minutes, volume="whole" if exchange is not ALL_DAY else "fraction")
    texts = rng.random() < 0.2
    epoch = rng.choice(["", "s", "ms"])
    value = (lambda t: t) if texts else number

    def time(b):
        if epoch:
            return int(b.time.timestamp()) * (1000 if epoch == "ms" else 1)
        text = b.time.strftime("%Y-%m-%dT%H:%M:%S%z")
        return {0: text, 1: text[:-2] + ":" + text[-2:], 2: f"{b.time:%Y-%m-%d %H:%M:%S}"}[style]
    style = rng.randrange(3)
    rows = [[time(b), *map(value, b[1:6])] for b in (bars if rng.random() < 0.7 else reversed(bars))]
    names = rng.choice([["time", "open", "high", "low", "close", "volume"], ["t", "o", "h", "l", "c", "v"], ["date", "Open", "High", "Low", "Close", "Volume"]])
    records = [dict(zip(names, r)) for r in rows]
    columns = {n: [r[i] for r in rows] for i, n in enumerate(names)}
    forms = {
        "arrays": rows, "kite": {"status": "success", "data": {"candles": rows}}, "upstox": {"status": "success", "data": {"candles": [[*r, 0] for r in rows]}},
        "fyers": {"s": "ok", "candles": rows}, "records": records, "lines": None, "columns": columns,
        "split": {"columns": names[1:], "index": [r[0] for r in rows], "data": [r[1:] for r in rows]},
        "split-0": {"columns": names, "index": list(range(len(rows))), "data": rows},
        "by-index": {str(r[0]): dict(zip(names[1:], r[1:])) for r in rows},
        "by-column": {n: {str(r[0]): r[i] for r in rows} for i, n in enumerate(names) if i},
        "results": {"ticker": "ABC", "queryCount": len(rows), "results": records, "status": "OK"},
        "bars": {"bars": records, "next_page_token": None, "symbol": "ABC"},
        "meta-values": {"meta": {"symbol": "ABC", "interval": "x"}, "values": records, "status": "ok"},
        "payload": {"data": {"payload": {"rows": records}}},
        "nested": {"result": {"list": [[str(c) for c in r] + ["123.5"] for r in rows]}},
    }
    form = rng.choice(list(forms))
    path = name + ".json"
    with open(path, "w", encoding="utf-8") as file:
        if form == "lines":
            file.write("\n".join(json.dumps(r) for r in records))
        else:
            json.dump(forms[form], file, indent=rng.choice([None, 1]))
    key = ("ABC" if form in ("results", "bars", "meta-values") else None, minutes)
    return Member(path, {key: bars}, options_of(exchange, minutes, rng), None, f"{form} {exchange.name} {minutes}m {epoch or style} {names[0]} texts {texts}")


def exchange_json(rng, name):
    """Arrays whose places only their exchange's page tells: read by their values, or refused with --columns."""
    minutes = rng.choice([1, 5, 60])
    bars = draw(rng, ALL_DAY, minutes, volume="fraction")
    form = rng.choice(["coinbase", "bitfinex", "kraken", "okx", "kucoin", "gate", "binance"])
    rows = []
    for b in bars:
        s, (o, h, l, c, v) = int(b.time.timestamp()), map(float, b[1:6])
        rows.append({"coinbase": [s, l, h, o, c, v], "bitfinex": [s * 1000, o, c, h, l, v], "kraken": [s, *b[1:5], f"{(h + l) / 2:.5f}", b.volume, 12],
                     "okx": [str(s * 1000), *b[1:6], "1.5", "2.5", "1"], "kucoin": [str(s), b.open, b.close, b.high, b.low, b.volume, "77.5"],
                     "gate": [str(s), "1234.5", b.close, b.high, b.low, b.open, b.volume, "true"],
                     "binance": [s * 1000, *b[1:6], (s + 60 * minutes) * 1000 - 1, "12.5", 7, "1.5", "2.5", "0"]}[form])
    if form in ("coinbase", "bitfinex", "okx", "kucoin"):
        rows.reverse()
    places = {"coinbase": "1=time,2=low,3=high,4=open,5=close,6=volume", "bitfinex": "1=time,2=open,3=close,4=high,5=low,6=volume",
              "kraken": "1=time,2=open,3=high,4=low,5=close,7=volume", "okx": "1=time,2=open,3=high,4=low,5=close,6=volume",
              "kucoin": "1=time,2=open,3=close,4=high,5=low,6=volume", "gate": "1=time,3=close,4=high,5=low,6=open,7=volume",
              "binance": "1=time,2=open,3=high,4=low,5=close,6=volume"}[form]
    document = {"kraken": {"error": [], "result": {"XXBTZUSD": rows, "last": 1}}, "okx": {"code": "0", "msg": "", "data": rows},
                "kucoin": {"code": "200000", "data": rows}}.get(form, rows)
    path = name + ".json"
    with open(path, "w", encoding="utf-8") as file:
        json.dump(document, file)
    options = options_of(ALL_DAY, minutes, rng)
    return Member(path, {(None, minutes): bars}, options, {"columns": places}, f"{form} {minutes}m")
