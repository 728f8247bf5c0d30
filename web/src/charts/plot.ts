// SPDX-License-Identifier: Apache-2.0
// Small pictures with two number axes, as SVG: they print as they are, and each mark tells itself on hover.
import { h, svg } from '../lib/dom';
import { number, plain } from '../lib/format';

const WIDTH = 420;
const HEIGHT = 300;
const LEFT = 48;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 40;

interface Scale {
  min: number;
  max: number;
  at: (value: number) => number;
}
const across = (min: number, max: number): Scale => ({
  min,
  max,
  at: (value) => LEFT + ((value - min) / (max - min)) * (WIDTH - LEFT - RIGHT),
});
const up = (min: number, max: number): Scale => ({
  min,
  max,
  at: (value) => HEIGHT - BOTTOM - ((value - min) / (max - min)) * (HEIGHT - TOP - BOTTOM),
});

/** Round steps: some five ticks inside [min, max]. */
function ticks(min: number, max: number): number[] {
  const raw = (max - min) / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= raw) ?? raw;
  const list: number[] = [];
  for (let k = Math.ceil(min / step - 1e-9); k * step <= max + 1e-9; k += 1) list.push(k * step);
  return list;
}

function axes(x: Scale, y: Scale, xTitle: string, yTitle: string): SVGElement[] {
  const line = (x1: number, y1: number, x2: number, y2: number, kind: string): SVGElement =>
    svg('line', { x1, y1, x2, y2, class: kind });
  const word = (at: number, high: number, text: string, anchor: string): SVGElement =>
    svg('text', { x: at, y: high, 'text-anchor': anchor }, text);
  const bottom = HEIGHT - BOTTOM;
  return [
    ...ticks(x.min, x.max).flatMap((value) => [
      line(x.at(value), TOP, x.at(value), bottom, 'grid'),
      word(x.at(value), bottom + 15, plain(value, 2), 'middle'),
    ]),
    ...ticks(y.min, y.max).flatMap((value) => [
      line(LEFT, y.at(value), WIDTH - RIGHT, y.at(value), 'grid'),
      word(LEFT - 5, y.at(value) + 4, plain(value, 2), 'end'),
    ]),
    word((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, xTitle, 'middle'),
    svg(
      'text',
      { x: 0, y: 0, 'text-anchor': 'middle', transform: `translate(11 ${(TOP + bottom) / 2}) rotate(-90)` },
      yTitle,
    ),
  ];
}

function picture(label: string, ...content: SVGElement[]): HTMLElement {
  return h(
    'div',
    { class: 'plot' },
    svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': label }, content),
  );
}
const path = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], i) => `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');

export interface ReliabilityBin {
  /** Mean of the probabilities in this bin, and how often it came true. */
  x: number;
  y: number;
  n: number;
  text: string;
}
/** Points on the diagonal mean that probabilities are what they say; the area of a point is its number of events. */
export function reliability(bins: readonly ReliabilityBin[], baseRate: number | null, label: string): HTMLElement {
  const x = across(0, 1);
  const y = up(0, 1);
  const most = Math.max(...bins.map((bin) => bin.n), 1);
  const points = bins.map((bin): [number, number] => [x.at(bin.x), y.at(bin.y)]);
  return picture(
    label,
    ...axes(x, y, 'Mean probability that the model gave', 'Share that reached the target'),
    svg(
      'line',
      { x1: x.at(0), y1: y.at(0), x2: x.at(1), y2: y.at(1), class: 'ideal' },
      svg('title', null, 'Here probabilities would be what they say'),
    ),
    ...(baseRate === null
      ? []
      : [
          svg(
            'line',
            { x1: x.at(0), y1: y.at(baseRate), x2: x.at(1), y2: y.at(baseRate), class: 'base' },
            svg('title', null, `All events: ${number(100 * baseRate, 1)} %`),
          ),
        ]),
    svg('path', { d: path(points), class: 'joined' }),
    ...bins.map((bin) =>
      svg(
        'circle',
        { cx: x.at(bin.x), cy: y.at(bin.y), r: 2.5 + 9 * Math.sqrt(bin.n / most), class: 'point' },
        svg('title', null, bin.text),
      ),
    ),
  );
}

export interface CurvePoint {
  x: number;
  y: number;
  text: string;
  strong?: boolean;
}
/** A curve with its points, and a level that it is held against. */
export function curve(
  points: readonly CurvePoint[],
  level: { value: number; text: string } | null,
  titles: { x: string; y: string },
  label: string,
): HTMLElement {
  const values = [...points.map((point) => point.y), ...(level ? [level.value] : []), 0];
  const room = (Math.max(...values) - Math.min(...values) || 1) * 0.08;
  const x = across(
    Math.min(...points.map((point) => point.x)) - 0.02,
    Math.max(...points.map((point) => point.x)) + 0.02,
  );
  const y = up(Math.min(...values) - room, Math.max(...values) + room);
  return picture(
    label,
    ...axes(x, y, titles.x, titles.y),
    svg('line', { x1: LEFT, y1: y.at(0), x2: WIDTH - RIGHT, y2: y.at(0), class: 'zero' }),
    ...(level
      ? [
          svg(
            'line',
            { x1: LEFT, y1: y.at(level.value), x2: WIDTH - RIGHT, y2: y.at(level.value), class: 'base' },
            svg('title', null, level.text),
          ),
        ]
      : []),
    svg('path', { d: path(points.map((point): [number, number] => [x.at(point.x), y.at(point.y)])), class: 'joined' }),
    ...points.map((point) =>
      svg(
        'circle',
        {
          cx: x.at(point.x),
          cy: y.at(point.y),
          r: point.strong ? 7 : 4,
          class: point.strong ? 'point strong' : 'point',
        },
        svg('title', null, point.text),
      ),
    ),
  );
}
