// SPDX-License-Identifier: Apache-2.0
// The documents of a training: its report and the card of a model.
import type { Finding } from '../run/types';

export interface Bin {
  from: number;
  to: number;
  events: number;
  mean_probability: number | null;
  hit_rate: number | null;
}
export interface AtThreshold {
  threshold: number | null;
  events: number;
  hit_rate: number | null;
  mean_R_gross: number | null;
}
/** What a model says about events that it has not seen. */
export interface Scores {
  events: number;
  auc: number | null;
  log_loss: number | null;
  brier: number | null;
  brier_decomposition: { reliability: number; resolution: number; uncertainty: number; inside_bins: number } | null;
  calibration_error: number | null;
  take_every_event: {
    events: number;
    hit_rate: number | null;
    mean_R_gross: number | null;
    median_R_gross: number | null;
  };
  as_configured: (AtThreshold & { side: string })[];
  thresholds: AtThreshold[];
  calibration: Bin[];
}
export interface Permuted {
  auc_drop: number | null;
  log_loss_rise: number | null;
}
export interface Fold {
  fold: number;
  train_events: number;
  train_targets: number;
  purged_events: number;
  test_events: number;
  test_first: string | null;
  test_last: string | null;
  test: Scores | null;
  importance_of_training_events?: Record<string, number> | null;
  permutation_importance_of_test_events?: Record<string, Permuted> | null;
}
export interface TrainedInstrument {
  symbol: string;
  instrument_key: string;
  bars: number;
  events: number;
  complete: number;
  hit_rate_in_sample: number | null;
  mean_R_gross_in_sample: number | null;
  tested_out_of_fold: number;
  mean_R_gross_out_of_fold: number | null;
}
export interface TrainReport {
  model: string;
  learner: string;
  symbol: string | null;
  exchange: string;
  timeframe: string;
  profile: string;
  start: string;
  end: string;
  findings?: Finding[];
  warnings: string[];
  instruments: TrainedInstrument[];
  left_out: ({ symbol?: string; reason?: string; message?: string } | string)[];
  phases: Record<string, unknown>[];
  label_distribution_in_sample: { barrier_hit: string; label: number; events: number; share: number }[];
  outcomes_in_sample_gross: {
    event_type: string;
    side: string;
    events: number;
    hit_rate: number | null;
    mean_R: number | null;
    median_R: number | null;
  }[];
  folds_out_of_fold: Fold[];
  out_of_fold: Scores | null;
  importance_measure: string;
  importance_in_sample: Record<string, number> | null;
  permutation_importance_out_of_fold: Record<string, Permuted> | null;
  model_sha256: string;
}

export interface ModelRow {
  name: string;
  learner: string | null;
  symbol: string | null;
  timeframe: string | null;
  profile: string | null;
  train_start: string | null;
  train_end: string | null;
  events: number | null;
  auc: number | null;
  model_sha256: string | null;
  status: string;
}
export interface Card {
  name: string;
  instruments?: {
    key: string;
    symbol: string;
    exchange: string;
    training_window: { first_bar: string; last_bar: string };
    events: { found: number; used: number };
  }[];
  timeframe: string;
  training_window: { first_bar: string; last_bar: string } | null;
  feature_definition: string;
  /** Names alone on cards before version 4. */
  inputs: (string | { name: string; columns: string[] })[];
  rules: Record<string, unknown>;
  profile: string;
  data: { fingerprint: string; source: string; bars: number } | null;
  events: { found: number; used: number } | null;
  learner: Record<string, unknown>;
  versions: Record<string, string>;
  out_of_fold: Scores | null;
  model_file?: { name: string; bytes: number; sha256: string };
  card_sha256?: string;
  [key: string]: unknown;
}

export const OUTCOMES: Record<string, string> = {
  tp: 'target reached',
  sl: 'stopped out',
  time: 'time stop',
  square_off: 'square-off',
};
export const INPUTS: Record<string, string> = {
  vwap_dist: 'distance of the close from VWAP',
  ema_slope: 'slope of the 20-bar average',
  atr_pct: 'ATR as a share of the price',
  adx: 'strength of the trend (ADX)',
  hour: 'hour of the day',
  minute: 'minute of the hour',
  vol_z: 'volume against its recent mean',
};
