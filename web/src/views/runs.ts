// SPDX-License-Identifier: Apache-2.0
// All stored runs: search, filter, sort, compare, delete. New ones appear by themselves.
import { api, at } from '../lib/api';
import { fill, h } from '../lib/dom';
import { count, number, percent, rupees, signed, tone, UNDEFINED } from '../lib/format';
import { madeAt } from '../lib/made';
import { button, confirm, failure, fillWith, toast } from '../lib/notice';
import { go, link, type Place } from '../lib/router';
import { type ListColumn, listTable, type ListTable } from '../lib/table';

interface Row {
  run_id: string;
  created: string;
  status: string;
  strategy: string | null;
  symbol: string | null;
  timeframe: string | null;
  profile: string | null;
  start: string | null;
  end: string | null;
  trades: number | null;
  net_pnl: number | null;
  net_return_pct: number | null;
  net_sharpe: number | null;
  net_max_drawdown_pct: number | null;
  net_psr: number | null;
  message: string | null;
}

const choices = (values: readonly string[]): { value: string; text: string }[] => values.map((value) => ({ value, text: value }));
const coloured = (value: number | null, text: string): HTMLElement => h('span', { class: tone(value) || undefined }, signed(text));

function statusCell(row: Row): HTMLElement {
  if (row.status === 'done') return h('span', { class: 'quiet' }, 'done');
  return h('span', { class: 'tag error', title: row.message ?? '' }, row.status);
}

function columns(strategies: readonly string[]): ListColumn<Row>[] {
  return [
    { key: 'run_id', title: 'Run' },
    { key: 'created', title: 'Made', cell: (row) => madeAt(row.created), help: 'When it was computed' },
    { key: 'strategy', title: 'Strategy', filter: choices(strategies) },
    { key: 'symbol', title: 'Symbol' },
    { key: 'timeframe', title: 'Bars' },
    { key: 'profile', title: 'Profile', filter: choices(['honest', 'reference']), cell: (row) => (row.profile === 'reference' ? h('span', { class: 'tag warning' }, 'reference') : (row.profile ?? UNDEFINED)) },
    { key: 'start', title: 'From' },
    { key: 'end', title: 'To' },
    { key: 'trades', title: 'Trades', num: true, cell: (row) => count(row.trades) },
    { key: 'net_pnl', title: 'PnL', unit: '₹, net', num: true, cell: (row) => coloured(row.net_pnl, rupees(row.net_pnl, 0)), help: 'Profit after fees, rupees' },
    { key: 'net_return_pct', title: 'Return', unit: '% of capital, net', num: true, cell: (row) => coloured(row.net_return_pct, percent(row.net_return_pct)) },
    { key: 'net_max_drawdown_pct', title: 'Max. drawdown', unit: '% of peak, net', num: true, cell: (row) => percent(row.net_max_drawdown_pct) },
    { key: 'net_sharpe', title: 'Sharpe', unit: 'a year, net', num: true, cell: (row) => number(row.net_sharpe) },
    { key: 'net_psr', title: 'PSR', unit: 'net', num: true, cell: (row) => number(row.net_psr, 3), help: 'Probabilistic Sharpe ratio: the probability that the true Sharpe ratio is above 0, were this the only run' },
    { key: 'status', title: 'State', filter: choices(['done', 'failed']), cell: statusCell },
  ];
}

const nothing = {
  title: 'No runs yet',
  text: ['Run a backtest here, or on the command line: ', h('code', null, 'pixity backtest --strategy pixityAI_meta --symbol … --timeframe 15m')],
  actions: h('a', { class: 'button primary', href: '#/' }, 'Run a backtest'),
};

/** What can be done with the runs that are ticked. */
class Selection {
  readonly element = h('span', { class: 'row' });
  private ids: readonly string[] = [];
  private readonly trouble = h('span');

  constructor(private readonly reload: () => void) {
    this.draw();
  }

  set(ids: readonly string[]): void {
    this.ids = ids;
    this.draw();
  }

  private draw(): void {
    const n = this.ids.length;
    const compare = button(n ? `Compare ${n}` : 'Compare', () => go(link('/compare', { ids: this.ids.join(',') })), 'primary');
    compare.disabled = n < 2;
    compare.title = n < 2 ? 'Tick two or more runs' : '';
    const remove = button(n ? `Delete ${n} …` : 'Delete …', () => void this.remove(), 'danger');
    remove.disabled = n < 1;
    fill(this.element, compare, remove, this.trouble);
  }

  private async remove(): Promise<void> {
    const ids = [...this.ids];
    const what = ids.length === 1 ? `the run ${ids[0]}` : `${ids.length} runs`;
    if (!(await confirm({ title: `Delete ${what}?`, text: 'Trades, equity and settings go with it. This cannot be undone.', action: 'Delete' }))) return;
    try {
      for (const id of ids) await api.remove(at`/runs/${id}`);
      toast(`Deleted ${what}`);
      this.set([]);
    } catch (error) {
      fill(this.trouble, failure('Not everything could be deleted', error));
    }
    this.reload();
  }
}

export async function show(place: Place): Promise<void> {
  const body = h('div');
  place.element.append(h('div', { class: 'panel-head' }, h('h1', null, 'Runs'), h('a', { class: 'button', href: '#/' }, 'New backtest')), body);
  await fillWith(body, 'Reading the runs', async () => {
    const strategies = await api.get<{ id: string }[]>('/strategies', {}, place.signal);
    let table: ListTable | undefined;
    const selection = new Selection(() => void table?.reload());
    table = listTable<Row>({
      source: api, path: '/runs', caption: 'Stored runs', place, columns: columns(strategies.map((one) => one.id)), key: (row) => row.run_id,
      href: (row) => link('/runs', row.run_id), onSelect: (ids) => selection.set(ids), sort: { key: 'created', order: 'desc' }, pageSize: 25,
      search: 'Search runs', tools: selection.element, empty: nothing,
    });
    document.addEventListener('pixity:runs', () => void table?.reload(), { signal: place.signal });
    return h('section', { class: 'panel' }, table.element,
      h('p', { class: 'quiet small later' }, 'Net means after fees, at the slippage of the run. Ratios are annualised from session returns at a risk-free rate of 0.'));
  });
}

