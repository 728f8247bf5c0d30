// SPDX-License-Identifier: Apache-2.0
// The top of a run: what it is, its warnings, and under which rules its figures arose.
import { type Child, h } from '../lib/dom';
import { count, percent } from '../lib/format';
import { notice } from '../lib/notice';
import { link } from '../lib/router';
import { madeAt } from '../lib/made';
import { valuesInAddress, valuesText } from '../lib/values';
import { type ConfigKey, differing } from './setup';
import { tradeCount } from './metrics';
import type { Finding, Run, RunContext } from './types';

export function heading(context: RunContext, actions: Child): HTMLElement {
  const { run } = context;
  return h(
    'header',
    { class: 'run-head' },
    h(
      'div',
      null,
      h('h1', null, run.run_id),
      h(
        'p',
        { class: 'run-line' },
        h('strong', null, run.strategy),
        ' on ',
        h('strong', null, run.symbol),
        ` · ${run.timeframe} · ` +
          `${run.start || run.end ? `${run.start ?? 'first bar'} to ${run.end ?? 'last bar'}` : 'all dates'}`,
      ),
      tags(context),
    ),
    actions && h('div', { class: 'run-actions screen-only' }, actions),
  );
}

function tags(context: RunContext): HTMLElement {
  const { run } = context;
  const honest = run.profile === 'honest';
  return h(
    'div',
    { class: 'tags' },
    run.status !== 'done' && h('span', { class: 'tag error' }, run.status),
    h('span', { class: honest ? 'tag good' : 'tag warning' }, `Profile: ${run.profile}`),
    inSample(context),
    run.config?.['product'] !== undefined && h('span', { class: 'tag' }, `Product: ${String(run.config['product'])}`),
    run.request?.['parameters'] !== undefined &&
      h('span', { class: 'tag' }, `Parameters: ${valuesText(run.request['parameters'])}`),
    h('span', { class: 'tag' }, `Made ${madeAt(run.created)}`),
  );
}

/** How much of the result a model had seen in training: shown wherever figures are. */
function inSample({ run, metrics }: RunContext): Child {
  if (run.status !== 'done') return null;
  if (!run.model) return h('span', { class: 'tag' }, 'No model');
  const key = tradeCount(metrics.values())?.key;
  const trades = key === undefined ? null : (run.metrics?.[key] ?? null);
  if (trades === 0) return h('span', { class: 'tag' }, 'In sample: no trades');
  if (run.in_sample_trades === null || trades === null)
    return h('span', { class: 'tag warning' }, 'In sample: unknown');
  return h(
    'span',
    { class: run.in_sample_trades > 0 ? 'tag warning' : 'tag good' },
    `In sample: ${count(run.in_sample_trades)} of ${count(trades)} trades ` +
      `(${percent((100 * run.in_sample_trades) / trades, 1)})`,
  );
}

const WORDS = { error: 'Accepted', warning: 'Warning', info: 'Note' };

/** One finding: opened, what it does to the result and what to do. Texts are those of `warnings`. */
function finding(found: Finding, text: string): HTMLElement {
  return h(
    'li',
    null,
    h(
      'details',
      null,
      h('summary', null, found.severity === 'warning' ? '' : h('strong', null, `${WORDS[found.severity]}: `), text),
      h('p', null, found.effect),
      h('p', null, found.remedy),
    ),
  );
}

/** What a reader must know first: bars that changed since, and the findings. */
export function warnings(run: Run): Child {
  const changed =
    run.data_changed && notice('warning', 'Data has changed since this run', h('p', null, `${run.data_changed}.`));
  return [changed, findingsNotice(run.findings ?? [], run.warnings ?? [])];
}

/** Errors that were accepted first, then warnings and notes; results of older versions have texts only. */
export function findingsNotice(found: readonly Finding[], list: readonly string[]): Child {
  if (list.length === 0) return null;
  if (found.length === list.length) {
    const accepted = found.some((one) => one.severity === 'error');
    return notice(
      accepted ? 'error' : 'warning',
      list.length === 1 ? 'One finding' : `${list.length} findings`,
      h(
        'ul',
        null,
        found.map((one, i) => finding(one, list[i] ?? one.what)),
      ),
    );
  }
  return notice(
    'warning',
    list.length === 1 ? 'One warning' : `${list.length} warnings`,
    h(
      'ul',
      null,
      list.map((text) => h('li', null, text)),
    ),
  );
}

/** A run that failed: why, and what to do. */
export function failedRun(run: Run, again?: string): Child {
  if (run.status === 'done') return null;
  return notice(
    'error',
    run.status === 'failed' ? 'This run failed' : `This run is ${run.status}`,
    h('p', null, run.message ?? 'No message was stored.'),
    again && h('p', { class: 'actions' }, h('a', { class: 'button', href: again }, 'Change the request and run again')),
  );
}

/** The Backtest view, filled with this run's request: names as in POST /api/v1/runs, settings as set.KEY. */
export function againLink(run: Run, keys: readonly ConfigKey[]): string {
  const own = new Set([
    'profile',
    'product',
    'capital',
    'model_path',
    'strategy_id',
    'symbol',
    'timeframe',
    'fee_table',
  ]);
  const settings = differing(run, keys)
    .filter((key) => !own.has(key.key))
    .map((key) => [`set.${key.key}`, String(run.config?.[key.key])] as const);
  const request = run.request ?? {};
  const text = (name: string): string | undefined =>
    request[name] === null || request[name] === undefined ? undefined : String(request[name]);
  return link('/', {
    strategy: run.strategy,
    symbol: text('symbol') ?? run.symbol,
    exchange: text('exchange'),
    timeframe: run.timeframe,
    start: text('start'),
    end: text('end'),
    continuous: text('continuous'),
    back_adjust: text('back_adjust'),
    profile: run.profile,
    product: run.config?.['product'] as string | undefined,
    capital: run.config?.['capital'] as number | undefined,
    model: run.model?.name ?? text('model'),
    accept: text('accept'),
    ...Object.fromEntries(settings),
    ...valuesInAddress(request['parameters']),
  });
}
