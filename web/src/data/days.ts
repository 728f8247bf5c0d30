// SPDX-License-Identifier: Apache-2.0
// The days of a series: complete, in part, or missing.
import type { CalendarDay } from '../charts/calendar';
import { count } from '../lib/format';
import type { Coverage } from './types';

/** As many trading days in a row without a bar are missing, fewer may be holidays: as `data check` counts. */
export const MISSING_DAYS = 5;

export function daysOf(coverage: Coverage): CalendarDay[] {
  const { sessions } = coverage;
  const days: CalendarDay[] = [];
  for (let i = 0; i < sessions.length; i += 1) {
    const one = sessions[i] as Coverage['sessions'][number];
    if (one.bars > 0) {
      const expected = one.expected ?? 0;
      const state = expected === 0 || one.bars > expected ? 'over' : one.bars < expected ? 'part' : 'full';
      days.push({
        date: one.date,
        state,
        text:
          expected === 0
            ? `${count(one.bars)} bars, outside regular trading`
            : `${count(one.bars)} of ${count(expected)} bars`,
      });
      continue;
    }
    let end = i;
    while (end < sessions.length && sessions[end]?.bars === 0) end += 1;
    if (end - i >= MISSING_DAYS) {
      for (const gone of sessions.slice(i, end))
        days.push({ date: gone.date, state: 'none', text: `no bars: one of ${end - i} trading days in a row` });
    }
    i = end - 1;
  }
  return days;
}
