// SPDX-License-Identifier: Apache-2.0
// A backtest: what to run, the command line that does the same, and the run as it goes. The form stands in the address.
import type { BacktestRequest } from '../api/requests';
import { daysOf } from '../data/days';
import type { Coverage } from '../data/types';
import { api, ApiError } from '../lib/api';
import { fill, h } from '../lib/dom';
import { selectField } from '../lib/field';
import { type FieldsOf, fieldsOf, othersOf, USUAL_STRATEGY, valuesOfFields } from '../lib/form';
import { count, localDate, percent, signed, tone } from '../lib/format';
import { getJob, type Job, jobView } from '../lib/job';
import { madeAt } from '../lib/made';
import { button, empty, failure, fillWith, isAbort, notice, toast } from '../lib/notice';
import {
  configKeys,
  settingsField,
  type SettingsField,
  type StoredSeries,
  type SymbolInfo,
  symbolField,
} from '../lib/pick';
import { type Parametric, type ParametersField, parametersField } from '../lib/parameters';
import { go, link, type Place } from '../lib/router';
import { valuesInAddress, valuesOf } from '../lib/values';
import { capitalReturn, type MetricInfo, tradeCount } from '../run/metrics';

interface Strategy extends Parametric {
  id: string;
  summary: string;
  uses_model: boolean;
  reads_signals: boolean;
}
interface Model {
  name: string;
  symbol: string | null;
  timeframe: string | null;
  status: string;
}
interface Recent {
  run_id: string;
  created: string;
  status: string;
  strategy: string | null;
  timeframe: string | null;
  profile: string | null;
  /** Of metrics, by their keys. */
  [key: string]: string | number | null;
}
type Request = Partial<BacktestRequest>;

/** Settings with a field of their own, and those that are no choice of a backtest. */
const ELSEWHERE = [
  'profile',
  'product',
  'capital',
  'strategy_id',
  'symbol',
  'timeframe',
  'bar_minutes',
  'preferred_timeframe',
  'symbols',
  'lookback',
  'notes',
  'model_path',
  'fee_table',
  'label_from',
  'model_selection',
];
const PHASES = ['load', 'model', 'features', 'signals', 'replay', 'result'];

export async function show(place: Place): Promise<void> {
  const page = h('div');
  place.element.append(h('h1', null, 'Backtest'), page);
  await fillWith(page, 'Reading strategies and settings', async () => {
    await askedBy(place);
    const [strategies, models, keys, series] = await Promise.all([
      api.get<Strategy[]>('/strategies', {}, place.signal),
      api.get<{ items: Model[] }>('/models', { limit: 1000 }, place.signal),
      configKeys(),
      api.get<{ total: number }>('/data', { limit: 1 }, place.signal),
    ]);
    const names = keys.map((one) => one.key).filter((name) => !ELSEWHERE.includes(name));
    const text = place.route.query.get('profile') ?? 'honest';
    const settings = await settingsField(names, text, changedSettings(place, names));
    return [
      series.total === 0 && nothingStored(),
      new Form(
        place,
        strategies.filter((one) => !one.reads_signals),
        models.items,
        settings,
      ).element,
    ];
  });
}

const nothingStored = (): HTMLElement =>
  h(
    'section',
    { class: 'panel' },
    empty(
      'No bars are stored yet',
      [
        'Import a file of one-minute bars, or make synthetic ones with ',
        h('code', null, 'pixity synth --symbol DEMO --days 250 --seed 1'),
        '.',
      ],
      h('a', { class: 'button primary', href: '#/data' }, 'Import bars'),
    ),
  );

/** A link to a job carries its request, so that the form shows what was asked. */
async function askedBy(place: Place): Promise<void> {
  const { query } = place.route;
  const id = Number(query.get('job'));
  if (!(id > 0) || query.has('symbol')) return;
  const { kind, request } = await getJob(id, place.signal).catch(() => ({
    kind: '',
    request: {} as Record<string, unknown>,
  }));
  if (kind !== 'backtest') return;
  const { set, parameters, run_id: _once, ...rest } = request;
  for (const [name, value] of Object.entries(rest))
    if (value !== null && value !== undefined) query.set(name, String(value));
  for (const [name, value] of Object.entries((set as Record<string, unknown> | undefined) ?? {}))
    query.set(`set.${name}`, String(value));
  for (const [name, value] of Object.entries(valuesInAddress(parameters))) query.set(name, value);
}

/** In the address a setting is "set.cooldown_bars=5". */
function changedSettings(place: Place, names: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const name of names) {
    const value = place.route.query.get(`set.${name}`);
    if (value) values[name] = value;
  }
  return values;
}

