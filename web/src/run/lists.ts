// SPDX-License-Identifier: Apache-2.0
// Trades and events of a run as lists, as marks on the chart, and one trade in words.
import type { ChartMark } from '../charts/candles';
import type { TradeBox } from '../charts/tradebox';
import { at, type Page, type Source } from '../lib/api';
import { type Child, h } from '../lib/dom';
import {
  count,
  inR,
  localTime,
  number,
  price,
  probability,
  quantity,
  rupees,
  signed,
  tone,
  UNDEFINED,
  wallSeconds,
} from '../lib/format';
import { type ListTable, listTable } from '../lib/table';
import { CAPS, EXITS, CANDIDATE_OUTCOMES, type RunContext, type RunEvent, type Trade, words } from './types';

const LIMIT = 1000;
/** More marks than this cannot be told apart: the chart then shows the first. */
const MOST_MARKS = 20000;

/** All rows of a list, page by page. */
export async function allRows<Row>(source: Source, path: string, signal: AbortSignal): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const page = await source.get<Page<Row>>(path, { limit: LIMIT, offset: rows.length }, signal);
    rows.push(...page.items);
    if (page.items.length === 0 || rows.length >= page.total || rows.length >= MOST_MARKS) return rows;
  }
}

export const eventKey = (event: RunEvent): string => `${event.ts}|${event.side}|${event.event_type ?? ''}`;
const choices = (names: Record<string, string>): { value: string; text: string }[] =>
  Object.keys(names).map((value) => ({ value, text: words(value) }));
/** Of a quantity that is smaller than its risk asks for: the cap that cut it. Older runs have no such column. */
const CUT = {
  key: 'capped_by',
  title: 'Cut by',
  sort: false,
  help: 'The cap that made the quantity smaller than its risk asks for',
  cell: ({ capped_by: cap }: { capped_by?: string | null }): Child =>
    cap ? h('span', { title: CAPS[cap] }, words(cap)) : UNDEFINED,
};
const coloured = (value: number | null, text: string): Child => h('span', { class: tone(value) }, signed(text));

export function tradesList(context: RunContext, onPick: (trade: Trade) => void, pageSize = 25): ListTable {
  return listTable<Trade>({
    source: context.source,
    signal: context.signal,
    ...(context.place ? { place: context.place } : {}),
    prefix: 't.',
    path: at`/runs/${context.run.run_id}/trades`,
    caption: 'Trades',
    key: (trade) => String(trade.n),
    onPick,
    pageSize,
    printAll: !context.source.live,
    sort: { key: 'n', order: 'asc' },
    search: 'Search trades',
    empty: {
      title: 'No trades',
      text: 'The strategy made none in this window. The events tell why: see “Events”, or allow more with other ' +
        'settings.',
    },
    columns: [
      { key: 'n', title: '#', num: true, cell: (trade) => count(trade.n + 1), help: 'By entry time' },
      {
        key: 'entry_ts',
        title: 'Entry',
        cell: (trade) => localTime(trade.entry_ts),
        help: 'Start of the entry bar, exchange time',
      },
      {
        key: 'exit_ts',
        title: 'Exit',
        cell: (trade) => localTime(trade.exit_ts),
        help: 'Start of the exit bar, exchange time',
      },
      {
        key: 'direction',
        title: 'Side',
        filter: [
          { value: 'long', text: 'long' },
          { value: 'short', text: 'short' },
        ],
      },
      { key: 'qty', title: 'Quantity', num: true, cell: (trade) => quantity(trade.qty) },
      CUT,
      { key: 'entry_price', title: 'Entry', unit: '₹', num: true, cell: (trade) => price(trade.entry_price) },
      { key: 'exit_price', title: 'Exit', unit: '₹', num: true, cell: (trade) => price(trade.exit_price) },
      { key: 'pnl', title: 'Gross', unit: '₹', num: true, cell: (trade) => coloured(trade.pnl, number(trade.pnl)) },
      { key: 'fees', title: 'Fees', unit: '₹', num: true, cell: (trade) => number(trade.fees) },
      {
        key: 'pnl_net',
        title: 'Net',
        unit: '₹',
        num: true,
        cell: (trade) => coloured(trade.pnl_net, number(trade.pnl_net)),
      },
      {
        key: 'r',
        title: 'Gross',
        unit: 'R',
        num: true,
        cell: (trade) => coloured(trade.r, number(trade.r)),
        help: 'Result before fees in multiples of the risk at the stop',
      },
      {
        key: 'r_net',
        title: 'Net',
        unit: 'R',
        num: true,
        cell: (trade) => coloured(trade.r_net, number(trade.r_net)),
        help: 'Result net of fees in multiples of the risk at the stop',
      },
      { key: 'bars_held', title: 'Held', unit: 'bars', num: true, cell: (trade) => count(trade.bars_held) },
      {
        key: 'exit_reason',
        title: 'Ended',
        cell: (trade) => h('span', { title: EXITS[trade.exit_reason] }, words(trade.exit_reason)),
        filter: choices(EXITS),
      },
      { key: 'event_type', title: 'Event' },
      {
        key: 'probability',
        title: 'Probability',
        num: true,
        cell: (trade) => probability(trade.probability),
        help: 'The model’s, of reaching the target first',
      },
      {
        key: 'in_sample',
        title: 'In sample',
        cell: (trade) => (trade.in_sample === null ? UNDEFINED : trade.in_sample ? 'yes' : 'no'),
        help: 'Entered inside the model’s training window',
      },
    ],
  });
}

