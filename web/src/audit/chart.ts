// SPDX-License-Identifier: Apache-2.0
// The bar that a failed check points at, on its chart, with the series that differs there.
import type { AuditRequest } from '../api/requests';
import { candles } from '../charts/candles';
import { api } from '../lib/api';
import type { Finding } from '../run/types';
import { h } from '../lib/dom';
import { localTime, wallSeconds } from '../lib/format';
import { INDICATORS } from './explain';

export interface AuditCheck {
  check: string;
  compared: string;
  cases: number;
  mismatches: number;
  verdict: 'pass' | 'fail' | 'skipped' | 'shown';
  detail: string;
  proves?: string | null;
  series?: string | null;
  /** Start of the first offending bar. */
  first?: string | null;
  /** What a reader may believe of it. */
  plain?: string | null;
}
export interface Audit {
  checks: AuditCheck[];
  findings?: Finding[];
  warnings?: string[];
}

/** So that days before and after are in view; the chart adds three times as much on either side. */
function around(timeframe: string): number {
  const [, n = '1', unit = 'm'] = /^(\d+)([mhdw])$/.exec(timeframe) ?? [];
  const seconds = Number(n) * ({ m: 60, h: 3600, d: 86400, w: 604800 }[unit] ?? 60);
  return Math.max(seconds * 20, seconds < 300 ? 6000 : 86400);
}

export function offendingChart(check: AuditCheck, request: AuditRequest, signal: AbortSignal): HTMLElement {
  const time = wallSeconds(check.first) ?? 0;
  const series = check.series ?? '';
  const drawn = INDICATORS.filter((name) => name === series);
  const chart = candles({
    label: `${request.symbol} ${request.timeframe} around ${localTime(check.first)}`,
    signal,
    timeframe: request.timeframe,
    indicators: INDICATORS,
    shown: drawn,
    height: 22,
    load: (wanted, abort) =>
      api.columns(
        '/candles',
        {
          symbol: request.symbol,
          exchange: request.exchange,
          timeframe: wanted.timeframe,
          start: wanted.start,
          end: wanted.end,
          points: wanted.points,
          indicators: wanted.indicators.join(','),
        },
        abort,
      ),
  });
  chart.marks([{ id: check.check, time, kind: 'bad', text: series || 'here' }]);
  chart.focus({ from: time - around(request.timeframe), to: time + around(request.timeframe) });
  return h(
    'div',
    { class: 'offending' },
    h('h3', null, `The first bar: ${localTime(check.first)}, ${series}`),
    h(
      'p',
      { class: 'small quiet' },
      drawn.length ? `${series} is drawn as it is known bar by bar. ` : '',
      'The marked bar is the earliest where the two ways of computing differ.',
    ),
    chart.element,
  );
}
