// SPDX-License-Identifier: Apache-2.0
// Days as squares, a block a year, a column a week: coverage of data and the like.
import { h, newId, svg } from '../lib/dom';
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
const WORDS: Record<CalendarDay['state'], string> = {
  full: 'complete',
  part: 'bars missing',
  over: 'too many bars',
  none: 'nothing',
};

const dayOfYear = (date: string): number =>
  (Date.parse(`${date}T00:00Z`) - Date.parse(`${date.slice(0, 4)}-01-01T00:00Z`)) / 86400000;
/** Monday = 0. */
const weekday = (date: string): number => (new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7;

/** Days that are not complete have a pattern too: colour alone tells nothing to some readers. */
function patterns(id: string): SVGElement {
  const line = (d: string): SVGElement => svg('path', { d, class: 'hatch' });
  const pattern = (name: string, d: string): SVGElement =>
    svg(
      'pattern',
      { id: `${id}-${name}`, width: 4, height: 4, patternUnits: 'userSpaceOnUse' },
      svg('rect', { width: 4, height: 4, class: `day ${name}` }),
      line(d),
    );
  return svg('defs', null, pattern('part', 'M0 4L4 0'), pattern('over', 'M0 2H4'));
}

function cell(day: CalendarDay, at: number, id: string): SVGElement {
  const patterned = day.state === 'part' || day.state === 'over';
  const [x, y] = [Math.floor(at / 7) * CELL, 14 + (at % 7) * CELL];
  const square = svg('rect', {
    x,
    y,
    width: CELL - 2,
    height: CELL - 2,
    rx: 2,
    class: patterned ? 'patterned' : `day ${day.state}`,
    fill: patterned ? `url(#${id}-${day.state})` : undefined,
  });
  const cross = day.state === 'none' && svg('path', { d: `M${x + 2} ${y + 2}l6 6m0 -6l-6 6`, class: 'hatch none' });
  return svg('g', { class: 'cell' }, square, cross, svg('title', null, `${day.date}: ${day.text}`));
}

/** Keys move a mark from day to day; what the mark is on stands below and is said. */
function year(name: string, days: readonly CalendarDay[], options: CalendarOptions): HTMLElement {
  const id = newId('days');
  const first = weekday(`${name}-01-01`);
  const spoken = h('p', { class: 'calendar-day-text small', role: 'status' });
  let marked = -1;
  const tell = (index: number): void => {
    const day = days[index];
    if (!day) return;
    if (marked >= 0) cells[marked]?.classList.remove('marked');
    marked = index;
    cells[index]?.classList.add('marked');
    spoken.textContent = `${day.date}: ${day.text}`;
  };
  const pick = (index: number): void => {
    const day = days[index];
    if (day) options.onPick?.(day);
  };
  const cells = days.map((day, i) => {
    const element = cell(day, dayOfYear(day.date) + first, id);
    element.addEventListener('mouseenter', () => tell(i));
    element.addEventListener('click', () => pick(i));
    return element;
  });
  const months = Array.from({ length: 12 }, (_, i) => {
    const at = dayOfYear(`${name}-${String(i + 1).padStart(2, '0')}-01`) + first;
    return svg('text', { x: Math.floor(at / 7) * CELL, y: 10 }, monthName(i + 1));
  });
  const bad = days.filter((day) => day.state !== 'full').length;
  const label = `${name}: ${days.length} days, ${bad === 0 ? 'all complete' : `${bad} not complete`}`;
  const rows = days.some((day) => weekday(day.date) >= 5) ? 7 : 5;
  const picture = svg(
    'svg',
    { viewBox: `0 0 ${54 * CELL} ${14 + rows * CELL}`, role: 'img', 'aria-label': label },
    patterns(id),
    months,
    cells,
  );
  const place = h(
    'div',
    {
      class: 'calendar-scroll',
      tabindex: 0,
      role: 'group',
      'aria-label': `${label}. Arrows move from day to day${options.onPick ? ', Enter shows one' : ''}.`,
      on: {
        focus: () => {
          if (marked < 0) tell(0);
        },
        keydown: (event) => {
          const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 5, ArrowUp: -5 }[event.key];
          if (step !== undefined) tell(Math.min(days.length - 1, Math.max(0, marked + step)));
          else if (event.key === 'Enter' && marked >= 0) pick(marked);
          else return;
          event.preventDefault();
          cells[marked]?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
        },
      },
    },
    picture,
  );
  return h(
    'div',
    { class: 'calendar-year' },
    h('h3', null, name, h('span', { class: 'quiet small' }, ` ${label.slice(6)}`)),
    place,
    spoken,
  );
}

export function calendar(options: CalendarOptions): HTMLElement {
  const years = new Map<string, CalendarDay[]>();
  for (const day of options.days) {
    const name = day.date.slice(0, 4);
    const list = years.get(name);
    if (list) list.push(day);
    else years.set(name, [day]);
  }
  const states = (Object.keys(WORDS) as CalendarDay['state'][]).filter((state) =>
    options.days.some((day) => day.state === state),
  );
  return h(
    'div',
    { class: 'calendar' },
    h(
      'p',
      { class: 'calendar-legend small' },
      states.map((state) => h('span', null, h('span', { class: `key ${state}` }), WORDS[state])),
    ),
    [...years].sort(([a], [b]) => (a < b ? 1 : -1)).map(([name, days]) => year(name, days, options)),
  );
}