export function eventsList(context: RunContext, onPick: (event: RunEvent) => void, pageSize = 25): ListTable {
  return listTable<RunEvent>({
    source: context.source,
    signal: context.signal,
    ...(context.place ? { place: context.place } : {}),
    prefix: 'e.',
    path: at`/runs/${context.run.run_id}/events`,
    caption: 'Events',
    key: eventKey,
    onPick,
    pageSize,
    sort: { key: 'ts', order: 'asc' },
    search: 'Search events',
    empty:
      !context.source.live && Number(context.run.events?.['candidates'] ?? 0) > 0
        ? {
            title: 'Not in this file',
            text: 'The events were left out for the size of the file. `pixity runs events` lists them.',
          }
        : {
            title: 'No events',
            text: 'The strategy found no candidate in this window. Look at a longer window or another timeframe.',
          },
    columns: [
      {
        key: 'ts',
        title: 'Time',
        cell: (event) => localTime(event.ts),
        help: 'Start of the signal bar, exchange time',
      },
      {
        key: 'side',
        title: 'Side',
        cell: (event) => event.side.toLowerCase(),
        filter: [
          { value: 'BUY', text: 'buy' },
          { value: 'SELL', text: 'sell' },
        ],
      },
      { key: 'event_type', title: 'Event' },
      {
        key: 'probability',
        title: 'Probability',
        num: true,
        cell: (event) => probability(event.probability),
        help: 'The model’s, of reaching the target first',
      },
      {
        key: 'fate',
        title: 'Outcome',
        filter: choices(CANDIDATE_OUTCOMES),
        cell: (event) => h('span', { class: event.fate === 'executed' ? 'tag good' : 'tag' }, words(event.fate)),
      },
      { key: 'why', title: 'Meaning', sort: false, cell: (event) => CANDIDATE_OUTCOMES[event.fate] ?? UNDEFINED },
      { key: 'quantity', title: 'Quantity', num: true, cell: (event) => quantity(event.quantity) },
      CUT,
      {
        key: 'entry_price_at_event',
        title: 'Close',
        unit: '₹',
        num: true,
        cell: (event) => price(event.entry_price_at_event),
      },
      { key: 'atr_at_event', title: 'ATR', unit: '₹', num: true, cell: (event) => price(event.atr_at_event) },
    ],
  });
}

// ---- on the chart ----------------------------------------------------------------------------------------

