// SPDX-License-Identifier: Apache-2.0
// The report of a training. Whatever was computed on events that the model has seen says so.
import { rankedBars } from '../charts/bars';
import { type Child, h } from '../lib/dom';
import { USUAL_STRATEGY } from '../lib/form';
import { count, inR, localDate, localTime, number, plain, UNDEFINED } from '../lib/format';
import { findingsNotice } from '../run/head';
import { notice } from '../lib/notice';
import { link } from '../lib/router';
import { facts, panel, rowsTable } from '../lib/rows';
import { chosenScores, formatMeanR, formatShare } from './scores';
import { type Fold, INPUTS, OUTCOMES, type Permuted, type TrainReport } from './types';

const OUT = 'out of fold: on events that the model had not seen';
const IN = 'in sample: outcomes that the model was fitted on';

export function learnerText(learner: Record<string, unknown>): string {
  const parameters = Object.entries(learner).filter(
    ([name, value]) => name !== 'name' && value !== null && typeof value !== 'object',
  );
  return parameters.map(([name, value]) => `${name} ${String(value)}`).join(', ');
}

function phasesPanel(report: TrainReport): HTMLElement {
  const of = (name: string): Record<string, unknown> => report.phases.find((phase) => phase['phase'] === name) ?? {};
  const n = (phase: string, key: string): string => count(of(phase)[key] as number);
  const kinds = (of('events')['by_type'] as { event_type: string; side: string; events: number }[] | undefined) ?? [];
  return panel(
    'What was done',
    null,
    facts([
      [
        'Loaded',
        `${n('load', 'bars')} bars of ${report.timeframe} from ${n('load', 'source_bars')} stored, ` +
          `${n('load', 'warmup_bars')} of them warm-up`,
      ],
      ['Window', `${localTime(report.start)} to ${localTime(report.end)}`],
      [
        'Events',
        [
          n('events', 'events'),
          kinds.length > 0 &&
            `: ${kinds.map((one) => `${one.event_type} ${one.side} ${count(one.events)}`).join(', ')}`,
        ],
      ],
      [
        'Labelled',
        `${n('labels', 'labelled')}, ${n('labels', 'unresolved')} unresolved, ${n('labels', 'complete')} whole ` +
          `inside the window`,
      ],
      ['Folds', `${n('folds', 'folds')}, in order of time; ${n('folds', 'scored')} events tested`],
      [
        'Fitted',
        [
          `${n('fit', 'rows')} events, learner ${report.learner}`,
          h('span', { class: 'quiet' }, ` ${learnerText((of('fit')['parameters'] as Record<string, unknown>) ?? {})}`),
        ],
      ],
      ['Profile', report.profile],
      ['Model file', h('code', null, report.model_sha256)],
    ]),
  );
}

function outcomesPanel(report: TrainReport): HTMLElement {
  const labels = report.label_distribution_in_sample.map((row) => ({
    name: OUTCOMES[row.barrier_hit] ?? row.barrier_hit,
    value: row.events,
    text: `${count(row.events)} · ${formatShare(row.share)}`,
    help: `label ${row.label}`,
  }));
  return panel(
    'Labels and outcomes',
    IN,
    h(
      'div',
      { class: 'columned' },
      h('div', null, h('h3', null, 'How events ended'), rankedBars(labels, 'How events ended')),
      h(
        'div',
        null,
        h('h3', null, 'What taking them gave, gross of costs'),
        rowsTable(
          'Outcomes by event type, in sample',
          [
            { title: 'Event' },
            { title: 'Side' },
            { title: 'Events', num: true },
            { title: 'Hits', num: true, help: 'Share that reached the target' },
            { title: 'Mean', unit: 'R gross', num: true },
            { title: 'Median', unit: 'R gross', num: true },
          ],
          report.outcomes_in_sample_gross.map((row) => ({
            cells: [
              row.event_type,
              row.side,
              count(row.events),
              formatShare(row.hit_rate),
              formatMeanR(row.mean_R),
              formatMeanR(row.median_R),
            ],
            ...(row.event_type === 'all' ? { kind: 'total' } : {}),
          })),
        ),
      ),
    ),
  );
}

function foldRow(fold: Fold): { cells: Child[] } {
  const { test } = fold;
  const configured = test?.as_configured.find((row) => row.side === 'both');
  return {
    cells: [
      String(fold.fold),
      count(fold.train_events),
      count(fold.purged_events),
      `${localDate(fold.test_first)} to ${localDate(fold.test_last)}`,
      count(fold.test_events),
      number(test?.auc, 3),
      number(test?.log_loss, 3),
      number(test?.brier, 3),
      formatMeanR(test?.take_every_event.mean_R_gross ?? null),
      configured
        ? [formatMeanR(configured.mean_R_gross), h('span', { class: 'quiet' }, ` of ${count(configured.events)}`)]
        : UNDEFINED,
    ],
  };
}

function foldsPanel(report: TrainReport): HTMLElement {
  return panel(
    'Folds',
    OUT,
    h(
      'p',
      { class: 'small quiet' },
      'Each fold was trained on what lies before the events it is tested on. Purged: training events whose outcome ' +
        'was not yet known when the test began.',
    ),
    rowsTable(
      'Folds, out of fold',
      [
        { title: 'Fold' },
        { title: 'Trained on', unit: 'events', num: true },
        { title: 'Purged', unit: 'events', num: true },
        { title: 'Tested' },
        { title: 'Events', num: true },
        { title: 'AUC', num: true },
        { title: 'Log loss', num: true },
        { title: 'Brier', num: true },
        { title: 'Every event', unit: 'R gross', num: true },
        { title: 'Model as configured', unit: 'R gross', num: true },
      ],
      report.folds_out_of_fold.map(foldRow),
    ),
  );
}

