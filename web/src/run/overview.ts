// SPDX-License-Identifier: Apache-2.0
// Equity and drawdown, months, distributions, exits and what became of the candidates of a run.
import { histogram, type Histogram, rankedBars } from '../charts/bars';
import { linesChart } from '../charts/equity';
import { at } from '../lib/api';
import { type Child, h } from '../lib/dom';
import { count, monthName, number, percent, rupees, shortRupees, signed, tone, UNDEFINED } from '../lib/format';
import { empty, fillWith } from '../lib/notice';
import { EXITS, CANDIDATE_OUTCOMES, type RunContext, words } from './types';

const EQUITY_POINTS = 2400;

/** A panel that loads its content by itself. */
function panel(title: string, what: string, work: () => Promise<Child>, note?: Child): HTMLElement {
  const body = h('div', { class: 'panel-body' });
  void fillWith(body, what, work);
  return h(
    'section',
    { class: 'panel', 'aria-label': title },
    h('div', { class: 'panel-head' }, h('h2', null, title), note && h('span', { class: 'quiet small' }, note)),
    body,
  );
}

export function equityPanel(context: RunContext): HTMLElement {
  return panel(
    'Equity and drawdown',
    'Reading the equity',
    async () => {
      const columns = await context.source.columns(
        at`/runs/${context.run.run_id}/equity`,
        { points: EQUITY_POINTS },
        context.signal,
      );
      if (columns.rows === 0) return empty('No equity', 'The run has no bars, so there is no curve to draw.');
      const times = columns.get('time');
      return linesChart({
        label: `Run ${context.run.run_id}`,
        signal: context.signal,
        panels: [
          {
            title: 'Equity at bar closes, rupees',
            height: 18,
            format: (value) => rupees(value, 0),
            axisFormat: shortRupees,
            lines: [
              { name: 'Net of fees', times, values: columns.get('equity_net') },
              { name: 'Gross', times, values: columns.get('equity_gross'), dashed: true },
            ],
          },
          {
            title: 'Drawdown, net, % of peak equity',
            height: 9,
            format: (value) => percent(value),
            axisFormat: (value) => percent(value, Math.abs(value) % 1 ? 1 : 0),
            lines: [{ name: 'Drawdown', times, values: columns.get('drawdown_pct'), area: true }],
          },
        ],
      }).element;
    },
    'Drag to zoom',
  );
}

// ---- months ----------------------------------------------------------------------------------------------

interface Month {
  month: number;
  net_return_pct: number | null;
  gross_return_pct: number | null;
  trades: number;
}
interface Year {
  year: number;
  months: Month[];
  net_return_pct: number | null;
  gross_return_pct: number | null;
  trades?: number;
}

/** Net on a tint by its size, gross below it. */
function monthCell(one: Omit<Month, 'month'> | undefined, most: number, label: string): HTMLElement {
  if (!one) return h('td', { class: 'num' });
  const cell = h(
    'td',
    {
      class: 'num month',
      title: `${label}: net ${percent(one.net_return_pct)}, gross ${percent(one.gross_return_pct)}, ` +
        `${count(one.trades)} trades`,
    },
    h('span', { class: tone(one.net_return_pct) }, signed(number(one.net_return_pct))),
    h('small', null, signed(number(one.gross_return_pct))),
  );
  const value = one.net_return_pct;
  if (value !== null && value !== 0) {
    cell.style.backgroundColor = `color-mix(in srgb, var(--${value > 0 ? 'gain' : 'loss'}) ` +
      `${Math.round(4 + 13 * Math.min(1, Math.abs(value) / most))}%, var(--surface))`;
  }
  return cell;
}