export function tradeMarks(trades: readonly Trade[]): ChartMark[] {
  return trades.flatMap((trade): ChartMark[] => {
    const long = trade.direction === 'long';
    const gain = trade.pnl_net > 0;
    return [
      {
        id: `trade ${trade.n}`,
        time: wallSeconds(trade.entry_ts) ?? 0,
        kind: long ? 'long' : 'short',
        text: long ? 'long' : 'short',
      },
      {
        id: `trade ${trade.n}`,
        time: wallSeconds(trade.exit_ts) ?? 0,
        kind: gain ? 'win' : 'loss',
        text: signed(trade.r_net === null ? rupees(trade.pnl_net, 0) : inR(trade.r_net)),
      },
    ];
  });
}

export function eventMarks(events: readonly RunEvent[]): ChartMark[] {
  return events.map((event) => ({
    id: `event ${eventKey(event)}`,
    time: wallSeconds(event.ts) ?? 0,
    kind: event.fate === 'executed' ? 'taken' : 'passed',
    text: event.probability === null ? words(event.fate) : `${words(event.fate)} ${probability(event.probability)}`,
  }));
}

export function tradeBox(trade: Trade): TradeBox {
  return {
    from: wallSeconds(trade.entry_ts) ?? 0,
    to: wallSeconds(trade.exit_ts) ?? 0,
    entry: trade.entry_price,
    exit: trade.exit_price,
    stop: trade.stop ?? Number.NaN,
    target: trade.target ?? Number.NaN,
  };
}

/** " = 1.80 R", or nothing for a trade that had no stop. */
const asR = (value: number | null): Child => value !== null && [' = ', coloured(value, inR(value))];

export function tradeWords(trade: Trade): HTMLElement {
  const fact = (name: string, ...value: Child[]): Child => h('div', null, h('dt', null, name), h('dd', null, value));
  return h(
    'div',
    { class: 'chosen' },
    h(
      'h3',
      null,
      `Trade ${count(trade.n + 1)}: ${trade.direction}, ${quantity(trade.qty)} shares`,
      trade.in_sample ? h('span', { class: 'tag warning' }, 'in sample') : null,
    ),
    h(
      'dl',
      null,
      fact('Entry', localTime(trade.entry_ts), ' at ', h('strong', null, rupees(trade.entry_price))),
      fact(
        'Exit',
        localTime(trade.exit_ts),
        ' at ',
        h('strong', null, rupees(trade.exit_price)),
        `, ${words(trade.exit_reason)}`,
      ),
      trade.stop === null && trade.target === null
        ? null
        : fact('Stop and target', `${rupees(trade.stop)} and ${rupees(trade.target)}`),
      trade.capped_by && fact('Quantity', `cut by ${words(trade.capped_by)}: ${CAPS[trade.capped_by] ?? ''}`),
      fact('Net', coloured(trade.pnl_net, rupees(trade.pnl_net)), asR(trade.r_net)),
      fact('Gross', coloured(trade.pnl, rupees(trade.pnl)), asR(trade.r), `, fees ${rupees(trade.fees)}`),
      trade.mae_r === null ? null : fact('Furthest against and with', `${inR(trade.mae_r)} and ${inR(trade.mfe_r)}`),
      trade.event_type === null
        ? null
        : fact(
            'Event',
            trade.event_type,
            trade.probability === null ? '' : `, probability ${probability(trade.probability)}`,
          ),
    ),
  );
}

export function eventWords(event: RunEvent): HTMLElement {
  return h(
    'div',
    { class: 'chosen' },
    h('h3', null, `Event ${localTime(event.ts)}: ${event.side.toLowerCase()} ${event.event_type ?? ''}`),
    h(
      'p',
      null,
      h('strong', null, words(event.fate)),
      ` – ${CANDIDATE_OUTCOMES[event.fate] ?? ''}. Probability ${probability(event.probability)}; close ` +
        `${rupees(event.entry_price_at_event)}, ATR ${rupees(event.atr_at_event)}.`,
    ),
  );
}
