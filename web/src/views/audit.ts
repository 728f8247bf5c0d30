// SPDX-License-Identifier: Apache-2.0
// Audit: proofs on the reader's own bars and settings that training, backtest and live compute the same.
import type { AuditRequest } from '../api/requests';
import type { Audit } from '../audit/chart';
import { auditReport } from '../audit/report';
import { api, listOf } from '../lib/api';
import { fill, h } from '../lib/dom';
import { selectField } from '../lib/field';
import { fieldsOf, othersOf, USUAL_STRATEGY, valuesOfFields } from '../lib/form';
import { getJob, getResult, type Job, jobView } from '../lib/job';
import { empty, failure, fillWith, loading } from '../lib/notice';
import { settingsField, symbolField } from '../lib/pick';
import { type Parametric, parametersField } from '../lib/parameters';
import type { Place } from '../lib/router';
import { command } from '../lib/rows';
import { valuesOf } from '../lib/values';

const SETTINGS = [
  'sl_mult',
  'tp_mult',
  'time_stop_bars',
  'square_off',
  'detail',
  'entry',
  'label_from',
  'stop_fill',
  'swing',
  'swing_period',
  'vwap_fallback',
  'reversion_k',
  'resample_anchor',
  'warmup_days',
  'skip_meta_model',
  'long_threshold',
  'short_threshold',
  'capital',
  'risk_per_trade',
  'leverage',
  'slippage_bps',
  'fees',
  'cooldown_bars',
  'max_daily_trades',
];
const PHASES = [
  'load',
  'batch = stream',
  'prefix',
  'warm-up',
  'end extension',
  'label = exit',
  'train = serve',
  'martingale',
  'ambiguity',
  'determinism',
  'costs',
];

interface Strategy extends Parametric {
  id: string;
  summary: string;
  uses_model: boolean;
  reads_signals: boolean;
}

export async function show(place: Place): Promise<void> {
  const result = h('div', { class: 'result' });
  const side = h('div', null, loading());
  place.element.append(h('h1', null, 'Audit'), h('div', { class: 'split' }, side, result));
  const watch = (id: number): void => {
    place.setQuery({ job: id });
    fill(
      result,
      jobView({
        id,
        what: 'Audit',
        signal: place.signal,
        phases: PHASES,
        onEnd: (job) => {
          if (job.state === 'done') void showResult(job);
        },
      }),
    );
    result.scrollIntoView({ block: 'nearest' });
  };
  const showResult = async (job: Job): Promise<void> => {
    const body = h('div');
    result.append(body);
    await fillWith(body, 'Reading the result', async () => {
      const audit = await getResult<Audit>(job.id, place.signal);
      return auditReport(audit, job.request as unknown as AuditRequest, place.signal);
    });
  };
  const running = Number(place.route.query.get('job'));
  if (running > 0) watch(running);
  else
    fill(
      result,
      h(
        'div',
        { class: 'panel' },
        empty('Nothing audited here yet', [
          'Checks on your own bars and settings: does live see what the backtest saw, does anything know the ' +
            'future, what do costs take? Choose and press Audit. On the command line: ',
          command('pixity audit --symbol RELIANCE --timeframe 15m'),
        ]),
      ),
    );
  // A link to a job carries its request, so that the form shows what was asked.
  const asked =
    running > 0
      ? await getJob(running, place.signal).then(
          (job) => job.request,
          () => ({}),
        )
      : {};
  fill(side, await auditForm(place, asked, (job) => watch(job.id)));
}

async function auditForm(
  place: Place,
  asked: Record<string, unknown>,
  started: (job: Job) => void,
): Promise<HTMLElement> {
  const get = (name: string, fallback = ''): string =>
    place.route.query.get(name) ?? (typeof asked[name] === 'string' ? (asked[name] as string) : fallback);
  const [strategies, models, settings] = await Promise.all([
    listOf<Strategy>('/strategies', {}, place.signal),
    listOf<{ name: string }>('/models', { limit: 1000 }, place.signal),
    settingsField(SETTINGS, get('profile', 'honest'), (asked['set'] as Record<string, string> | undefined) ?? {}),
  ]);
  const usable = strategies.filter((one) => !one.reads_signals);
  const symbol = symbolField({
    value: get('symbol'),
    onPick: (value) => {
      place.setQuery({ symbol: value });
      symbol.error(null);
    },
  });
  const strategy = selectField({
    label: 'Strategy',
    name: 'strategy',
    value: get('strategy', USUAL_STRATEGY),
    choices: usable.map((one) => ({ value: one.id, text: one.id })),
    onChange: () => show(),
  });
  const model = selectField({
    label: 'Model',
    name: 'model',
    value: get('model'),
    help: 'Of itself it takes the one named by symbol and timeframe; without one every event is taken.',
    choices: [{ value: '', text: 'by itself' }, ...models.map((one) => ({ value: one.name, text: one.name }))],
  });
  const start: Record<string, string> = { timeframe: '15m' };
  const changed = (): void => {
    settings.profile(fields.profile.get());
    place.setQuery({ timeframe: fields.timeframe.get() });
  };
  const fields = fieldsOf('audit', (name) => get(name, start[name]), changed, { symbol, strategy, model });
  const { timeframe, start: from, end } = fields;
  const parameters = parametersField(valuesOf(place.route.query, asked['parameters']), () => undefined);
  const show = (): void => {
    const chosen = usable.find((one) => one.id === strategy.get());
    strategy.help(chosen?.summary);
    parameters.show(chosen);
    model.element.hidden = chosen?.uses_model === false;
  };
  show();
  const trouble = h('div', { 'aria-live': 'polite' });
  const submit = h('button', { type: 'submit', class: 'primary' }, 'Audit');
  const send = async (): Promise<void> => {
    symbol.error(symbol.get() ? null : 'Choose a symbol from the list.');
    if (!symbol.get()) return;
    submit.disabled = true;
    fill(trouble);
    parameters.clear();
    const body: Partial<AuditRequest> = {
      ...valuesOfFields('audit', fields),
      parameters: parameters.get(),
      set: settings.get(),
    };
    try {
      started(await api.post<Job>('/audits', body));
    } catch (error) {
      if (!parameters.explain(error)) fill(trouble, failure('The audit was not begun', error));
    } finally {
      submit.disabled = false;
    }
  };
  return h(
    'form',
    {
      class: 'panel',
      novalidate: true,
      'aria-label': 'Audit',
      on: {
        submit: (event) => {
          event.preventDefault();
          void send();
        },
      },
    },
    symbol.element,
    timeframe.element,
    h('div', { class: 'fields' }, from.element, end.element),
    strategy.element,
    parameters.element,
    model.element,
    othersOf(fields, symbol, timeframe, from, end, strategy, model),
    settings.element,
    trouble,
    h('p', { class: 'actions' }, submit),
  );
}
