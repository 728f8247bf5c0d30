// SPDX-License-Identifier: Apache-2.0
// Histograms as boxes: they grow with their panel, print as they are, and tell each bar on hover and to screen readers.
import { h } from '../lib/dom';
import { count, plain } from '../lib/format';

export interface Histogram {
  /** One more than counts. */
  edges: readonly number[];
  counts: readonly number[];
}
export interface HistogramOptions {
  title: string;
  /** "R", "bars", "h" */
  unit: string;
  /** What is counted: "trades". */
  what: string;
  data: Histogram;
  /** A second distribution over edges of its own, drawn beside in another colour; the legend names both. */
  other?: { data: Histogram; name: string; mainName: string };
  /** Said where nothing is counted. */
  none?: string;
  /** Bars left of 0 in the colour of losses. */
  signed?: boolean;
}

const middle = (data: Histogram, i: number): number => ((data.edges[i] ?? 0) + (data.edges[i + 1] ?? 0)) / 2;
const total = (counts: readonly number[]): number => counts.reduce((sum, one) => sum + one, 0);

function bar(
  options: HistogramOptions,
  data: Histogram,
  i: number,
  top: number,
  kind: string,
  name: string,
): HTMLElement {
  const value = data.counts[i] ?? 0;
  const tone = !options.signed ? '' : middle(data, i) < 0 ? 'below' : 'above';
  const range = `${plain(data.edges[i], 2)} to ${plain(data.edges[i + 1], 2)} ${options.unit}`;
  const element = h('div', {
    class: `bar ${kind} ${tone}`,
    title: `${range}: ${count(value)} ${options.what}${name && ` (${name})`}`,
  });
  element.style.height = `${top > 0 ? (100 * value) / top : 0}%`;
  return element;
}

/** A few edges as labels under the bars. */
function scale(edges: readonly number[], unit: string): HTMLElement {
  const every = Math.max(1, Math.ceil((edges.length - 1) / 6));
  const wanted = edges.map((_, i) => i).filter((i) => i % every === 0 && i <= (edges.length - 1) * 0.88);
  const span = edges.length - 1;
  return h(
    'div',
    { class: 'bars-scale', 'aria-hidden': 'true' },
    wanted.map((i) => {
      const label = h('span', null, plain(edges[i], 2));
      label.style.left = `${(100 * i) / span}%`;
      return label;
    }),
    h('span', { class: 'bars-unit' }, unit),
  );
}

export function histogram(options: HistogramOptions): HTMLElement {
  const { data, other } = options;
  const n = total(data.counts);
  if (n === 0)
    return h(
      'figure',
      { class: 'bars' },
      h('figcaption', null, options.title),
      h('p', { class: 'quiet' }, options.none ?? `No ${options.what} to count.`),
    );
  const top = Math.max(...data.counts, ...(other?.data.counts ?? []));
  const peak = data.counts.indexOf(Math.max(...data.counts));
  const summary = `${options.title}: ${count(n)} ${options.what}, from ${plain(data.edges[0], 2)} to ` +
    `${plain(data.edges.at(-1), 2)} ${options.unit}; most, ${count(data.counts[peak])}, between ` +
    `${plain(data.edges[peak], 2)} and ${plain(data.edges[peak + 1], 2)}`;
  const column = (i: number): HTMLElement =>
    h(
      'div',
      { class: 'bars-bin' },
      bar(options, data, i, top, 'main', other?.mainName ?? ''),
      other && bar(options, other.data, i, top, 'other', other.name),
    );
  return h(
    'figure',
    { class: 'bars' },
    h(
      'figcaption',
      null,
      options.title,
      other &&
        h(
          'span',
          { class: 'bars-legend' },
          h('span', { class: options.signed ? 'key signed' : 'key' }),
          other.mainName,
          h('span', { class: 'key other' }),
          other.name,
        ),
    ),
    h(
      'div',
      { class: 'bars-plot', role: 'img', 'aria-label': summary },
      h('span', { class: 'bars-top', 'aria-hidden': 'true' }, count(top)),
      data.counts.map((_, i) => column(i)),
    ),
    scale(data.edges, options.unit),
  );
}

/** Horizontal bars with their values: importances, counts by reason. */
export function rankedBars(
  rows: readonly { name: string; value: number; text: string; help?: string }[],
  label: string,
): HTMLElement {
  const top = Math.max(...rows.map((row) => Math.abs(row.value)), 1e-12);
  return h(
    'table',
    { class: 'ranked', 'aria-label': label },
    h(
      'tbody',
      null,
      rows.map((row) => {
        const fillBar = h('div', { class: row.value < 0 ? 'ranked-fill below' : 'ranked-fill' });
        fillBar.style.width = `${(100 * Math.abs(row.value)) / top}%`;
        return h(
          'tr',
          { title: row.help },
          h('th', { scope: 'row' }, row.name),
          h('td', { class: 'num' }, row.text),
          h('td', { class: 'ranked-bar', 'aria-hidden': 'true' }, fillBar),
        );
      }),
    ),
  );
}
