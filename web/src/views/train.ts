// SPDX-License-Identifier: Apache-2.0
// Train: what to train on, its phases as they come, what became of it; and the models that there are.
import type { TrainRequest } from '../api/requests';
import { api, at, listOf, type Page } from '../lib/api';
import { type Child, fill, h } from '../lib/dom';
import { selectField } from '../lib/field';
import { fieldsOf, othersOf, valuesOfFields } from '../lib/form';
import { count, localDate, number } from '../lib/format';
import { getJob, getResult, type Job, jobView } from '../lib/job';
import { button, confirm, empty, failure, fillWith, isAbort, loading, notice, toast } from '../lib/notice';
import { settingsField, symbolsField } from '../lib/pick';
import { type Parametric, parametersField } from '../lib/parameters';
import { link, type Place } from '../lib/router';
import { command, panel, rowsTable } from '../lib/rows';
import { valuesOf } from '../lib/values';
import { backtestLink, trainReport } from '../train/report';
import type { ModelRow, TrainReport } from '../train/types';

/** What changes features, events, labels or the fit. */
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
  'model_selection',
  'long_threshold',
  'short_threshold',
];
const PHASES = ['load and label', 'folds', 'save'];

interface Learner extends Parametric {
  name: string;
  summary: string;
}

export async function show(place: Place): Promise<void> {
  const { query } = place.route;
  const result = h('div', { class: 'result' });
  const models = h('div');
  place.element.append(h('h1', null, 'Train'), h('div', { class: 'split' }, h('div', null, loading()), result), models);
  const running = Number(query.get('job'));
  // A link to a job carries its request, so that the form shows what was asked.
  const asked =
    running > 0
      ? await getJob(running, place.signal).then(
          (job) => job.request,
          () => ({}),
        )
      : {};
  const form = await trainForm(place, asked, (job) => watch(job.id));
  place.element.querySelector('.split > div')?.replaceChildren(form);

  const watch = (id: number): void => {
    place.setQuery({ job: id });
    fill(
      result,
      jobView({
        id,
        what: 'Training',
        signal: place.signal,
        phases: PHASES,
        onEnd: (job) => {
          void listModels();
          if (job.state === 'done') void showResult(id);
        },
      }),
    );
    result.scrollIntoView({ block: 'nearest' });
  };
  const showResult = async (id: number): Promise<void> => {
    const body = h('div');
    result.append(body);
    await fillWith(body, 'Reading the result', async () => trainReport(await getResult<TrainReport>(id, place.signal)));
  };
  const listModels = (): Promise<void> =>
    fillWith(models, 'Reading the models', () => modelsPanel(place, () => void listModels()));

  if (running > 0) watch(running);
  else
    fill(
      result,
      h(
        'div',
        { class: 'panel' },
        empty('Nothing trained here yet', [
          'A strategy proposes events; a meta-model learns which of them reach their target. Choose symbol, bars and ' +
            'dates, and press Train. On the command line: ',
          command('pixity train --symbol RELIANCE --timeframe 15m'),
        ]),
      ),
    );
  void listModels();
}

