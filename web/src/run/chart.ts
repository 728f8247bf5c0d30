// SPDX-License-Identifier: Apache-2.0
// The chart of a run with its trades or events below: choosing a row moves the chart there, choosing a mark on the
// chart marks the row.
import { barSeconds, type Candles, candles, type CandlesRequest } from '../charts/candles';
import { at } from '../lib/api';
import type { Columns } from '../lib/columns';
import { h } from '../lib/dom';
import { wallSeconds } from '../lib/format';
import { button, failure, isAbort, notice } from '../lib/notice';
import type { ListTable } from '../lib/table';
import {
  allRows,
  eventKey,
  eventMarks,
  eventsList,
  eventWords,
  tradeBox,
  tradeMarks,
  tradesList,
  tradeWords,
} from './lists';
import type { RunContext, RunEvent, Trade } from './types';

const INDICATORS = ['ema20', 'ema50', 'vwap', 'swing_high', 'swing_low', 'atr', 'adx', 'vol_z'];
/** What a report holds beside the bars. */
const REPORT_INDICATORS = ['ema20', 'ema50', 'vwap'];
/** Up to this many days a report shows the single bars around its trades, beyond it the merged ones of the whole
 * run. */
const REPORT_DAYS = 120;
const TIMEFRAMES = ['1m', '2m', '3m', '5m', '10m', '15m', '30m', '1h', '2h', '4h', '1d'];

/** Those that the bars behind the run can give: "1m bars of NSE_EQ|… in …". */
function timeframesOf(context: RunContext): string[] {
  const own = context.run.timeframe;
  const source = /^(\w+) bars/.exec(String(context.run.data?.['source'] ?? ''))?.[1] ?? own;
  const step = barSeconds(source);
  const found = TIMEFRAMES.filter((name) => barSeconds(name) >= step && barSeconds(name) % step === 0);
  return found.some((name) => barSeconds(name) === barSeconds(own))
    ? found.map((name) => (barSeconds(name) === barSeconds(own) ? own : name))
    : [own, ...found];
}

export class ChartPart {
  readonly element: HTMLElement;
  private readonly chosen = h('div', { class: 'chosen-place', 'aria-live': 'polite' });
  private readonly notes = h('div');
  private readonly signs = h('p', { class: 'quiet small' });
  private readonly lists = h('div', { class: 'run-lists' });
  private readonly chart: Candles;
  private trades: readonly Trade[] = [];
  private events: readonly RunEvent[] | undefined;
  private table: ListTable | undefined;
  private list: 'trades' | 'events';

  constructor(private readonly context: RunContext) {
    const query = context.place?.route.query ?? new URLSearchParams();
    this.list = query.get('list') === 'events' ? 'events' : 'trades';
    const own = context.run.timeframe;
    const { live } = context.source;
    const frames = live ? timeframesOf(context) : [own];
    const wanted = query.get('bars') ?? own;
    this.chart = candles({
      label: `Candles of ${context.run.symbol}, with entries and exits`,
      signal: context.signal,
      height: 32,
      timeframe: frames.includes(wanted) ? wanted : own,
      ...(live ? { timeframes: frames } : {}),
      finer: context.source.has(at`/runs/${context.run.run_id}/candles`, live ? {} : { around: 'trades' }),
      indicators: live ? INDICATORS : REPORT_INDICATORS,
      shown: (query.get('ind') ?? '').split(',').filter(Boolean),
      load: (request, signal) => this.load(request, signal),
      onChoice: (timeframe, indicators) =>
        context.place?.setQuery({ bars: timeframe === own ? null : timeframe, ind: indicators.join(',') }),
      onPick: (id) => this.picked(id),
      onLoad: (columns) => this.noteData(columns),
    });
    this.element = h(
      'div',
      { class: 'run-chart' },
      h(
        'section',
        { class: 'panel', 'aria-label': 'Chart' },
        h('h2', null, 'Candles, entries and exits'),
        this.notes,
        this.chart.element,
        this.signs,
        this.chosen,
      ),
      h('section', { class: 'panel', 'aria-label': 'Trades and events' }, this.lists),
    );
    this.showList(this.list);
    void this.start();
  }

  private load(request: CandlesRequest, signal: AbortSignal): Promise<Columns> {
    const { start, end, points, indicators, timeframe } = request;
    if (!this.context.source.live) return this.loadEmbedded(request.span);
    return this.context.source.columns(
      at`/runs/${this.context.run.run_id}/candles`,
      {
        timeframe: timeframe === this.context.run.timeframe ? undefined : timeframe,
        start,
        end,
        points,
        indicators: indicators.join(','),
      },
      signal,
    );
  }