class Form {
  readonly element: HTMLElement;
  private readonly fields: FieldsOf<'backtest'>;
  private readonly parameters: ParametersField;
  private readonly run = h('button', { type: 'submit', class: 'primary' }, 'Run');
  private readonly trouble = h('div', { 'aria-live': 'polite' });
  private readonly coverage = h('div', { class: 'quiet small', role: 'status' });
  private readonly warning = h('div');
  private readonly command = h('code', { class: 'command' });
  private readonly work = h('div', { class: 'work' });
  private readonly recent = h('section', { class: 'panel', hidden: true });
  private readonly missing = h('span');
  private missingOf = '';
  private gone: string[] = [];
  private recentOf = '';
  /** Kept while another strategy, which takes none, is looked at. */
  private wantedModel: string;
  private info: SymbolInfo | undefined;

  constructor(
    private readonly place: Place,
    private readonly strategies: readonly Strategy[],
    private readonly models: readonly Model[],
    private readonly settings: SettingsField,
  ) {
    const given = (name: string, fallback = ''): string => place.route.query.get(name) ?? fallback;
    const changed = (): void => this.changed();
    this.wantedModel = given('model');
    this.parameters = parametersField(valuesOf(place.route.query), changed);
    const start: Record<string, string> = { timeframe: '1h' };
    this.fields = fieldsOf(
      'backtest',
      (name) => (name === 'run_id' ? '' : given(name, start[name])),
      () => undefined,
      {
        // the form itself hears every change
        strategy: selectField({
          label: 'Strategy',
          name: 'strategy',
          value: given('strategy', USUAL_STRATEGY),
          choices: strategies.map((one) => ({ value: one.id, text: one.id })),
        }),
        symbol: symbolField({
          value: given('symbol'),
          onPick: (_symbol, info) => {
            this.info = info;
            this.changed();
          },
        }),
        model: selectField({
          label: 'Model',
          name: 'model',
          choices: [],
          onChange: (name) => {
            this.wantedModel = name;
            this.changed();
          },
        }),
      },
    );
    this.element = this.layout();
    this.element.addEventListener('change', changed);
    this.changed();
    const job = Number(given('job'));
    if (job > 0) this.watch(job);
  }

  private layout(): HTMLElement {
    const { symbol, strategy, model, timeframe, start, end, capital, product, profile } = this.fields;
    const form = h(
      'form',
      {
        class: 'panel',
        novalidate: true,
        on: {
          submit: (event) => {
            event.preventDefault();
            void this.start();
          },
        },
      },
      h('h2', null, 'What to run'),
      symbol.element,
      strategy.element,
      this.parameters.element,
      model.element,
      timeframe.element,
      h('div', { class: 'fields' }, start.element, end.element),
      this.coverage,
      h('div', { class: 'later' }, capital.element),
      product.element,
      profile.element,
      this.warning,
      this.settings.element,
      othersOf(this.fields, symbol, strategy, model, timeframe, start, end, capital, product, profile),
      this.trouble,
      h('p', { class: 'actions form-end' }, this.run),
    );
    const copy = button(
      'Copy',
      () => void navigator.clipboard.writeText(this.command.textContent ?? '').then(() => toast('Copied')),
      'quiet',
    );
    return h(
      'div',
      { class: 'split' },
      form,
      h(
        'div',
        null,
        this.work,
        h(
          'section',
          { class: 'panel' },
          h('div', { class: 'panel-head' }, h('h2', null, 'The same on the command line'), copy),
          this.command,
        ),
        this.recent,
      ),
    );
  }

  /** The field's text, '' where it is untouched. */
  private get(name: keyof FieldsOf<'backtest'>): string {
    return this.fields[name].get();
  }

  private body(): Request {
    const [parameters, set] = [this.parameters.get(), this.settings.get()];
    return { ...valuesOfFields('backtest', this.fields), ...(parameters && { parameters }), ...(set && { set }) };
  }

  private changed(): void {
    const strategy = this.strategies.find((one) => one.id === this.get('strategy'));
    this.fields.strategy.help(strategy?.summary ?? '');
    this.parameters.show(strategy);
    this.showModels(strategy);
    this.showCoverage();
    this.settings.profile(this.get('profile'));
    void this.showRecent();
    fill(
      this.warning,
      this.get('profile') === 'reference' &&
        notice(
          'warning',
          'This profile looks ahead',
          h(
            'p',
            null,
            'It repeats the original rules so that their numbers can be compared: swings, labels and fills know what ' +
              'came later. Nothing of it can be earned.',
          ),
        ),
    );
    const body = this.body();
    this.command.textContent = commandLine(body);
    this.remember(body);
  }

  private remember(body: Request): void {
    const changes: Record<string, string | null> = {};
    for (const name of this.place.route.query.keys()) if (name !== 'job') changes[name] = null;
    for (const [name, value] of Object.entries(body))
      if (name !== 'set' && name !== 'parameters' && name !== 'run_id') changes[name] = String(value);
    for (const [name, value] of Object.entries(body.set ?? {})) changes[`set.${name}`] = String(value);
    Object.assign(changes, valuesInAddress(body.parameters));
    this.place.setQuery(changes);
  }

