// SPDX-License-Identifier: Apache-2.0
// Runs side by side: whether they may be compared, their equity in % of capital, metrics and settings.
import { linesChart } from '../charts/equity';
import { api, at } from '../lib/api';
import { type Child, h } from '../lib/dom';
import { byUnit, number, percent, plain, UNDEFINED } from '../lib/format';
import { empty, fillWith, notice } from '../lib/notice';
import { link, type Place } from '../lib/router';
import type { MetricInfo } from '../run/metrics';

interface Compared {
  run_id: string;
  status: string;
  message: string | null;
  strategy: string;
  symbol: string;
  timeframe: string;
  profile: string;
  start: string;
  end: string;
  in_sample_trades: number | null;
  warnings: string[];
}
type ByRun = Record<string, Record<string, unknown>>;
interface Comparison {
  runs: Compared[];
  identical: string[][];
  not_comparable: ByRun;
  metrics_basis: string;
  metrics: ByRun;
  trials: ByRun;
  config: ByRun;
}
export async function show(place: Place): Promise<void> {
  const ids = (place.route.query.get('ids') ?? '').split(',').filter(Boolean);
  const body = h('div');
  place.element.append(h('h1', null, 'Compare runs'), body);
  if (ids.length < 2) {
    body.append(
      h(
        'section',
        { class: 'panel' },
        empty(
          'Choose two runs or more',
          'Tick them in the list of runs, then press Compare.',
          h('a', { class: 'button primary', href: '#/runs' }, 'To the runs'),
        ),
      ),
    );
    return;
  }
  await fillWith(body, 'Comparing', async () => {
    const [found, metrics] = await Promise.all([
      api.get<Comparison>('/runs/compare', { ids: ids.join(',') }, place.signal),
      api.get<MetricInfo[]>('/metrics', {}, place.signal),
    ]);
    return [verdicts(found), legend(found), await equity(found, place), figures(found, metrics), settings(found)];
  });
}

const names = (run: string): Child => h('a', { href: link('/runs', run) }, run);

function verdicts(found: Comparison): Child {
  const reasons = Object.entries(found.not_comparable);
  return [
    reasons.length > 0 &&
      notice(
        'warning',
        'Do not hold these numbers against each other',
        h('p', null, 'The runs differ in what makes numbers comparable:'),
        h(
          'ul',
          null,
          reasons.map(([what, values]) =>
            h(
              'li',
              null,
              h('strong', null, `${what.replaceAll('_', ' ')}: `),
              Object.entries(values)
                .map(([run, value]) => `${run}: ${String(value ?? UNDEFINED)}`)
                .join(' · '),
            ),
          ),
        ),
      ),
    found.identical.map((group) =>
      notice(
        'info',
        'The same run',
        h('p', null, `${group.join(', ')} have one fingerprint: the same request, data, rules and results.`),
      ),
    ),
  ];
}

