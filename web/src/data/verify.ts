// SPDX-License-Identifier: Apache-2.0
// What reading every byte of the stored files came to.
import { h } from '../lib/dom';
import { count } from '../lib/format';
import { notice } from '../lib/notice';
import { rowsTable } from '../lib/rows';

export interface StoredFile {
  symbol: string;
  instrument_key: string;
  timeframe: string;
  year: number;
  bars: number | null;
  bytes: number;
  /** "ok", "none" (an earlier version wrote it) or "wrong". */
  checksum: string;
  /** "ok", or what is wrong. */
  status: string;
}

const files = (n: number): string => `${count(n)} ${n === 1 ? 'file' : 'files'}`;

export function verified(list: readonly StoredFile[]): HTMLElement {
  const damaged = list.filter((one) => one.checksum === 'wrong');
  const unsigned = list.filter((one) => one.checksum === 'none').length;
  if (list.length === 0) return notice('info', 'No file is stored');
  if (damaged.length === 0)
    return notice(
      'good',
      `${files(list.length)}: each is what was written`,
      unsigned > 0 &&
        h(
          'p',
          null,
          `${files(unsigned)} of an earlier version ${unsigned === 1 ? 'has' : 'have'} no checksum: the bars were ` +
            'checked for what bars can be.',
        ),
    );
  return h(
    'div',
    null,
    notice(
      'error',
      `${count(damaged.length)} of ${files(list.length)} ${damaged.length === 1 ? 'is' : 'are'} damaged`,
      h('p', null, 'Remove each and import its year again; until then nothing reads it.'),
    ),
    rowsTable(
      'Damaged files',
      [{ title: 'Symbol' }, { title: 'Bars of' }, { title: 'Year', num: true }, { title: 'What', wrap: true }],
      damaged.map((one) => ({ cells: [one.symbol, one.timeframe, String(one.year), one.status] })),
    ),
  );
}
