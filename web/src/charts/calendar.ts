// SPDX-License-Identifier: Apache-2.0
// Days as squares, a block a year, a column a week: coverage of data and the like.
import { h, svg } from '../lib/dom';
import { monthName } from '../lib/format';

export interface CalendarDay {
  /** "2023-01-02" */
  date: string;
  /** full: as expected; part: less; over: more than expected; none: expected, but nothing there. */
  state: 'full' | 'part' | 'over' | 'none';
  /** Told on hover: "375 of 375 bars". */
  text: string;
}
export interface CalendarOptions {
  days: readonly CalendarDay[];
  label: string;
  onPick?: (day: CalendarDay) => void;
}

const CELL = 12;
const WORDS: Record<CalendarDay['state'], string> = { full: 'complete', part: 'bars missing', over: 'too many bars', none: 'nothing' };

const dayOfYear = (date: string): number => (Date.parse(`${date}T00:00Z`) - Date.parse(`${date.slice(0, 4)}-01-01T00:00Z`)) / 86400000;
/** Monday = 0. */
const weekday = (date: string): number => (new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7;

function year(name: string, days: readonly CalendarDay[], options: CalendarOptions): HTMLElement {
  const first = weekday(`${name}-01-01`);
  const cells = days.map((day) => {
    const at = dayOfYear(day.date) + first;
    return svg('rect', {
      x: Math.floor(at / 7) * CELL, y: 14 + (at % 7) * CELL, width: CELL - 2, height: CELL - 2, rx: 2, class: `day ${day.state}`,
      on: options.onPick ? { click: () => options.onPick?.(day) } : {},
    }, svg('title', null, `${day.date}: ${day.text}`));
  });
  const months = Array.from({ length: 12 }, (_, i) => {
    const at = dayOfYear(`${name}-${String(i + 1).padStart(2, '0')}-01`) + first;
    return svg('text', { x: Math.floor(at / 7) * CELL, y: 10 }, monthName(i + 1));
  });
  const bad = days.filter((day) => day.state !== 'full').length;
  const label = `${name}: ${days.length} days, ${bad === 0 ? 'all complete' : `${bad} not complete`}`;
  return h('div', { class: 'calendar-year' }, h('h3', null, name, h('span', { class: 'quiet small' }, ` ${label.slice(6)}`)),
    h('div', { class: 'calendar-scroll', tabindex: 0, role: 'region', 'aria-label': `${options.label}, ${name}` },
      svg('svg', { viewBox: `0 0 ${54 * CELL} ${14 + 7 * CELL}`, role: 'img', 'aria-label': label }, months, cells)));
}

export function calendar(options: CalendarOptions): HTMLElement {
  const years = new Map<string, CalendarDay[]>();
  for (const day of options.days) {
    const name = day.date.slice(0, 4);
    const list = years.get(name);
    if (list) list.push(day);
    else years.set(name, [day]);
  }
  const states = (Object.keys(WORDS) as CalendarDay['state'][]).filter((state) => options.days.some((day) => day.state === state));
  return h('div', { class: 'calendar' },
    h('p', { class: 'calendar-legend small' }, states.map((state) => h('span', null, h('span', { class: `key ${state}` }), WORDS[state]))),
    [...years].sort(([a], [b]) => (a < b ? 1 : -1)).map(([name, days]) => year(name, days, options)));
}
