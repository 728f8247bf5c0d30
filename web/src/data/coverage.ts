// SPDX-License-Identifier: Apache-2.0
// Which days of a series are there, and one day on the chart.
import { calendar, type CalendarDay } from '../charts/calendar';
import { candles } from '../charts/candles';
import { api } from '../lib/api';
import { h } from '../lib/dom';
import { count, wallSeconds } from '../lib/format';
import { daysOf, MISSING_DAYS } from './days';
import type { Coverage, Series } from './types';

export async function coverageCalendar(
  series: Series,
  signal: AbortSignal,
  onDay: (day: string) => void,
): Promise<HTMLElement> {
  const coverage = await api.get<Coverage>(
    '/data/coverage',
    { symbol: series.symbol, exchange: series.exchange, timeframe: series.timeframe },
    signal,
  );
  const days = daysOf(coverage);
  const n = (state: CalendarDay['state']): number => days.filter((day) => day.state === state).length;
  const parts = [
    `${count(n('full'))} complete`,
    n('part') && `${count(n('part'))} with bars missing`,
    n('over') && `${count(n('over'))} with more bars than usual`,
    n('none') && `${count(n('none'))} missing in rows of ${MISSING_DAYS} and more`,
  ].filter(Boolean);
  return h(
    'div',
    null,
    h(
      'p',
      null,
      `${count(days.filter((day) => day.state !== 'none').length)} days with bars: ${parts.join(', ')}. Days are ` +
        `those of ${coverage.zone}; weekdays without a bar are left blank where they may be holidays.`,
    ),
    calendar({
      days,
      label: `Coverage of ${series.symbol} ${series.timeframe}`,
      onPick: (day) => {
        if (day.state !== 'none') onDay(day.date);
      },
    }),
  );
}

const INDICATORS = ['ema20', 'ema50', 'vwap', 'atr', 'adx', 'vol_z', 'swing_high', 'swing_low'];

export function dayChart(series: Series, day: string, signal: AbortSignal): HTMLElement {
  const chart = candles({
    label: `${series.symbol} ${series.timeframe}`,
    signal,
    timeframe: series.timeframe,
    indicators: INDICATORS,
    height: 24,
    load: (wanted, abort) =>
      api.columns(
        '/candles',
        {
          symbol: series.symbol,
          exchange: series.exchange,
          timeframe: wanted.timeframe,
          start: wanted.start,
          end: wanted.end,
          points: wanted.points,
          indicators: wanted.indicators.join(','),
        },
        abort,
      ),
  });
  const at = wallSeconds(`${day} 09:15`) ?? 0;
  chart.focus({ from: at, to: at + 6.25 * 3600 });
  return chart.element;
}
