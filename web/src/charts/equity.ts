// SPDX-License-Identifier: Apache-2.0
// Lines over time (uPlot): equity and drawdown of one run, or the equity of several. Panels of one chart share cursor
// and zoom: drag to zoom, double click (or the button) to see all.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { h } from '../lib/dom';
import { monthName, wallTime } from '../lib/format';
import { button } from '../lib/notice';
import { colours, type Colours, faint, fontFamily, onTheme, onWidth, rem } from './theme';

export interface Line {
  name: string;
  /** Wall seconds, rising. */
  times: ArrayLike<number>;
  /** NaN = undefined. */
  values: ArrayLike<number>;
  /** Index into the series colours; default: its place. */
  colour?: number;
  dashed?: boolean;
  /** Filled down from 0, in the colour of losses. */
  area?: boolean;
}
export interface Panel {
  title: string;
  lines: readonly Line[];
  /** How a value is written in legend and axis. */
  format: (value: number | null) => string;
  axisFormat?: (value: number) => string;
  /** Height in rem. */
  height: number;
  /** A line at this value. */
  zero?: number;
}
export interface LinesOptions {
  label: string;
  panels: readonly Panel[];
  signal: AbortSignal;
  /** Told the range that is shown, null = all. */
  onRange?: (range: { from: number; to: number } | null) => void;
}
export interface LinesChart {
  element: HTMLElement;
  /** Shows this range in every panel; null = all. */
  show(range: { from: number; to: number } | null): void;
}

const DAY = 86400;

/** Axis labels like 2023, Mar 2023, 14 Mar, 09:15: by the distance of the ticks. */
function timeLabels(_chart: uPlot, splits: number[], _axis: number, _space: number, increment: number): string[] {
  let lastYear = '';
  return splits.map((at) => {
    const date = new Date(at * 1000);
    const year = String(date.getUTCFullYear());
    const month = monthName(date.getUTCMonth() + 1);
    if (increment >= 360 * DAY) return year;
    const fresh = year !== lastYear;
    lastYear = year;
    if (increment >= 28 * DAY) return fresh ? `${month} ${year}` : month;
    if (increment >= DAY) return `${date.getUTCDate()} ${month}`;
    return date.getUTCHours() + date.getUTCMinutes() === 0 ? `${date.getUTCDate()} ${month}` : wallTime(at).slice(11);
  });
}

/** One time axis for lines that have their own: where all share one it is taken as it is. */
function joined(lines: readonly Line[]): uPlot.AlignedData {
  const numbers = (values: ArrayLike<number>): (number | null)[] =>
    Array.from(values, (value) => (Number.isNaN(value) ? null : value));
  const first = lines[0];
  if (!first) return [[]];
  if (lines.every((line) => line.times === first.times))
    return [Array.from(first.times), ...lines.map((line) => numbers(line.values))];
  return uPlot.join(lines.map((line) => [Array.from(line.times), numbers(line.values)] as uPlot.AlignedData));
}

/** The last value that is shown: what the legend says while no cursor is over the chart. */
function lastOf(chart: uPlot, series: number): number | null {
  const values = chart.data[series];
  const times = chart.data[0];
  const end = chart.scales['x']?.max ?? Number.POSITIVE_INFINITY;
  for (let i = (values?.length ?? 0) - 1; i >= 0; i -= 1) {
    const value = values?.[i];
    if (value !== null && value !== undefined && (times[i] ?? 0) <= end) return value;
  }
  return null;
}

/** The range of an axis with some room; an area hangs from 0, and a flat line does not fill a scale of twice its
 * value. */
function heights(low: number | null, high: number | null, area: boolean): [number, number] {
  if (low === null || high === null) return [0, 1];
  if (area) return [Math.min(low * 1.05, -0.5), 0];
  const room = Math.max((high - low) * 0.06, Math.abs(high) * 0.002, 1e-9);
  return [low - room, high + room];
}

/** Short labels, unless two of them say the same. */
const distinct = (short: string[], full: string[]): string[] => (new Set(short).size < short.length ? full : short);