function legend(found: Comparison): HTMLElement {
  return h(
    'section',
    { class: 'panel' },
    h('h2', null, 'Runs'),
    h(
      'div',
      { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': 'Compared runs' },
      h(
        'table',
        null,
        h(
          'thead',
          null,
          h(
            'tr',
            null,
            ['Run', 'Strategy', 'Symbol', 'Bars', 'Profile', 'From', 'To', 'Trades in sample', 'Warnings'].map(
              (title) => h('th', { scope: 'col' }, title),
            ),
          ),
        ),
        h(
          'tbody',
          null,
          found.runs.map((run) =>
            h(
              'tr',
              null,
              h('th', { scope: 'row' }, names(run.run_id)),
              [run.strategy, run.symbol, run.timeframe].map((text) => h('td', null, text)),
              h(
                'td',
                null,
                run.profile === 'reference' ? h('span', { class: 'tag warning' }, 'reference') : run.profile,
              ),
              h('td', null, run.start),
              h('td', null, run.end),
              h(
                'td',
                null,
                run.in_sample_trades === null
                  ? UNDEFINED
                  : run.in_sample_trades > 0
                    ? h('span', { class: 'tag warning' }, String(run.in_sample_trades))
                    : '0',
              ),
              h(
                'td',
                { class: 'wrap' },
                run.status === 'done'
                  ? run.warnings.join('; ') || 'none'
                  : h('span', { class: 'loss' }, run.message ?? run.status),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

/** Equity as a return on the capital that each began with. */
async function equity(found: Comparison, place: Place): Promise<HTMLElement> {
  const done = found.runs.filter((run) => run.status === 'done');
  const lines = await Promise.all(
    done.map(async (run) => {
      const [columns, full] = await Promise.all([
        api.columns(at`/runs/${run.run_id}/equity`, { points: 2000 }, place.signal),
        api.get<{ config: { capital: number } }>(at`/runs/${run.run_id}`, {}, place.signal),
      ]);
      const values = Float64Array.from(columns.get('equity_net'), (value) => (value / full.config.capital - 1) * 100);
      return { name: run.run_id, times: columns.get('time'), values };
    }),
  );
  return h(
    'section',
    { class: 'panel' },
    h('h2', null, 'Equity, net of fees, % of capital'),
    lines.length === 0
      ? empty('No curve', 'None of these runs was finished.')
      : linesChart({
          label: 'Equity of the compared runs',
          signal: place.signal,
          panels: [
            {
              title: 'Return on capital at bar closes, net',
              lines,
              format: (value) => percent(value),
              axisFormat: (value) => `${plain(value, 2)} %`,
              height: 18,
              zero: 0,
            },
          ],
        }).element,
  );
}

function differs(values: Record<string, unknown>, ids: readonly string[]): boolean {
  return new Set(ids.map((id) => JSON.stringify(values[id] ?? null))).size > 1;
}

function sideBySide(
  found: Comparison,
  rows: ByRun,
  label: string,
  cell: (name: string, value: unknown) => string,
  title: (name: string) => Child,
): HTMLElement {
  const ids = found.runs.map((run) => run.run_id);
  return h(
    'div',
    { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': label },
    h(
      'table',
      null,
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          h('th', { scope: 'col' }, label),
          ids.map((id) => h('th', { scope: 'col', class: 'num' }, id)),
        ),
      ),
      h(
        'tbody',
        null,
        Object.entries(rows).map(([name, values]) => {
          const other = differs(values, ids);
          return h(
            'tr',
            { class: other ? 'differs' : 'quiet' },
            h('th', { scope: 'row' }, title(name), other && h('span', { class: 'hidden' }, ' (differs)')),
            ids.map((id) => h('td', { class: 'num' }, cell(name, values[id]))),
          );
        }),
      ),
    ),
  );
}

function figures(found: Comparison, metrics: readonly MetricInfo[]): HTMLElement {
  const known = new Map(metrics.map((one) => [one.key, one]));
  const shown = (name: string, value: unknown): string =>
    byUnit(value, known.get(name)?.unit, known.get(name)?.decimals);
  const title = (name: string): Child => {
    const basis = known.get(name)?.basis;
    return [
      name.replace(/ \((gross|long|short)\)$/, ''),
      basis && basis !== 'none' && h('span', { class: 'unit' }, ` ${basis}`),
    ];
  };
  const trial = (name: string, value: unknown): string =>
    name === 'n' ? plain(value as number) : number(value as number, 3);
  const trialTitle: Record<string, string> = {
    n: 'Trials that each was chosen from',
    deflated_sharpe: 'Deflated Sharpe ratio (probability, net)',
  };
  return h(
    'section',
    { class: 'panel' },
    h('h2', null, 'Metrics'),
    h('p', { class: 'quiet small' }, found.metrics_basis),
    sideBySide(found, found.metrics, 'Metric', shown, title),
    h('h3', { class: 'later' }, 'Trials'),
    sideBySide(found, found.trials, 'Trials', trial, (name) => trialTitle[name] ?? name),
  );
}

/** Fingerprints by their beginning, which tells them apart and leaves room for the others. */
const short = (value: unknown): string => String(value ?? UNDEFINED).replace(/^([0-9a-f]{12})[0-9a-f]{28,}$/, '$1…');

function settings(found: Comparison): HTMLElement {
  const none = Object.keys(found.config).length === 0;
  return h(
    'section',
    { class: 'panel' },
    h('h2', null, 'What differs in request and settings'),
    none
      ? h('p', null, 'Nothing: they asked for the same.')
      : sideBySide(
          found,
          found.config,
          'Setting',
          (_name, value) => short(value),
          (name) => h('code', null, name),
        ),
  );
}
