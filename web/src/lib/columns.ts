// SPDX-License-Identifier: Apache-2.0
// Column documents: "PXC1", length of the header, header JSON, then each column's values, 4 bytes each.

export interface ColumnHead {
  name: string;
  type: 'u32' | 'f32';
  unit?: string;
}
export interface ColumnsHead {
  rows: number;
  total: number;
  bars_per_point?: number;
  timeframe?: string;
  zone?: string;
  columns: ColumnHead[];
  [key: string]: unknown;
}
export type Column = Float32Array | Uint32Array | Float64Array;

export class Columns {
  constructor(
    readonly head: ColumnsHead,
    private readonly values: Map<string, Column>,
    /** The response's header of that name, in lower case; "" where there is none. */
    readonly header: (name: string) => string = () => '',
  ) {}

  get rows(): number {
    return this.head.rows;
  }
  has(name: string): boolean {
    return this.values.has(name);
  }
  /** Throws where the document has no such column: a mistake of ours. NaN = undefined. */
  get(name: string): Column {
    const found = this.values.get(name);
    if (!found)
      throw new Error(`the server's answer has no column ${name}, only ${[...this.values.keys()].join(', ')}`);
    return found;
  }
}

export function decodeColumns(buffer: ArrayBuffer, header?: (name: string) => string): Columns {
  const bytes = new Uint8Array(buffer);
  if (bytes.length < 8 || String.fromCharCode(...bytes.subarray(0, 4)) !== 'PXC1') {
    throw new Error('the server answered with something else than columns; reload the page');
  }
  const length = new DataView(buffer).getUint32(4, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as ColumnsHead;
  let at = 8 + length;
  if (bytes.length < at + head.columns.length * head.rows * 4) {
    throw new Error('the columns that the server sent were cut off; reload the page');
  }
  const values = new Map<string, Column>();
  for (const column of head.columns) {
    const part = buffer.slice(at, at + head.rows * 4);
    values.set(column.name, column.type === 'u32' ? new Uint32Array(part) : new Float32Array(part));
    at += head.rows * 4;
  }
  return new Columns(head, values, header);
}

/** Of a report: the same bytes as base64. */
export function decodeColumnsText(base64: string): Columns {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return decodeColumns(bytes.buffer);
}
