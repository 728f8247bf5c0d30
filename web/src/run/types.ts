// SPDX-License-Identifier: Apache-2.0
// The documents of a run, as GET /api/v1/runs/{id} and what lies below it give them.
import type { Source } from '../lib/api';
import type { Place } from '../lib/router';
import type { MetricInfo } from './metrics';

/** What is known to be wrong, as docs/findings.md lists it. */
export interface Finding {
  code: string;
  severity: 'error' | 'warning' | 'info';
  what: string;
  where: string | null;
  count: number;
  effect: string;
  remedy: string;
  accepted?: boolean;
}

export interface Run {
  run_id: string;
  status: string;
  message: string | null;
  created: string;
  fingerprint: string | null;
  strategy: string;
  symbol: string;
  timeframe: string;
  profile: string;
  start: string | null;
  end: string | null;
  metrics: Record<string, number | null> | null;
  metrics_basis?: string;
  not_annualised?: string | null;
  events: Record<string, number> | null;
  in_sample_trades: number | null;
  findings?: Finding[];
  warnings: string[] | null;
  request: Record<string, unknown> | null;
  config: Record<string, unknown> | null;
  fees: Record<string, unknown> | null;
  data: Record<string, unknown> | null;
  model: { name: string; sha256: string; train_begin: string; train_end: string } | null;
  signals: unknown;
  version: string;
  trials?: Record<string, number | string | null> | null;
  /** What changed since in the stored bars that it was made on. */
  data_changed?: string;
}

export interface Trade {
  n: number;
  entry_ts: string;
  exit_ts: string;
  direction: string;
  qty: number;
  entry_price: number;
  exit_price: number;
  stop: number | null;
  target: number | null;
  pnl: number;
  fees: number;
  pnl_net: number;
  r: number | null;
  r_net: number | null;
  mae_r: number | null;
  mfe_r: number | null;
  bars_held: number;
  exit_reason: string;
  event_type: string | null;
  probability: number | null;
  in_sample: number | boolean | null;
  /** The cap that cut the quantity; absent in runs of earlier versions. */
  capped_by?: string | null;
  tag: string | null;
}

/** A candidate of the strategy and what became of it. */
export interface RunEvent {
  ts: string;
  side: string;
  event_type: string | null;
  probability: number | null;
  fate: string;
  quantity: number | null;
  entry_price_at_event: number | null;
  atr_at_event: number | null;
  capped_by?: string | null;
}

/** What every part of a run's view gets. */
export interface RunContext {
  run: Run;
  source: Source;
  signal: AbortSignal;
  metrics: ReadonlyMap<string, MetricInfo>;
  /** Of the page; absent in a report. */
  place?: Place;
}

export const CANDIDATE_OUTCOMES: Record<string, string> = {
  executed: 'became a trade',
  rejected_model: 'the model’s probability was below the threshold',
  cooldown: 'too few bars after the last trade',
  daily_limit: 'the day had its trades',
  in_position: 'a position was open',
  kill_switch: 'the drawdown limit was reached',
  superseded: 'another event of the same bar went first',
  no_atr: 'no ATR yet',
  bad_horizon: 'the time stop was no number of bars',
  bad_levels: 'stop and target were on the wrong side of the price',
  stop_below_tick: 'the stop was nearer than a tick',
  below_one_lot: 'the size came to less than one lot',
  no_next_bar: 'there was no bar to fill on',
  session_end: 'the session ended first',
  duplicate: 'the same signal had come before',
  product_no_short: 'the product cannot be sold short',
  max_positions: 'the account held as many positions as it may',
  stale_history: 'sessions were missing before the stream, and its warm-up was not whole',
};

export const EXITS: Record<string, string> = {
  stop_loss: 'left at the stop',
  take_profit: 'left at the target',
  time_stop: 'held for the longest time allowed',
  square_off: 'closed at the square-off time',
  exit_signal: 'the strategy said so',
  kill_switch: 'the drawdown limit was reached',
  data_hole: 'more than five sessions have no bars behind it',
  end_of_data: 'open on the last bar',
};

/** What a cap limits. */
export const CAPS: Record<string, string> = {
  leverage: 'the equity times the largest leverage',
  max_gross: 'what all positions together may be worth',
  max_position_size: 'the largest quantity of a trade',
  equity_cap: 'the 1,000 shares of equity_cap=initial',
  cash: 'what the cash pays, fee included',
};

/** "rejected_model" -> "rejected model" */
export const words = (name: string): string => name.replaceAll('_', ' ');
