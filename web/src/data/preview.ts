// SPDX-License-Identifier: Apache-2.0
// How a file was understood, before anything is stored; and what became of it afterwards.
import { type Child, h } from '../lib/dom';
import { count, localTime, plain } from '../lib/format';
import { button, notice } from '../lib/notice';
import { facts, rowsTable } from '../lib/rows';
import { severities } from './findings';
import type { Imported, Preview, PreviewFile, PreviewSeries, Rejection } from './types';

const FORMS: Record<string, string> = {
  local: 'without an offset, so the zone decides',
  offset: 'with an offset',
  date: 'a date',
  epoch: 'a number since 1970',
};
/** The server's own folder in front of a file's name tells the reader nothing. */
export const tidy = (text: string, name: string): string =>
  text.replace(/(^|\s)\S*\/[^/\s:]+(?=[:\s]|$)/g, `$1${name}`);

export function rejections(list: readonly Rejection[], total: number): Child {
  if (total === 0) return null;
  return h(
    'details',
    { open: list.length <= 5 },
    h('summary', null, `${count(total)} ${total === 1 ? 'row is' : 'rows are'} no bars and left out`),
    rowsTable(
      'Rows that are left out',
      [{ title: 'Line' }, { title: 'Reason', wrap: true }],
      list.map((one) => ({ cells: [count(one.line), one.reason] })),
    ),
    total > list.length && h('p', { class: 'small quiet' }, `The first ${list.length} are shown.`),
  );
}

function columnsTable(file: PreviewFile): HTMLElement {
  return rowsTable(
    'Columns of the file',
    [{ title: 'Column of the file' }, { title: 'Taken for' }],
    file.columns.map((column, i) => ({
      cells: [
        column.name || `(unnamed, number ${i + 1})`,
        column.meaning ? h('strong', null, column.meaning) : h('span', { class: 'quiet' }, 'not used'),
      ],
    })),
  );
}

function barsTable(series: PreviewSeries): HTMLElement {
  const rows = [
    ...series.head.map((bar) => ({ bar, last: false })),
    ...series.tail.map((bar) => ({ bar, last: true })),
  ];
  return rowsTable(
    `First and last bars of ${series.symbol}`,
    [
      { title: 'Bar' },
      { title: 'Open', num: true },
      { title: 'High', num: true },
      { title: 'Low', num: true },
      { title: 'Close', num: true },
      { title: 'Volume', num: true },
    ],
    rows.map(({ bar, last }, i) => ({
      cells: [
        localTime(bar.time),
        ...[bar.open, bar.high, bar.low, bar.close].map((value) => plain(value, 4)),
        count(bar.volume),
      ],
      ...(last && !rows[i - 1]?.last && i > 0 ? { kind: 'cut' } : {}),
    })),
  );
}

/** `fix` changes an option and looks again. */
export function previewPanel(
  preview: Preview,
  name: string,
  fix: (option: string, value: string) => void,
): HTMLElement {
  const all = preview.files.flatMap((file) => file.series);
  const other = all.find((one) => one.likely_timeframe && one.likely_timeframe !== preview.timeframe);
  const problem =
    preview.problem &&
    notice(
      'error',
      'It cannot be imported like this',
      h('p', null, tidy(preview.problem, name)),
      h(
        'p',
        { class: 'actions' },
        other && button(`Read it as ${other.likely_timeframe}`, () => fix('timeframe', other.likely_timeframe ?? '')),
        preview.conflict > 0 && [
          button('Keep what is stored', () => fix('on_conflict', 'skip')),
          button('Replace what is stored', () => fix('on_conflict', 'replace')),
        ],
      ),
    );
  const time = preview.files.find((file) => file.time)?.time;
  const extent = preview.files.every((file) => file.complete) ? 'read' : 'looked at, and more in the file';
  return h(
    'div',
    { class: 'preview' },
    problem,
    facts([
      [
        'Rows',
        `${count(preview.read)} ${extent}: ${count(preview.new)} new, ${count(preview.duplicate)} there already or ` +
          `repeated, ${count(preview.conflict)} with other values, ${count(preview.rejected)} that are no bars`,
      ],
      [
        'Times',
        time
          ? [
              h('code', null, time.text),
              ` is read as ${localTime(time.read_as)} (${FORMS[time.form] ?? time.form}; zone ${preview.zone}, ` +
                `${preview.zone_from === 'exchange' ? 'the exchange’s' : 'as chosen'}), the ` +
                `${preview.stamp === 'close' ? 'end' : 'start'} of its bar`,
            ]
          : 'none could be read',
      ],
    ]),
    h(
      'div',
      null,
      h('h3', null, 'Series'),
      rowsTable(
        'Series of the file',
        [
          { title: 'Symbol' },
          { title: 'Instrument' },
          { title: 'Bars', num: true },
          { title: 'First and last' },
          { title: 'New', num: true },
          { title: 'There already', num: true },
          { title: 'Other values', num: true },
        ],
        all.map((one) => ({
          cells: [
            one.symbol,
            one.instrument_key ?? 'a new one',
            count(one.bars),
            `${localTime(one.first)} to ${localTime(one.last)}`,
            count(one.new),
            count(one.duplicate),
            count(one.conflict),
          ],
        })),
      ),
    ),
    h(
      'div',
      { class: 'columned' },
      h(
        'div',
        null,
        preview.files.map((file) => h('div', null, h('h3', null, 'Columns'), columnsTable(file))),
      ),
      all[0] && h('div', null, h('h3', null, `First and last bars of ${all[0].symbol}`), barsTable(all[0])),
    ),
    preview.files.map((file) => rejections(file.rejections, file.rejected)),
  );
}

export function importedPanel(result: Imported, name: string, links: Child): HTMLElement {
  const stored = result.stored + result.replaced;
  const parts = [
    ['stored', result.stored],
    ['replaced', result.replaced],
    ['there already or repeated', result.duplicate],
    ['kept as they were', result.skipped],
    ['rejected', result.rejected],
  ] as const;
  return h(
    'div',
    { class: 'preview' },
    notice(
      stored > 0 ? 'good' : 'info',
      stored > 0 ? `${name} is imported` : `${name} brought nothing new`,
      h(
        'p',
        null,
        `${count(result.read)} rows read: ${
          parts
            .filter(([, n]) => n > 0)
            .map(([word, n]) => `${count(n)} ${word}`)
            .join(', ') || 'no bars'
        }.`,
      ),
      links,
    ),
    result.files.map((file) => [
      rejections(file.rejections, file.rejections.length ? result.rejected : 0),
      rowsTable(
        'Imported series',
        [
          { title: 'Symbol' },
          { title: 'Bars' },
          { title: 'Count', num: true },
          { title: 'First and last' },
          { title: 'A check of them', wrap: true },
        ],
        file.series.map((one) => ({
          cells: [
            one.symbol,
            one.timeframe,
            count(one.bars),
            `${localTime(one.first)} to ${localTime(one.last)}`,
            severities(one),
          ],
        })),
      ),
    ]),
  );
}
