// SPDX-License-Identifier: Apache-2.0
// All stored runs: search, filter, sort, compare, delete. New ones appear by themselves.
import { api, at } from '../lib/api';
import { fill, h, newId } from '../lib/dom';
import { USUAL_STRATEGY } from '../lib/form';
import { byUnit, signed, tone, UNDEFINED } from '../lib/format';
import { madeAt } from '../lib/made';
import { button, confirm, failure, fillWith, toast } from '../lib/notice';
import { changedHash, go, link, type Place } from '../lib/router';
import { type ListColumn, listTable, type ListTable } from '../lib/table';
import { headlines, type MetricInfo } from '../run/metrics';

interface Row {
  run_id: string;
  created: string;
  status: string;
  data_changed: boolean;
  strategy: string | null;
  symbol: string | null;
  timeframe: string | null;
  profile: string | null;
  start: string | null;
  end: string | null;
  message: string | null;
  /** Metrics, by their keys. */
  [key: string]: unknown;
}

const choices = (values: readonly string[]): { value: string; text: string }[] =>
  values.map((value) => ({ value, text: value }));

function metricColumn(info: MetricInfo): ListColumn<Row> {
  const basis = info.basis === 'none' ? '' : info.basis;
  return {
    key: info.key,
    title: info.title,
    unit: [info.unit, basis].filter(Boolean).join(', '),
    num: true,
    help: `${info.key}: ${info.meaning}`,
    cell: (row) => {
      const value = row[info.key] as number | null;
      const text = byUnit(value, info.unit, info.decimals);
      return info.gain ? h('span', { class: tone(value) || undefined }, signed(text)) : text;
    },
  };
}

function statusCell(row: Row): HTMLElement {
  if (row.status === 'done' && row.data_changed)
    return h(
      'span',
      { class: 'tag warning', title: 'Bars that it was made on have changed since' },
      'data has changed',
    );
  if (row.status === 'done') return h('span', { class: 'quiet' }, 'done');
  return h('span', { class: 'tag error', title: row.message ?? '' }, row.status);
}

function columns(strategies: readonly string[], metrics: readonly MetricInfo[]): ListColumn<Row>[] {
  return [
    { key: 'run_id', title: 'Run' },
    { key: 'created', title: 'Made', cell: (row) => madeAt(row.created), help: 'When it was computed' },
    { key: 'strategy', title: 'Strategy', filter: choices(strategies) },
    { key: 'symbol', title: 'Symbol' },
    { key: 'timeframe', title: 'Bars' },
    {
      key: 'profile',
      title: 'Profile',
      filter: choices(['honest', 'reference']),
      cell: (row) =>
        row.profile === 'reference' ? h('span', { class: 'tag warning' }, 'reference') : (row.profile ?? UNDEFINED),
    },
    { key: 'start', title: 'From' },
    { key: 'end', title: 'To' },
    ...metrics.map(metricColumn),
    { key: 'status', title: 'State', filter: choices(['done', 'failed']), cell: statusCell },
  ];
}

const nothing = {
  title: 'No runs yet',
  text: [
    'Run a backtest here, or on the command line: ',
    h('code', null, `pixity backtest --strategy ${USUAL_STRATEGY} --symbol … --timeframe 15m`),
  ],
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
    const compare = button(
      n ? `Compare ${n}` : 'Compare',
      () => go(link('/compare', { ids: this.ids.join(',') })),
      'primary',
    );
    compare.disabled = n < 2;
    compare.title = n < 2 ? 'Tick two or more runs' : '';
    const remove = button(n ? `Delete ${n} …` : 'Delete …', () => void this.remove(), 'danger');
    remove.disabled = n < 1;
    fill(this.element, compare, remove, this.trouble);
  }

  private async remove(): Promise<void> {
    const ids = [...this.ids];
    const what = ids.length === 1 ? `the run ${ids[0]}` : `${ids.length} runs`;
    if (
      !(await confirm({
        title: `Delete ${what}?`,
        text: 'Trades, equity and settings go with it. This cannot be undone.',
        action: 'Delete',
      }))
    )
      return;
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

/** Headlines that the server gives without being asked. */
const FIRST = 6;

/** A choice of one more metric, which then stands in the table: it is sorted by a click on its head. */
function metricPicker(all: readonly MetricInfo[], shown: readonly MetricInfo[]): HTMLElement {
  const id = newId('column');
  const chosen = shown.slice(FIRST).map((info) => info.key);
  const select = h(
    'select',
    {
      id,
      on: {
        change: () => {
          if (select.value) go(changedHash({ columns: [...chosen, select.value].join(',') }));
        },
      },
    },
    h('option', { value: '' }, 'add …'),
    all.filter((info) => !shown.includes(info)).map((info) => h('option', { value: info.key }, info.key)),
  );
  const less = button('Only the first', () => {
    go(changedHash({ columns: null, sort: null, order: null }));
  });
  return h(
    'span',
    { class: 'row' },
    h('label', { for: id, class: 'inline' }, 'Column', select),
    chosen.length > 0 && less,
  );
}

/** The headlines, then what the address names: "?columns=Calmar Ratio,SQN". */
function shownMetrics(all: readonly MetricInfo[], place: Place): MetricInfo[] {
  const wanted = (place.route.query.get('columns') ?? '').split(',');
  const first = headlines(all).slice(0, FIRST);
  const more = wanted
    .map((key) => all.find((info) => info.key === key))
    .filter((info): info is MetricInfo => info !== undefined);
  return [...new Set([...first, ...more])];
}

export async function show(place: Place): Promise<void> {
  const body = h('div');
  place.element.append(
    h('div', { class: 'panel-head' }, h('h1', null, 'Runs'), h('a', { class: 'button', href: '#/' }, 'New backtest')),
    body,
  );
  await fillWith(body, 'Reading the runs', async () => {
    const [strategies, metrics] = await Promise.all([
      api.get<{ id: string }[]>('/strategies', {}, place.signal),
      api.get<MetricInfo[]>('/metrics', {}, place.signal),
    ]);
    const shown = shownMetrics(metrics, place);
    let table: ListTable | undefined;
    const selection = new Selection(() => void table?.reload());
    table = listTable<Row>({
      source: api,
      path: '/runs',
      caption: 'Stored runs',
      place,
      columns: columns(
        strategies.map((one) => one.id),
        shown,
      ),
      query: { column: shown.slice(FIRST).map((info) => info.key) },
      key: (row) => row.run_id,
      href: (row) => link('/runs', row.run_id),
      onSelect: (ids) => selection.set(ids),
      sort: { key: 'created', order: 'desc' },
      pageSize: 25,
      search: 'Search runs',
      tools: [metricPicker(metrics, shown), selection.element],
      empty: nothing,
    });
    document.addEventListener('pixity:runs', () => void table?.reload(), { signal: place.signal });
    return h(
      'section',
      { class: 'panel' },
      table.element,
      h(
        'p',
        { class: 'quiet small later' },
        'Net means after fees, at the slippage of the run. Ratios are annualised from session returns at a risk-free ' +
          'rate of 0.',
      ),
    );
  });
}