async function trainForm(
  place: Place,
  asked: Record<string, unknown>,
  started: (job: Job) => void,
): Promise<HTMLElement> {
  const { query } = place.route;
  const get = (name: string, fallback = ''): string =>
    query.get(name) ?? (typeof asked[name] === 'string' ? (asked[name] as string) : fallback);
  const several = Array.isArray(asked['symbols']) ? (asked['symbols'] as string[]).join(',') : '';
  const [learners, settings] = await Promise.all([
    listOf<Learner>('/learners', {}, place.signal),
    settingsField(SETTINGS, get('profile', 'honest'), (asked['set'] as Record<string, string> | undefined) ?? {}),
  ]);
  const symbols = symbolsField({
    values: get('symbol', several).split(',').filter(Boolean),
    onChange: (list) => {
      place.setQuery({ symbol: list.join(',') });
      nameHelp();
    },
  });
  const learner = selectField({
    label: 'Learner',
    name: 'learner',
    value: get('learner', learners[0]?.name ?? ''),
    choices: learners.map((one) => ({ value: one.name, text: one.name })),
    onChange: () => learnerHelp(),
  });
  const parameters = parametersField(valuesOf(query, asked['parameters']), () => undefined);
  const learnerHelp = (): void => {
    const chosen = learners.find((one) => one.name === learner.get());
    learner.help(chosen?.summary);
    parameters.show(chosen);
  };
  const start: Record<string, string> = { timeframe: '15m' };
  const changed = (): void => {
    settings.profile(fields.profile.get());
    fields.name.error(null);
    place.setQuery({ timeframe: fields.timeframe.get() });
  };
  const fields = fieldsOf('train', (name) => get(name, start[name]), changed, { learner, symbol: null, symbols: null });
  const { name, timeframe, start: from, end } = fields;
  const nameHelp = (): void =>
    name.help(
      symbols.get().length > 1
        ? 'Several symbols need a name for their model.'
        : 'Empty: symbol and timeframe, which a backtest finds by itself. An existing model of that name is replaced.',
    );
  learnerHelp();
  nameHelp();
  const trouble = h('div', { 'aria-live': 'polite' });
  const submit = h('button', { type: 'submit', class: 'primary' }, 'Train');

  const send = async (): Promise<void> => {
    const list = symbols.get();
    symbols.error(list.length ? null : 'Choose a symbol from the list.');
    name.error(list.length > 1 && !name.get() ? 'Give the model a name.' : null);
    if (list.length === 0 || (list.length > 1 && !name.get())) return;
    submit.disabled = true;
    fill(trouble);
    parameters.clear();
    const body: Partial<TrainRequest> = {
      ...valuesOfFields('train', fields),
      ...(list.length === 1 ? { symbol: list[0] } : { symbols: list }),
      parameters: parameters.get(),
      set: settings.get(),
    };
    try {
      started(await api.post<Job>('/models', body));
    } catch (error) {
      if (!parameters.explain(error)) fill(trouble, failure('The training was not begun', error));
    } finally {
      submit.disabled = false;
    }
  };
  return h(
    'form',
    {
      class: 'panel',
      novalidate: true,
      'aria-label': 'Train a model',
      on: {
        submit: (event) => {
          event.preventDefault();
          void send();
        },
      },
    },
    symbols.element,
    timeframe.element,
    h('div', { class: 'fields' }, from.element, end.element),
    learner.element,
    parameters.element,
    othersOf(fields, timeframe, from, end, learner, name),
    name.element,
    settings.element,
    trouble,
    h('p', { class: 'actions' }, submit),
  );
}

// ---- models --------------------------------------------------------------------------------------------

async function modelsPanel(place: Place, reload: () => void): Promise<Child> {
  const { items, total } = await api.get<Page<ModelRow>>('/models', { limit: 1000 }, place.signal);
  if (total === 0)
    return panel(
      'Models',
      null,
      empty('No models yet', [
        'Train one above, or on the command line: ',
        command('pixity train --symbol RELIANCE --timeframe 15m'),
      ]),
    );
  return panel(
    'Models',
    `${count(total)} stored`,
    rowsTable(
      'Models',
      [
        { title: 'Name' },
        { title: 'Symbol' },
        { title: 'Bars' },
        { title: 'Learner' },
        { title: 'Profile' },
        { title: 'Trained on' },
        { title: 'Events', num: true },
        {
          title: 'AUC out of fold',
          num: true,
          help: 'How often an event that reached its target got the higher probability; 0.5 is chance',
        },
        { title: 'Status' },
        { title: '' },
      ],
      items.map((model) => ({
        cells: [
          h('a', { href: link('/models', model.name) }, model.name),
          model.symbol ?? 'several',
          model.timeframe,
          model.learner,
          model.profile,
          `${localDate(model.train_start)} to ${localDate(model.train_end)}`,
          count(model.events),
          number(model.auc, 3),
          model.status === 'ok' ? 'ok' : h('span', { class: 'tag error' }, model.status),
          h(
            'span',
            { class: 'actions' },
            h('a', { href: backtestLink(model.name, model.symbol, model.timeframe, model.train_end) }, 'Backtest'),
            button('Delete', () => void removeModel(model.name, reload), 'quiet'),
          ),
        ],
      })),
    ),
  );
}

/** True where it is gone. */
export async function removeModel(name: string, then: () => void): Promise<void> {
  const sure = await confirm({
    title: `Delete the model ${name}?`,
    text: 'Its file, card and settings are removed. Runs that used it stay as they are; they cannot be made again ' +
      'with it.',
    action: 'Delete',
  });
  if (!sure) return;
  try {
    await api.remove(at`/models/${name}`);
    toast(`Model ${name} is deleted`);
    then();
  } catch (error) {
    if (!isAbort(error))
      document
        .querySelector('.view')
        ?.prepend(
          notice(
            'error',
            `Model ${name} could not be deleted`,
            h('p', null, error instanceof Error ? error.message : String(error)),
          ),
        );
  }
}