function importancePanels(report: TrainReport): HTMLElement {
  const gain = Object.entries(report.importance_in_sample ?? {}).sort((a, b) => b[1] - a[1]);
  const permuted = Object.entries(report.permutation_importance_out_of_fold ?? {}).sort(
    (a, b) => (b[1].log_loss_rise ?? 0) - (a[1].log_loss_rise ?? 0),
  );
  const nothing = h('p', { class: 'quiet' }, 'Not known for this learner.');
  return h(
    'div',
    { class: 'grid' },
    panel(
      'What the model uses',
      `${report.importance_measure}, in sample`,
      gain.length
        ? rankedBars(
            gain.map(([name, value]) => ({ name, value, text: formatShare(value), help: INPUTS[name] ?? name })),
            'Importance, in sample',
          )
        : nothing,
      h(
        'p',
        { class: 'small quiet' },
        'An input can be used much and tell nothing: see what becomes worse without it, beside.',
      ),
    ),
    panel(
      'What becomes worse without it',
      OUT,
      permuted.length ? permutedTable(permuted) : nothing,
      h(
        'p',
        { class: 'small quiet' },
        'The input is shuffled among the tested events. Zero or less: the model does as well without it.',
      ),
    ),
  );
}

function permutedTable(rows: readonly [string, Permuted][]): HTMLElement {
  return rowsTable(
    'Permutation importance, out of fold',
    [{ title: 'Input' }, { title: 'Log loss rises by', num: true }, { title: 'AUC falls by', num: true }],
    rows.map(([name, value]) => ({
      cells: [
        [name, h('small', { class: 'quiet' }, INPUTS[name] ?? '')],
        number(value.log_loss_rise, 4),
        number(value.auc_drop, 4),
      ],
    })),
  );
}

function instrumentsPanel(report: TrainReport): Child {
  if (report.instruments.length < 2) return null;
  const rows = [...report.instruments].sort((a, b) => b.events - a.events);
  return panel(
    'Instruments',
    'what taking every event of each gives',
    rowsTable(
      'Instruments of the model',
      [
        { title: 'Symbol' },
        { title: 'Bars', num: true },
        { title: 'Events', num: true },
        { title: 'Hits in sample', num: true },
        { title: 'Mean in sample', unit: 'R gross', num: true },
        { title: 'Tested', unit: 'events', num: true },
        { title: 'Mean out of fold', unit: 'R gross', num: true },
      ],
      rows.map((one) => ({
        cells: [
          one.symbol,
          count(one.bars),
          count(one.events),
          formatShare(one.hit_rate_in_sample),
          formatMeanR(one.mean_R_gross_in_sample),
          count(one.tested_out_of_fold),
          formatMeanR(one.mean_R_gross_out_of_fold),
        ],
      })),
    ),
  );
}

function summary(report: TrainReport): Child {
  const scores = report.out_of_fold;
  const model = scores?.as_configured.find((row) => row.side === 'both');
  if (!scores || !model)
    return notice(
      'warning',
      'Nothing could be tested',
      h('p', null, 'The folds have no events of both kinds to score: take a longer window or more symbols.'),
    );
  const every = scores.take_every_event;
  return h(
    'p',
    { class: 'lead' },
    'On events that it had not seen, taking every event gave a mean of ',
    h('strong', null, formatMeanR(every.mean_R_gross)),
    ` gross (${count(every.events)} events); the model as configured took ${count(model.events)} of them for a mean ` +
      `of `,
    h('strong', null, model.mean_R_gross === null ? inR(null) : formatMeanR(model.mean_R_gross)),
    ' gross. Costs come off both.',
  );
}

/** On the days after its training: what lies inside proves nothing. */
export function backtestLink(
  model: string,
  symbol: string | null | undefined,
  timeframe: string | null,
  trainedTo: string | null | undefined,
): string {
  const last = Date.parse(`${localDate(trainedTo)}T00:00Z`);
  const start = Number.isNaN(last) ? null : new Date(last + 86400000).toISOString().slice(0, 10);
  return link('/', { strategy: USUAL_STRATEGY, model, symbol: symbol?.split(',')[0], timeframe, start });
}

/** "Backtest with this model" keeps what the backtest needs in the address. */
export function modelLinks(
  name: string,
  symbol: string | null | undefined,
  timeframe: string,
  trainedTo: string | null | undefined,
  card = true,
): HTMLElement {
  return h(
    'p',
    { class: 'actions' },
    h(
      'a',
      { class: 'button primary', href: backtestLink(name, symbol, timeframe, trainedTo) },
      'Backtest with this model',
    ),
    card && h('a', { class: 'button', href: link('/models', name) }, 'Its card'),
    h('a', { class: 'button', href: link('/audit', { model: name, symbol, timeframe }) }, 'Audit it'),
  );
}

export function trainReport(report: TrainReport): HTMLElement {
  const symbol = report.symbol ?? report.instruments[0]?.symbol;
  return h(
    'div',
    { class: 'train-report' },
    h(
      'section',
      { class: 'panel' },
      h('h2', null, `Model ${report.model}`),
      findingsNotice(report.findings ?? [], report.warnings),
      summary(report),
      modelLinks(report.model, symbol, report.timeframe, report.end),
    ),
    chosenScores([
      { name: 'all', title: `All ${plain(report.folds_out_of_fold.length, 0)} folds`, scores: report.out_of_fold },
      ...report.folds_out_of_fold.map((fold) => ({
        name: String(fold.fold),
        title: `Fold ${fold.fold}`,
        scores: fold.test,
      })),
    ]),
    foldsPanel(report),
    importancePanels(report),
    outcomesPanel(report),
    instrumentsPanel(report),
    phasesPanel(report),
  );
}