export function monthsPanel(context: RunContext): HTMLElement {
  return panel(
    'Monthly returns',
    'Reading the months',
    async () => {
      const { years } = await context.source.get<{ years: Year[] }>(
        at`/runs/${context.run.run_id}/months`,
        {},
        context.signal,
      );
      if (years.length === 0) return empty('No months', 'The run has no bars.');
      const sizes = years.flatMap((year) => year.months.map((month) => Math.abs(month.net_return_pct ?? 0)));
      const most = Math.max(...sizes, 0.01);
      const head = h(
        'tr',
        null,
        h('th', { scope: 'col' }, 'Year'),
        Array.from({ length: 12 }, (_, i) => h('th', { scope: 'col', class: 'num' }, monthName(i + 1))),
        h('th', { scope: 'col', class: 'num' }, 'Year'),
      );
      const rows = years.map((year) =>
        h(
          'tr',
          null,
          h('th', { scope: 'row' }, String(year.year)),
          Array.from({ length: 12 }, (_, i) =>
            monthCell(
              year.months.find((one) => one.month === i + 1),
              most,
              `${monthName(i + 1)} ${year.year}`,
            ),
          ),
          monthCell(
            { ...year, trades: year.trades ?? year.months.reduce((sum, one) => sum + one.trades, 0) },
            most * 3,
            String(year.year),
          ),
        ),
      );
      return h(
        'div',
        { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': 'Table of months' },
        h(
          'table',
          { class: 'months' },
          h('caption', { class: 'hidden' }, 'Returns by calendar month, net of fees with gross below, percent'),
          h('thead', null, head),
          h('tbody', null, rows),
        ),
      );
    },
    '% of equity at the month’s start; net, gross below',
  );
}

// ---- distributions ---------------------------------------------------------------------------------------

/** Without the empty bins at both ends. */
function trimmed(data: Histogram, other?: Histogram): { data: Histogram; other?: Histogram } {
  const filled = (i: number): boolean => (data.counts[i] ?? 0) > 0 || (other?.counts[i] ?? 0) > 0;
  let [from, to] = [0, data.counts.length];
  while (from < to && !filled(from)) from += 1;
  while (to > from && !filled(to - 1)) to -= 1;
  if (from === to) return { data, ...(other ? { other } : {}) };
  const cut = (one: Histogram): Histogram => ({
    edges: one.edges.slice(from, to + 1),
    counts: one.counts.slice(from, to),
  });
  return { data: cut(data), ...(other ? { other: cut(other) } : {}) };
}

interface Distributions {
  r_net: Histogram & { undefined?: number };
  r_gross: Histogram;
  bars_held: Histogram;
  hours_held: Histogram;
}

export function distributionsPanel(context: RunContext): HTMLElement {
  return panel(
    'How trades are spread',
    'Reading the distributions',
    async () => {
      const found = await context.source.get<Distributions>(
        at`/runs/${context.run.run_id}/distributions`,
        {},
        context.signal,
      );
      const r = trimmed(found.r_net, found.r_gross);
      const without = found.r_net.undefined ?? 0;
      return h(
        'div',
        { class: 'spread' },
        histogram({
          title: 'Result of a trade',
          unit: 'R',
          what: 'trades',
          data: r.data,
          signed: true,
          ...(without > 0 ? { none: `${count(without)} trades had no stop and so no R.` } : {}),
          ...(r.other ? { other: { data: r.other, name: 'gross', mainName: 'net' } } : {}),
        }),
        histogram({ title: 'Held, bars', unit: 'bars', what: 'trades', data: trimmed(found.bars_held).data }),
        histogram({
          title: 'Held, hours by the clock',
          unit: 'h',
          what: 'trades',
          data: trimmed(found.hours_held).data,
        }),
        without > 0 &&
          r.data.counts.some((one) => one > 0) &&
          h('p', { class: 'quiet small' }, `${count(without)} trades had no stop and so no R.`),
      );
    },
    'The first and last bar hold what lies beyond',
  );
}

// ---- exits and outcomes ----------------------------------------------------------------------------------

export function outcomesPanel(context: RunContext): HTMLElement {
  const { metrics, events } = context.run;
  const exits = Object.keys(EXITS)
    .map((name) => ({ name, value: metrics?.[`# Exits ${name}`] ?? 0 }))
    .filter((one) => one.value > 0);
  const outcomes = Object.entries(events ?? {}).filter(([name, value]) => name in CANDIDATE_OUTCOMES && value > 0);
  const rows = (list: readonly { name: string; value: number }[], meanings: Record<string, string>): HTMLElement =>
    rankedBars(
      [...list]
        .sort((a, b) => b.value - a.value)
        .map((one) => ({
          name: words(one.name),
          value: one.value,
          text: count(one.value),
          help: meanings[one.name] ?? '',
        })),
      'Counts',
    );
  return h(
    'section',
    { class: 'panel' },
    h('h2', null, 'Exits and events'),
    h('h3', null, 'How trades ended'),
    exits.length ? rows(exits, EXITS) : h('p', { class: 'quiet' }, 'No trade ended.'),
    h('h3', { class: 'later' }, 'What became of the events'),
    events &&
      h(
        'p',
        { class: 'quiet small' },
        `${count(events['candidates'])} candidates, ${count(events['approved'] ?? null)} approved, ` +
          `${count(events['executed'] ?? null)} executed`,
      ),
    outcomes.length
      ? rows(
          outcomes.map(([name, value]) => ({ name, value })),
          CANDIDATE_OUTCOMES,
        )
      : h('p', { class: 'quiet' }, `No events (${UNDEFINED}).`),
  );
}