function panelOptions(
  panel: Panel,
  width: number,
  sync: uPlot.SyncPubSub,
  paint: Colours,
  onZoom: (chart: uPlot) => void,
): uPlot.Options {
  const font = `${Math.round(rem() * 0.78)}px ${fontFamily()}`;
  const axis = {
    stroke: paint.quiet,
    font,
    grid: { stroke: paint.line, width: 1 },
    ticks: { stroke: paint.line, width: 1, size: 4 },
  };
  const axisText = panel.axisFormat ?? ((value: number) => panel.format(value));
  return {
    width,
    height: Math.round(panel.height * rem()),
    tzDate: (at) => uPlot.tzDate(new Date(at * 1000), 'Etc/UTC'),
    padding: [8, 8, 0, 0],
    cursor: { sync: { key: sync.key, setSeries: false }, drag: { x: true, y: false }, points: { size: 6 } },
    legend: { live: true },
    scales: {
      x: { time: true },
      y: {
        range: (_, low, high) =>
          heights(
            low,
            high,
            panel.lines.every((line) => line.area === true),
          ),
      },
    },
    series: [
      { label: 'At', value: (chart, at) => wallTime(at ?? lastOf(chart, 0)) },
      ...panel.lines.map((line, i): uPlot.Series => {
        const stroke = line.area
          ? paint.loss
          : (paint.series[(line.colour ?? i) % paint.series.length] ?? paint.accent);
        return {
          label: line.name,
          stroke,
          width: line.area ? 1 : 1.6,
          spanGaps: true,
          points: { show: false },
          ...(line.dashed ? { dash: [5, 4] } : {}),
          ...(line.area ? { fill: faint(stroke, 0.18), fillTo: 0 } : {}),
          value: (chart, value, index) => panel.format(value ?? lastOf(chart, index)),
        };
      }),
    ],
    axes: [
      { ...axis, values: timeLabels, space: rem() * 5, size: rem() * 2 },
      {
        ...axis,
        values: (_, splits) => distinct(splits.map(axisText), splits.map(panel.format)),
        size: rem() * 4.6,
        space: rem() * 2,
      },
    ],
    hooks: {
      setScale: [
        (chart, key) => {
          if (key === 'x') onZoom(chart);
        },
      ],
    },
  };
}

let groups = 0;
export function linesChart(options: LinesOptions): LinesChart {
  const sync = uPlot.sync(`pixity-${(groups += 1)}`);
  const places = options.panels.map((panel) =>
    h('div', { class: 'lines-panel', role: 'img', 'aria-label': `${options.label}: ${panel.title}` }),
  );
  const all = button('Show all', () => show(null), 'quiet');
  all.hidden = true;
  const element = h(
    'div',
    { class: 'lines' },
    options.panels.map((panel, i) => [
      h('div', { class: 'lines-title' }, h('h3', null, panel.title), i === 0 && all),
      places[i],
    ]),
  );
  const data = options.panels.map((panel) => joined(panel.lines));
  let charts: uPlot[] = [];
  let range: { from: number; to: number } | null = null;
  let busy = false;

  const begin = Math.min(...data.map((one) => one[0][0] ?? Number.POSITIVE_INFINITY));
  const end = Math.max(...data.map((one) => one[0][one[0].length - 1] ?? Number.NEGATIVE_INFINITY));
  const set = (chart: uPlot): void =>
    chart.setScale('x', range ? { min: range.from, max: range.to } : { min: begin, max: end });
  const show = (wanted: { from: number; to: number } | null): void => {
    range = wanted;
    all.hidden = range === null;
    busy = true;
    for (const chart of charts) set(chart);
    queueMicrotask(() => {
      busy = false;
    });
    options.onRange?.(range);
  };
  const zoomed = (chart: uPlot): void => {
    const { min, max } = chart.scales['x'] ?? {};
    if (busy || min === undefined || max === undefined || charts.length < places.length) return;
    const whole = min <= begin && max >= end;
    if (whole ? range === null : range?.from === min && range.to === max) return;
    show(whole ? null : { from: min, to: max });
  };
  const destroy = (): void => {
    for (const chart of charts) chart.destroy();
    charts = [];
  };
  const draw = (width: number): void => {
    destroy();
    const paint = colours();
    busy = true;
    charts = options.panels.map((panel, i) => {
      const chart = new uPlot(
        panelOptions(panel, width, sync, paint, zoomed),
        data[i] as uPlot.AlignedData,
        places[i] as HTMLElement,
      );
      sync.sub(chart);
      set(chart);
      return chart;
    });
    queueMicrotask(() => {
      busy = false;
    });
  };
  onWidth(element, options.signal, draw);
  onTheme(options.signal, () => {
    if (element.clientWidth > 0) draw(element.clientWidth);
  });
  options.signal.addEventListener('abort', destroy);
  return { element, show };
}