  private loadEmbedded(span = Number.POSITIVE_INFINITY): Promise<Columns> {
    const near = span <= REPORT_DAYS * 86400;
    return this.context.source.columns(at`/runs/${this.context.run.run_id}/candles`, near ? { around: 'trades' } : {});
  }

  private async start(): Promise<void> {
    try {
      this.trades = await allRows<Trade>(
        this.context.source,
        at`/runs/${this.context.run.run_id}/trades`,
        this.context.signal,
      );
      await this.drawMarks();
      this.fromAddress();
    } catch (error) {
      if (!isAbort(error)) this.notes.append(failure('The trades could not be drawn', error));
    }
  }
  private async drawMarks(): Promise<void> {
    if (this.list === 'trades') return this.chart.marks(tradeMarks(this.trades));
    this.events ??= await allRows<RunEvent>(
      this.context.source,
      at`/runs/${this.context.run.run_id}/events`,
      this.context.signal,
    );
    this.chart.marks(eventMarks(this.events));
  }
  private fromAddress(): void {
    const query = this.context.place?.route.query;
    const n = query?.get('trade');
    const trade = n ? this.trades[Number(n)] : undefined;
    if (trade) this.choose(trade);
    const key = query?.get('event');
    const event = key ? this.events?.find((one) => eventKey(one) === key) : undefined;
    if (event) this.chooseEvent(event);
  }
  private noteData(columns: Columns): void {
    if (columns.head['same_data'] !== false || this.notes.childElementCount > 0) return;
    this.notes.append(
      notice(
        'warning',
        'These are not the bars of the run',
        h(
          'p',
          null,
          'The stored bars have changed since: their fingerprint differs. Entries and exits may lie beside the ' +
            'candles. Run the backtest again to compare.',
        ),
      ),
    );
  }

  private showList(name: 'trades' | 'events'): void {
    this.list = name;
    this.signs.textContent =
      name === 'trades'
        ? '▲ long entry, ▼ short entry, ■ exit with its net result. Choose one to see its stop and target.'
        : '● an event, below its signal bar: blue became a trade, grey did not. Choose one to see why.';
    const tab = (value: 'trades' | 'events', text: string): HTMLElement => {
      const element = button(text, () => {
        this.context.place?.setQuery({ list: value === 'events' ? value : null });
        this.showList(value);
        this.drawMarks().catch((error: unknown) => {
          if (!isAbort(error)) this.notes.replaceChildren(failure('The events could not be drawn', error));
        });
      });
      element.setAttribute('aria-pressed', String(value === name));
      return element;
    };
    this.table =
      name === 'trades'
        ? tradesList(this.context, (trade) => this.choose(trade, true))
        : eventsList(this.context, (event) => this.chooseEvent(event, true));
    this.lists.replaceChildren(
      h(
        'div',
        { class: 'panel-head' },
        h('h2', null, name === 'trades' ? 'Trades' : 'Events'),
        h(
          'div',
          { class: 'segmented', role: 'group', 'aria-label': 'List' },
          tab('trades', 'Trades'),
          tab('events', 'Events'),
        ),
      ),
      this.table.element,
    );
  }
  private picked(id: string): void {
    const [kind, ...rest] = id.split(' ');
    const key = rest.join(' ');
    const trade = kind === 'trade' ? this.trades[Number(key)] : undefined;
    const event = kind === 'event' ? this.events?.find((one) => eventKey(one) === key) : undefined;
    if (trade) this.choose(trade);
    if (event) this.chooseEvent(event);
  }
  private choose(trade: Trade, fromList = false): void {
    this.table?.mark(this.list === 'trades' ? String(trade.n) : null);
    this.context.place?.setQuery({ trade: trade.n, event: null });
    this.chart.box(tradeBox(trade));
    const step = (by: number): HTMLElement => {
      const other = this.trades[trade.n + by];
      const element = button(by < 0 ? '‹ Trade before' : 'Next trade ›', () => {
        if (other) this.choose(other);
      });
      element.disabled = !other;
      return element;
    };
    this.chosen.replaceChildren(tradeWords(trade), h('p', { class: 'actions screen-only' }, step(-1), step(1)));
    this.look(wallSeconds(trade.entry_ts) ?? 0, wallSeconds(trade.exit_ts) ?? 0, fromList);
  }
  private chooseEvent(event: RunEvent, fromList = false): void {
    this.table?.mark(this.list === 'events' ? eventKey(event) : null);
    this.context.place?.setQuery({ event: eventKey(event), trade: null });
    this.chart.box(null);
    this.chosen.replaceChildren(eventWords(event));
    const time = wallSeconds(event.ts) ?? 0;
    this.look(time, time, fromList);
  }
  private look(from: number, to: number, fromList: boolean): void {
    this.chart.focus({ from, to });
    if (fromList) this.chart.element.scrollIntoView({ block: 'nearest' });
  }
}
