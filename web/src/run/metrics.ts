// SPDX-License-Identifier: Apache-2.0
// What the program says of each metric: GET /api/v1/metrics. Names, units and decimals come from there alone.

export interface MetricInfo {
  /** As in run.json, wherever the metric is named: "Sharpe Ratio". */
  key: string;
  /** Short, for heads: "Sharpe". */
  title: string;
  unit: string;
  basis: 'gross' | 'net' | 'none' | 'long' | 'short';
  formula: string;
  meaning: string;
  /** When there is no value. */
  undefined: string;
  decimals: number;
  /** Place among the figures that are shown first, from 1; 0 for the others. */
  headline: number;
  /** Above 0 is a gain, below 0 a loss. */
  gain: boolean;
}

/** Those that are shown first, of all trades and net of fees, in their order. */
export function headlines(metrics: Iterable<MetricInfo>): MetricInfo[] {
  return [...metrics]
    .filter((info) => info.headline > 0 && (info.basis === 'net' || info.basis === 'none'))
    .sort((a, b) => a.headline - b.headline);
}

/** The headline that counts the trades. */
export function tradeCount(metrics: Iterable<MetricInfo>): MetricInfo | undefined {
  return headlines(metrics).find((info) => info.unit === 'trades');
}

/** The headline that is the return on the capital, net of fees. */
export function capitalReturn(metrics: Iterable<MetricInfo>): MetricInfo | undefined {
  return headlines(metrics).find((info) => info.unit === '% of capital');
}