  /** Models that fit come first; the others may be chosen, and the run then says what it thinks of that. */
  private showModels(strategy: Strategy | undefined): void {
    const field = this.fields.model as ReturnType<typeof selectField>;
    field.element.hidden = !strategy?.uses_model;
    const fits = (one: Model): boolean =>
      (one.symbol ?? '').split(/,\s*/).includes(this.info?.symbol ?? this.get('symbol')) &&
      one.timeframe === this.get('timeframe');
    const good = this.models.filter((one) => one.status === 'ok');
    const sorted = [...good.filter(fits), ...good.filter((one) => !fits(one))];
    const wanted = strategy?.uses_model ? this.wantedModel : '';
    field.choices(
      [
        { value: '', text: 'named by symbol and timeframe' },
        ...sorted.map((one) => ({
          value: one.name,
          text: fits(one) ? one.name : `${one.name} (${one.symbol ?? '?'}, ${one.timeframe ?? '?'})`,
        })),
      ],
      wanted,
    );
    const none = strategy?.uses_model && !good.some(fits);
    const rule = `${this.info?.symbol ?? this.get('symbol')}_${this.get('timeframe')}`;
    const unnamed = !none && strategy?.uses_model && !wanted && !good.some((one) => one.name === rule);
    field.help(
      unnamed
        ? `No model is named ${rule}: choose one from the list.`
        : none
          ? [
              'No model of this symbol and timeframe: ',
              h(
                'a',
                { href: link('/train', { symbol: this.get('symbol'), timeframe: this.get('timeframe') }) },
                'train one',
              ),
              '.',
            ]
          : 'Which events to take, by the probability that it gives them.',
    );
  }

  private showCoverage(): void {
    const series = longest(this.info?.series ?? []);
    for (const name of ['start', 'end'] as const) {
      const input = this.fields[name].input as HTMLInputElement;
      if (series) Object.assign(input, { min: localDate(series.first), max: localDate(series.last) });
    }
    if (!series) return void fill(this.coverage);
    const [first, last] = [localDate(series.first), localDate(series.last)];
    const outside = (this.get('start') && this.get('start') > last) || (this.get('end') && this.get('end') < first);
    void this.showMissing(first, last);
    fill(
      this.coverage,
      outside
        ? h('span', { class: 'loss' }, `No bars there: stored are ${first} to ${last}.`)
        : `Stored: ${first} to ${last}, ${count(series.bars)} bars of ${series.timeframe}. Open dates mean all of ` +
          `it; bars before the first date warm the features up.`,
      this.missing,
    );
  }

  /** Trading days without bars between the dates: nothing is traded on them, and no figure tells. */
  private async showMissing(first: string, last: string): Promise<void> {
    const { info } = this;
    const series = longest(info?.series ?? []);
    if (!info || !series) return;
    const name = `${info.instrument_key} ${series.timeframe}`;
    if (name !== this.missingOf) {
      this.missingOf = name;
      this.gone = [];
      fill(this.missing);
      const found = await api
        .get<Coverage>(
          '/data/coverage',
          { symbol: info.symbol, exchange: info.exchange, timeframe: series.timeframe },
          this.place.signal,
        )
        .catch(() => undefined);
      if (name !== this.missingOf || !found) return;
      this.gone = daysOf(found)
        .filter((day) => day.state === 'none')
        .map((day) => day.date);
    }
    const [from, to] = [this.get('start') || first, this.get('end') || last];
    const days = this.gone.filter((day) => day >= from && day <= to);
    fill(
      this.missing,
      days.length > 0 && [
        ' ',
        h('strong', null, `${count(days.length)} trading days between have no bars`),
        ', the first ',
        days[0],
        ': ',
        h('a', { href: link('/data', { symbol: info.symbol, timeframe: series.timeframe }) }, 'see the days'),
        '.',
      ],
    );
  }

  /** What has been run on this symbol already: each further run is a trial more. */
  private async showRecent(): Promise<void> {
    const symbol = this.info?.symbol ?? '';
    if (symbol === this.recentOf) return;
    this.recentOf = symbol;
    this.recent.hidden = true;
    if (!symbol) return;
    try {
      const [{ total, items }, metrics] = await Promise.all([
        api.get<{ total: number; items: Recent[] }>(
          '/runs',
          { symbol, sort: 'created', order: 'desc', limit: 8 },
          this.place.signal,
        ),
        api.get<MetricInfo[]>('/metrics', {}, this.place.signal),
      ]);
      if (symbol !== this.recentOf || total === 0) return;
      fill(
        this.recent,
        h(
          'div',
          { class: 'panel-head' },
          h('h2', null, `Runs of ${symbol} so far`),
          h('a', { href: link('/runs', { q: symbol }) }, `all ${count(total)}`),
        ),
        recentTable(items, metrics),
      );
      this.recent.hidden = false;
    } catch (error) {
      if (isAbort(error)) return;
      fill(this.recent, failure('The last runs could not be read', error));
      this.recent.hidden = false;
    }
  }

