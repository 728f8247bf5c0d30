// SPDX-License-Identifier: Apache-2.0
// The journal of stored bars: what each change did, and taking it back.
import type { UndoRequest } from '../api/requests';
import { api, type Page } from '../lib/api';
import { type Child, fill, h } from '../lib/dom';
import { count, localDate } from '../lib/format';
import { madeAt } from '../lib/made';
import { confirm, failure, toast } from '../lib/notice';
import { facts, panel } from '../lib/rows';
import { type ListColumn, listTable } from '../lib/table';
import type { Series } from './types';

interface Entry {
  symbol: string;
  instrument_key: string;
  entry: number;
  timeframe: string;
  at: string | null;
  kind: string;
  file: string | null;
  sha256: string | null;
  rows: number | null;
  stored: number | null;
  replaced: number | null;
  skipped: number | null;
  duplicate: number | null;
  rejected: number | null;
  removed: number | null;
  first: string | null;
  last: string | null;
  undoes: number | null;
  undone: boolean;
  /** Keys of a renaming. */
  from: string | null;
  to: string | null;
  options: string | null;
  findings: string | null;
}

function whatOf(one: Entry): string {
  if (one.kind === 'import') return one.file ? `Import of ${one.file.replace(/^.*\//, '')}` : 'Import';
  if (one.kind === 'undo') return `Entry ${one.undoes ?? ''} taken back`;
  if (one.kind === 'rename') return `${one.from ?? ''} is ${one.to ?? ''} now`;
  return { synth: 'Made by synth', delete: 'Bars deleted' }[one.kind] ?? one.kind;
}

function barsOf(one: Entry): string {
  if (one.kind === 'rename') return '';
  const parts = [
    [one.stored, 'new'],
    [one.replaced, 'replaced'],
    [one.removed, 'removed'],
    [one.skipped, 'kept as stored'],
    [one.duplicate, 'there before'],
    [one.rejected, 'rejected'],
  ] as const;
  return parts.filter(([n]) => n).map(([n, word]) => `${count(n)} ${word}`).join(', ') || 'no bar changed';
}

function parsed<T>(text: string | null, fallback: T): T {
  try {
    return text ? (JSON.parse(text) as T) : fallback;
  } catch {
    return fallback;
  }
}

/** How a file was read, for who asks. */
function howOf(one: Entry): Child {
  const options = Object.entries(parsed<Record<string, unknown>>(one.options, {}));
  const findings = parsed<{ text?: string }[]>(one.findings, []);
  if (!one.sha256 && options.length === 0 && findings.length === 0) return null;
  return h(
    'details',
    { class: 'small' },
    h('summary', null, 'How it was read'),
    facts([
      ...(one.file ? [['File', one.file] as const] : []),
      ...(one.rows === null ? [] : [['Rows', count(one.rows)] as const]),
      ...options.map(([name, value]) => [name, String(value)] as const),
      ...(one.sha256 ? [['SHA-256', h('code', null, one.sha256)] as const] : []),
    ]),
    findings.map((found) => h('p', null, found.text ?? '')),
  );
}

/** Nothing to take back: it is taken back, is a name, or changed no bar. */
const isOpen = (one: Entry): boolean =>
  !one.undone && one.kind !== 'rename' && Boolean(one.stored || one.replaced || one.removed);

const nameOf = (one: Entry): string => `entry ${one.entry} of ${one.symbol} ${one.timeframe}`;

async function undo(one: Entry, trouble: HTMLElement, changed: () => void): Promise<void> {
  const sure = await confirm({
    title: `Take ${nameOf(one)} back?`,
    text: h(
      'p',
      null,
      `${whatOf(one)}: ${barsOf(one)}. Each bar that it touched is then as it was before. The journal keeps that ` +
        'too, and it can be taken back itself.',
    ),
    action: 'Undo',
  });
  if (!sure) return;
  try {
    const { removed, restored } = await api.post<{ removed: number; restored: number }>('/data/undo', {
      symbol: one.instrument_key,
      entry: one.entry,
      timeframe: one.timeframe,
    } satisfies UndoRequest);
    toast(`Taken back: ${count(removed)} bars removed, ${count(restored)} as they were before.`);
    changed();
  } catch (error) {
    fill(trouble, failure(`${nameOf(one)[0]?.toUpperCase()}${nameOf(one).slice(1)} was not taken back`, error));
  }
}

/** Of a series' instrument; `series` absent: of all, those too that have no bars any more. */
export function journalPanel(series: Series | undefined, signal: AbortSignal, changed: () => void): HTMLElement {
  const trouble = h('div');
  const symbol: ListColumn<Entry> = { key: 'symbol', title: 'Symbol' };
  const columns: ListColumn<Entry>[] = [
    ...(series ? [] : [symbol]),
    { key: 'entry', title: 'Entry', num: true },
    { key: 'at', title: 'When', cell: (one) => madeAt(one.at ?? '') },
    { key: 'kind', title: 'What', cell: (one) => [whatOf(one), howOf(one)] },
    { key: 'timeframe', title: 'Bars of' },
    { key: 'stored', title: 'Bars', sort: false, cell: barsOf },
    {
      key: 'first',
      title: 'Days',
      sort: false,
      cell: (one) => (one.first ? `${localDate(one.first)} to ${localDate(one.last)}` : ''),
    },
    {
      key: 'undone',
      title: 'Taken back',
      sort: false,
      cell: (one) =>
        isOpen(one)
          ? h(
              'button',
              {
                type: 'button',
                'aria-label': `Undo ${nameOf(one)}`,
                on: { click: () => void undo(one, trouble, changed) },
              },
              'Undo',
            )
          : one.undone && h('span', { class: 'tag' }, 'taken back'),
    },
  ];
  const element = panel(series ? `Journal of ${series.symbol}` : 'Journal', 'What changed the stored bars', trouble);
  let asked = false;
  const table = listTable<Entry>({
    source: api,
    path: '/data/log',
    query: series ? { symbol: series.instrument_key } : {},
    columns,
    caption: series ? `Journal of ${series.symbol}` : 'Journal',
    key: (one) => `${one.instrument_key} ${one.timeframe} ${one.entry}`,
    sort: { key: 'at', order: 'desc' },
    pageSize: 10,
    ...(series ? {} : { search: 'Symbol, file or kind' }),
    empty: { title: 'No entry yet', text: 'What is imported from now on is entered here, and can be taken back.' },
    signal,
    onRows: (page: Page<Entry>) => {
      if (!series && !asked) element.hidden = page.total === 0; // an empty store says so itself
      asked = true;
    },
  });
  element.append(table.element);
  return element;
}
