// SPDX-License-Identifier: Apache-2.0
// What a model is worth on events that it has not seen: what taking it gives beside taking every event, and how good
// its
// probabilities are. Shared by the report of a training and the card of a model.
import { curve, reliability } from '../charts/plot';
import { type Child, fill, h } from '../lib/dom';
import { count, inR, number, percent, probability, signed, tone, UNDEFINED } from '../lib/format';
import { empty } from '../lib/notice';
import { figure, panel, rowsTable } from '../lib/rows';
import type { AtThreshold, Scores } from './types';

const share = (value: number | null, decimals = 1): string => percent(value === null ? null : 100 * value, decimals);
const meanR = (value: number | null): Child => h('span', { class: tone(value) }, signed(inR(value, 3)));

/** Log loss of always saying the share of hits. */
function baseLogLoss(rate: number | null): number | null {
  if (rate === null || rate <= 0 || rate >= 1) return null;
  return -(rate * Math.log(rate) + (1 - rate) * Math.log(1 - rate));
}

function beside(value: number | null, base: number | null): { text: string; tone: string } {
  if (value === null || base === null) return { text: '', tone: '' };
  const better = value < base;
  return {
    text: `${better ? 'Better' : 'No better'} than always saying the share of hits (${number(base, 3)}).`,
    tone: better ? 'gain' : 'loss',
  };
}

export function figures(scores: Scores): HTMLElement {
  const rate = scores.take_every_event.hit_rate;
  const log = beside(scores.log_loss, baseLogLoss(rate));
  const brier = beside(scores.brier, scores.brier_decomposition?.uncertainty ?? null);
  const ranks = scores.auc === null ? '' : scores.auc > 0.5 ? 'gain' : 'loss';
  return h(
    'div',
    { class: 'tiles' },
    figure(
      'AUC',
      number(scores.auc, 3),
      'How often an event that reached its target got the higher probability than one that did not. 0.5: the order ' +
        'is chance; 1: always.',
      ranks,
    ),
    figure(
      'Log loss',
      number(scores.log_loss, 3),
      ['Mean surprise at the outcomes, less is better. ', log.text],
      log.tone,
    ),
    figure(
      'Brier score',
      number(scores.brier, 3),
      ['Mean squared error of the probabilities, less is better. ', brier.text],
      brier.tone,
    ),
    figure(
      'Calibration error',
      number(scores.calibration_error, 3),
      'Mean distance of a probability from the share of hits among events with about that probability.',
    ),
  );
}

// ---- take every event beside the model -----------------------------------------------------------------

function besideRow(
  name: Child,
  row: AtThreshold,
  all: Scores['take_every_event'],
  kind?: string,
): { cells: Child[]; kind?: string } {
  const gain = row.mean_R_gross === null || all.mean_R_gross === null ? null : row.mean_R_gross - all.mean_R_gross;
  const cells = [
    name,
    count(row.events),
    meanR(row.mean_R_gross),
    h('span', { class: tone(gain) }, signed(inR(gain, 3))),
    share(row.hit_rate),
    share(all.events ? row.events / all.events : null),
  ];
  return kind ? { cells, kind } : { cells };
}
const HEADS = [
  { title: 'Taken' },
  { title: 'Events', num: true },
  { title: 'Mean', unit: 'R gross', num: true },
  { title: 'Beside every event', unit: 'R gross', num: true, help: 'Mean R minus the mean R of taking every event' },
  { title: 'Hits', num: true, help: 'Share of them that reached the target' },
  { title: 'Of all', num: true, help: 'Share of the events that are taken' },
];

export function configuredTable(scores: Scores): HTMLElement {
  const all = scores.take_every_event;
  const every = { threshold: null, events: all.events, hit_rate: all.hit_rate, mean_R_gross: all.mean_R_gross };
  return rowsTable('Every event beside the model, out of fold', HEADS, [
    besideRow('Every event', every, all, 'marked'),
    ...scores.as_configured.map((row) =>
      besideRow(
        row.side === 'both' ? 'Model, as configured' : `${row.side} at ${probability(row.threshold)} and above`,
        row,
        all,
        row.side === 'both' ? 'total' : undefined,
      ),
    ),
  ]);
}

