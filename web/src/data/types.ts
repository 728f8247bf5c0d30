// SPDX-License-Identifier: Apache-2.0
// Stored series, what a check finds in them, and what an import understood and stored.

export interface Series {
  symbol: string;
  instrument_key: string;
  exchange: string;
  timeframe: string;
  first: string | null;
  last: string | null;
  bars: number | null;
  status: string;
}
export interface Coverage {
  symbol: string;
  timeframe: string;
  zone: string;
  /** expected null: no bars that day, a holiday or missing. */
  sessions: { date: string; bars: number; expected: number | null }[];
}

export type Severity = 'error' | 'warning' | 'info';
export interface Finding {
  check: string;
  severity: Severity;
  timestamp: string | null;
  count: number;
  detail: string;
}
export interface QualityOf {
  severity: Severity;
  count: number;
  places: number;
  unit: string;
  adjustments?: { ex_date: string; factor: string | number }[];
}
export interface CheckedSeries {
  symbol: string;
  instrument_key: string | null;
  timeframe: string;
  bars: number;
  first: string | null;
  last: string | null;
  quality: Record<string, QualityOf | number>;
  findings?: Finding[];
}

export interface Upload {
  id: string;
  name: string;
  bytes: number;
}
export interface Rejection {
  line: number;
  reason: string;
}
export interface PreviewBar {
  time: string;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number | null;
}
export interface PreviewSeries {
  symbol: string;
  instrument_key: string | null;
  timeframe: string;
  likely_timeframe: string | null;
  bars: number;
  first: string | null;
  last: string | null;
  new: number;
  duplicate: number;
  conflict: number;
  first_conflict: string | null;
  head: PreviewBar[];
  tail: PreviewBar[];
}
export interface PreviewFile {
  file: string;
  read: number;
  /** False: it goes on, and only these rows were looked at. */
  complete: boolean;
  rejected: number;
  problem: string | null;
  columns: { name: string; meaning: string | null }[];
  time: { text: string; form: string; read_as: string } | null;
  rejections: Rejection[];
  series: PreviewSeries[];
}
export interface Preview {
  zone: string;
  zone_from: string;
  stamp: string;
  timeframe: string;
  exchange: string;
  read: number;
  rejected: number;
  new: number;
  duplicate: number;
  conflict: number;
  problem: string | null;
  files: PreviewFile[];
}
export interface Imported {
  read: number;
  stored: number;
  duplicate: number;
  rejected: number;
  replaced: number;
  skipped: number;
  files: { file: string; rejections: Rejection[]; series: CheckedSeries[] }[];
}

export const CHECKS: Record<string, { title: string; means: string }> = {
  unreadable: { title: 'Unreadable file', means: 'A stored file is damaged. Import that stretch again.' },
  rejected_row: {
    title: 'Rows that are no bars',
    means: 'High below low, a price not above zero, text for a number: they were not stored.',
  },
  impossible_bar: {
    title: 'Impossible bars',
    means: 'High below low, open or close outside of it, or a price not above zero.',
  },
  bad_price: {
    title: 'Bad prices',
    means:
      'Prices jump to another level and come back: often another instrument’s. Do not trade on these days; import ' +
        'them again from another source.',
  },
  conflict: { title: 'Bars that disagree', means: 'One time, different values.' },
  timeframe: { title: 'Another timeframe', means: 'The series looks like a longer timeframe than it is stored as.' },
  future: { title: 'Bars from the future', means: 'They start later than now: check the zone of the times.' },
  split: {
    title: 'Split or bonus',
    means:
      'A jump overnight by a small ratio that stays. Look it up and record it: it is then applied whenever the bars ' +
        'are read.',
  },
  jump: { title: 'Jumps', means: 'A move that stays and is further than any daily price band.' },
  frozen: {
    title: 'Frozen prices',
    means: 'Bar after bar with the same four prices: a feed that stood still, a halt, or a price at its limit.',
  },
  spike: {
    title: 'Spikes',
    means:
      'A high or low far off the close before and the open after: stops and targets there may never have been traded.',
  },
  missing_days: { title: 'Missing days', means: 'Five or more trading days in a row without a bar.' },
  partial_session: { title: 'Partial sessions', means: 'Sessions that begin late or end early.' },
  gap: { title: 'Gaps', means: 'Missing bars between two bars of a session. Nothing is made up in their place.' },
  hours: { title: 'Other hours', means: 'Bars of most sessions where the calendar says closed.' },
  zone: { title: 'Another zone', means: 'Most bars lie outside of sessions, and another zone puts them inside.' },
  holiday: { title: 'Closed days', means: 'Bars on days without trading.' },
  out_of_session: { title: 'Outside trading hours', means: 'Left out by training and backtests.' },
  duplicate: { title: 'Repeated bars', means: 'The same bar more than once: kept once.' },
  no_volume: {
    title: 'Sessions without volume',
    means: 'VWAP is then the mean price, the volume score 0. Usual for an index.',
  },
  zero_volume: { title: 'Bars without volume', means: 'In sessions that have some.' },
};
