// SPDX-License-Identifier: Apache-2.0
// What each check compares, in words, and what a failure of it means. docs/audit.md says the same at length.

export interface Explanation {
  how: string;
  failed: string;
}

export const EXPLANATIONS: Record<string, Explanation> = {
  data: {
    how: 'What is known to be wrong with the bars of the window and of its warm-up, as a backtest finds it.',
    failed: 'The bars have errors that were accepted. Mend the bars: what rests on them is not believable.',
  },
  fills: {
    how: 'The price of every fill, before slippage, against low and high of its bar; its share of the bar’s volume; ' +
      'the result with every entry one bar later, and with twice the slippage.',
    failed: 'Prices were filled that no one traded. stop_fill=level of the profile reference does so at a gap.',
  },
  sessions: {
    how: 'The times of all bars and fills against the hours of the exchange on that day.',
    failed: 'Something was traded while the exchange was closed.',
  },
  'corporate actions': {
    how: 'At each recorded split or bonus: whether a jump of its size is left, and whether features and events ' +
      'before it are the same in old and in new shares.',
    failed: 'The split is recorded on another day, twice, the wrong way round, or something depends on the price ' +
      'of one share.',
  },
  seed: {
    how: 'The model trained once more from the same rows and seed, which must give the same file; then by four other ' +
      'seeds, each run as the model is run.',
    failed: 'The same rows and seed give another model.',
  },
  'batch = stream': {
    how: 'The bars once more, one after the other through the functions that live trading calls: resampling, ' +
      'features, events, the strategy’s answer with the model’s probabilities, and the steps of the replay. Every ' +
      'value is held against what training and backtest compute at once, bit for bit.',
    failed:
      'Live trading would see other values than the backtest did. Settings that look ahead cause this: the stream ' +
        'runs without them.',
  },
  prefix: {
    how: 'Features, events and signals of the first k bars against the first k rows of those of all bars: 200 ' +
      'prefixes that end at events, 200 at even distances.',
    failed:
      'A row changes with bars after it: it knows the future. The detail says how many bars ahead each feature looks ' +
        'at least.',
  },
  'warm-up': {
    how: 'The features of the window’s first 64 bars, with the warm-up of the settings and with every bar there is ' +
      'before the window. The smallest warm-up that is enough is found for each feature.',
    failed:
      'The averages begin too close to the window: the first signals would differ with more history. Raise ' +
        'warmup_days, or set it to all.',
  },
  'end extension': {
    how: 'All stages over bars that end with the window, and over bars that go on after it, real ones and made-up ' +
      'ones at four times the price. No feature, label, signal, outcome or trade of the window may change.',
    failed: 'What comes after the window changes what happened in it.',
  },
  'label = exit': {
    how: 'Without costs every event that can be traded is traded, and each trade is held against its label: entry ' +
      'price, exit price, exit bar, reason.',
    failed:
      'The model learns outcomes that no trade has. Under the profile reference this is so on purpose: labels enter ' +
        'at the next open, trades at the signal’s close.',
  },
  'train = serve': {
    how: 'The model’s card against instrument, timeframe, bar, feature, event and label rules at hand; and how many ' +
      'trades lie inside its training window.',
    failed: 'The model would be asked about something else than it was trained on: a backtest refuses it.',
  },
  martingale: {
    how: 'The same settings on made-up bars on which nothing can be earned. Mean R by event type and side, with ' +
      'ambiguous bars counted as stops and as targets, beside four standard errors.',
    failed:
      'The rules earn where nothing can be earned: something knows the future. Or they lose before costs: a rule ' +
        'gives money away. No single bar is to blame, so no chart is shown.',
  },
  ambiguity: {
    how: 'Trades whose exit bar had stop and target inside: nobody knows which came first. The total with all of ' +
      'them stops, with all of them targets, and with the one-minute bars asked.',
    failed: '',
  },
  determinism: {
    how: 'Three backtests from the request on: one alone, then two at once on two threads. All must have one ' +
      'fingerprint.',
    failed: 'The same request gave different results.',
  },
  costs: {
    how: 'From gross to net, and what costs may be before nothing is left: rupees a trade, and basis points of ' +
      'turnover, entry and exit both counted.',
    failed: '',
  },
};

/** What the series of a first difference is called in charts; those without a line of their own are left out. */
export const INDICATORS = ['ema20', 'ema50', 'vwap', 'atr', 'adx', 'vol_z', 'swing_high', 'swing_low'] as const;
