// SPDX-License-Identifier: Apache-2.0
// Where bars are due and not there, a chart of candles breaks: a row without values, one place wide.
import { type Column, Columns } from '../lib/columns';

export interface Broken {
  columns: Columns;
  /** How many bars are missing at a row that stands for a break. */
  missing: ReadonlyMap<number, number>;
}

/** `holes` of the head, [row, missing], become rows; a break's time is a second before the row that follows. */
export function withBreaks(columns: Columns): Broken {
  const holes = ((columns.head['holes'] ?? []) as [number, number][]).filter(([row]) => row > 0 && row < columns.rows);
  const missing = new Map<number, number>();
  if (holes.length === 0) return { columns, missing };
  const rows = columns.rows + holes.length;
  holes.forEach(([row, n], i) => missing.set(row + i, n));
  const values = new Map<string, Column>();
  for (const { name, type } of columns.head.columns) {
    const from = columns.get(name);
    const to = type === 'u32' ? new Uint32Array(rows) : new Float32Array(rows);
    for (let at = 0, row = 0; at < rows; at += 1) {
      const broken = missing.has(at);
      to[at] = !broken ? (from[row] as number) : name === 'time' ? (from[row] as number) - 1 : Number.NaN;
      if (!broken) row += 1;
    }
    values.set(name, to);
  }
  return { columns: new Columns({ ...columns.head, rows }, values, columns.header), missing };
}

const bars = (n: number): string => `${n} ${n === 1 ? 'bar is' : 'bars are'} missing`;

/** " 2 breaks, where 7 bars are missing.", or nothing. */
export function breaksText(missing: ReadonlyMap<number, number>): string {
  const all = [...missing.values()].reduce((sum, n) => sum + n, 0);
  return missing.size === 0 ? '' : ` ${missing.size} ${missing.size === 1 ? 'break' : 'breaks'}, where ${bars(all)}.`;
}

export const breakText = (n: number): string => `${bars(n)} here`;