  private async start(): Promise<void> {
    for (const field of Object.values(this.fields)) field.error(null);
    this.settings.error(null);
    this.parameters.clear();
    fill(this.trouble);
    if (!this.get('symbol')) return this.refuse('symbol', 'Choose an instrument.');
    this.run.disabled = true;
    try {
      const job = await api.post<Job>('/runs', this.body());
      this.place.setQuery({ job: job.id });
      this.watch(job.id);
    } catch (error) {
      this.explain(error);
    } finally {
      this.run.disabled = false;
    }
  }

  private refuse(name: keyof FieldsOf<'backtest'>, text: string): void {
    this.fields[name].error(text);
    this.fields[name].input.focus();
  }

  /** "symbol: no instrument is named …" and "setting: cooldown_bars is -3; …" belong at their fields. */
  private explain(error: unknown): void {
    const message = error instanceof ApiError ? error.message : '';
    const found =
      /^setting: ((\w+) .*)$/s.exec(message)?.slice(1).reverse() ?? /^(\w+): (.*)$/s.exec(message)?.slice(1);
    const [name = '', text = ''] = found ?? [];
    if (this.parameters.explain(error)) return;
    if (name in this.fields) this.refuse(name as keyof FieldsOf<'backtest'>, text);
    else if (!this.settings.error(name, text)) fill(this.trouble, failure('It could not be started', error));
  }

  private watch(id: number): void {
    fill(
      this.work,
      jobView({
        id,
        what: 'Backtest',
        signal: this.place.signal,
        phases: PHASES,
        onEnd: (job) => {
          if (job.state === 'done' && job.result?.run_id) go(link('/runs', job.result.run_id));
          else if (job.state === 'failed')
            this.work.append(
              h(
                'p',
                { class: 'quiet' },
                'Change what it names and run again; nothing was stored that is not listed under ',
                h('a', { href: '#/runs' }, 'Runs'),
                '.',
              ),
            );
        },
      }),
    );
    this.work.scrollIntoView({ block: 'nearest' });
  }
}

function recentTable(runs: readonly Recent[], metrics: readonly MetricInfo[]): HTMLElement {
  const trades = tradeCount(metrics);
  const gain = capitalReturn(metrics);
  const heads = [
    'Run',
    'Made',
    'Strategy',
    'Bars',
    'Profile',
    trades?.title ?? '',
    gain ? `${gain.title}, ${gain.unit}, net` : '',
  ];
  const of = (run: Recent, info: MetricInfo | undefined): number | null => {
    const value = info ? run[info.key] : null;
    return typeof value === 'number' ? value : null;
  };
  return h(
    'div',
    { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': 'Last runs' },
    h(
      'table',
      null,
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          heads.map((title, i) => h('th', { scope: 'col', class: i > 4 ? 'num' : undefined }, title)),
        ),
      ),
      h(
        'tbody',
        null,
        runs.map((run) =>
          h(
            'tr',
            null,
            h('th', { scope: 'row' }, h('a', { href: link('/runs', run.run_id) }, run.run_id)),
            h('td', null, madeAt(run.created)),
            h('td', null, run.strategy),
            h('td', null, run.timeframe),
            h('td', null, run.profile),
            h('td', { class: 'num' }, run.status === 'done' ? count(of(run, trades)) : run.status),
            h(
              'td',
              { class: 'num' },
              h('span', { class: tone(of(run, gain)) || undefined }, signed(percent(of(run, gain)))),
            ),
          ),
        ),
      ),
    ),
  );
}

/** The series that reaches furthest back: what a backtest can be made of. */
function longest(series: readonly StoredSeries[]): StoredSeries | undefined {
  return [...series].sort((a, b) => a.first.localeCompare(b.first))[0];
}

/** As a shell takes it. */
function quoted(text: string): string {
  return /^[\w.,:/+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
export function commandLine(body: Request): string {
  const words = ['pixity', 'backtest'];
  for (const [name, value] of Object.entries(body)) {
    if (name === 'set' || name === 'parameters') continue;
    for (const one of Array.isArray(value) ? value : [value])
      words.push(`--${name.replace('_', '-')}`, quoted(String(one)));
  }
  for (const [name, value] of Object.entries(body.set ?? {})) words.push('--set', quoted(`${name}=${value}`));
  for (const [name, value] of Object.entries(body.parameters ?? {})) words.push('--param', quoted(`${name}=${value}`));
  return words.join(' ');
}