function thresholdsPicture(scores: Scores): HTMLElement {
  const wanted = new Set(scores.as_configured.map((row) => row.threshold));
  const base = scores.take_every_event.mean_R_gross;
  const points = scores.thresholds
    .filter((row) => row.mean_R_gross !== null)
    .map((row) => ({
      x: row.threshold as number,
      y: row.mean_R_gross as number,
      strong: wanted.has(row.threshold),
      text: `Probability ${probability(row.threshold)} and above: ${count(row.events)} events, mean ` +
        `${signed(inR(row.mean_R_gross, 3))} gross`,
    }));
  if (points.length === 0) return h('p', { class: 'quiet' }, 'No event reaches any of the thresholds.');
  return h(
    'figure',
    { class: 'plot-figure' },
    curve(
      points,
      base === null ? null : { value: base, text: `Every event: ${signed(inR(base, 3))}` },
      { x: 'Smallest probability that is taken', y: 'Mean R, gross' },
      'Mean R of the events at and above each threshold; the table has the numbers',
    ),
    h(
      'figcaption',
      { class: 'small quiet' },
      h('span', { class: 'key-line base' }),
      'every event ',
      h('span', { class: 'key-line joined' }),
      'at this probability and above ',
      h('span', { class: 'key-dot strong' }),
      'as configured',
    ),
  );
}

export function thresholdsTable(scores: Scores): HTMLElement {
  const wanted = new Set(scores.as_configured.map((row) => row.threshold));
  return rowsTable(
    'Every threshold, out of fold',
    HEADS,
    scores.thresholds.map((row) =>
      besideRow(
        [
          `${number(row.threshold, 2)} and above`,
          wanted.has(row.threshold) && h('small', { class: 'quiet' }, 'as configured'),
        ],
        row,
        scores.take_every_event,
        wanted.has(row.threshold) ? 'marked' : undefined,
      ),
    ),
  );
}

// ---- calibration ---------------------------------------------------------------------------------------

function calibrationPicture(scores: Scores): HTMLElement {
  const bins = scores.calibration
    .filter((bin) => bin.events > 0 && bin.mean_probability !== null && bin.hit_rate !== null)
    .map((bin) => ({
      x: bin.mean_probability as number,
      y: bin.hit_rate as number,
      n: bin.events,
      text: `Probability ${number(bin.from, 1)} to ${number(bin.to, 1)}: ${count(bin.events)} events, said ` +
        `${share(bin.mean_probability)}, came true ${share(bin.hit_rate)}`,
    }));
  return h(
    'figure',
    { class: 'plot-figure' },
    reliability(bins, scores.take_every_event.hit_rate, 'Reliability diagram; the table has the numbers'),
    h(
      'figcaption',
      { class: 'small quiet' },
      h('span', { class: 'key-line ideal' }),
      'probabilities as they should be ',
      h('span', { class: 'key-line base' }),
      'share of hits of all events ',
      h('span', { class: 'key-dot' }),
      'the larger, the more events',
    ),
  );
}

function calibrationTable(scores: Scores): HTMLElement {
  return rowsTable(
    'Calibration, out of fold',
    [
      { title: 'Probability' },
      { title: 'Events', num: true },
      { title: 'Said', num: true, help: 'Mean probability' },
      { title: 'Came true', num: true, help: 'Share that reached the target' },
    ],
    scores.calibration.map((bin) => ({
      cells: [
        `${number(bin.from, 1)} to ${number(bin.to, 1)}`,
        count(bin.events),
        share(bin.mean_probability),
        share(bin.hit_rate),
      ],
    })),
  );
}

/** The panels of one set of scores. */
export function scorePanels(scores: Scores, note: string): HTMLElement {
  const few = scores.as_configured.find((row) => row.side === 'both');
  return h(
    'div',
    null,
    panel('How good its probabilities are', note, figures(scores)),
    panel(
      'Every event beside the model',
      note,
      configuredTable(scores),
      few &&
        few.events > 0 &&
        few.events < 100 &&
        h(
          'p',
          { class: 'small quiet' },
          `${count(few.events)} events are few: a difference of some tenths of an R can be chance.`,
        ),
    ),
    panel(
      'Over all thresholds',
      note,
      h('div', { class: 'pictured' }, thresholdsPicture(scores), thresholdsTable(scores)),
    ),
    panel('Calibration', note, h('div', { class: 'pictured' }, calibrationPicture(scores), calibrationTable(scores))),
  );
}

export interface NamedScores {
  name: string;
  title: string;
  scores: Scores | null;
}
/** The scores of all folds together, or of one of them. */
export function chosenScores(list: readonly NamedScores[]): HTMLElement {
  const body = h('div');
  const show = (name: string): void => {
    const one = list.find((item) => item.name === name);
    fill(
      body,
      one?.scores
        ? scorePanels(one.scores, `${one.title}, out of fold: ${count(one.scores.events)} events not seen in training`)
        : h('div', { class: 'panel' }, empty('No scores', `${one?.title ?? 'It'} has no tested event of both kinds.`)),
    );
  };
  const select = h(
    'select',
    { on: { change: () => show(select.value) } },
    list.map((one) => h('option', { value: one.name }, one.title)),
  );
  show(list[0]?.name ?? '');
  return h('div', null, list.length > 1 && h('p', null, h('label', { class: 'inline' }, 'Scores of', select)), body);
}

export const formatShare = share;
export const formatMeanR = meanR;
export const NONE = UNDEFINED;
