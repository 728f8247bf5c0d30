// SPDX-License-Identifier: Apache-2.0
// Figures of a run: net and gross side by side, each with its unit, and its formula on hover, focus and tap.
import { type Child, h } from '../lib/dom';
import { explain } from '../lib/explain';
import { byUnit, rupees, tone, unitRest } from '../lib/format';
import { headlines, type MetricInfo } from './metrics';
import type { RunContext } from './types';

const gross = (name: string): string => `${name} (gross)`;

/** What stands behind the name of a metric, of all trades and net of fees first. */
const BASES = ['', ' (gross)', ' (long)', ' (short)'] as const;

/** A key that the program does not know is of an earlier one: its unit stands in the key, "Return [%]". */
function infoOf(context: RunContext, key: string): MetricInfo {
  const found = context.metrics.get(key);
  if (found) return found;
  const bracket = /\[(.+?)\]/.exec(key)?.[1] ?? '';
  return {
    key,
    title: key,
    unit: bracket === 'Rs' ? 'rupees' : bracket,
    basis: 'none',
    formula: '',
    meaning: '',
    undefined: '',
    decimals: 3,
    headline: 0,
    gain: false,
  };
}

export function metricTerm(context: RunContext, name: string, title: string): HTMLElement {
  const info = infoOf(context, name);
  return explain(
    title,
    h('p', null, h('strong', null, info.key)),
    info.meaning && h('p', null, info.meaning, '.'),
    info.formula && h('p', { class: 'mono' }, '= ', info.formula),
    info.unit && h('p', { class: 'quiet' }, 'Unit: ', info.unit),
  );
}

/** "Trades 123" and "Bars held 4.2" have their unit in the name already. */
const unitAfter = (title: string, unit: string): Child =>
  !title.toLowerCase().startsWith(unit) && h('span', { class: 'unit' }, unit);

function value(context: RunContext, key: string, coloured = false): Child {
  const number = context.run.metrics?.[key];
  const info = infoOf(context, key);
  return h('span', { class: coloured ? tone(number) : '' }, byUnit(number, info.unit, info.decimals));
}

/** Large amounts without paise: they are read at a glance here, and stand in full under "All metrics". */
function shortValue(context: RunContext, key: string, coloured = false): Child {
  const number = context.run.metrics?.[key];
  const { unit } = infoOf(context, key);
  if (!unit.startsWith('rupees') || Math.abs(number ?? 0) < 1000) return value(context, key, coloured);
  return h('span', { class: coloured ? tone(number) : '' }, rupees(number, 0));
}

export function headline(context: RunContext): HTMLElement {
  const { metrics } = context.run;
  if (!metrics) return h('p', { class: 'quiet' }, 'This run has no figures.');
  const shown = headlines(context.metrics.values()).filter((info) => info.key in metrics);
  const pairs = shown
    .filter((info) => info.basis === 'net')
    .map((info) => {
      const rest = unitRest(info.unit);
      return h(
        'div',
        { class: 'kpi' },
        h(
          'div',
          { class: 'kpi-name' },
          metricTerm(context, info.key, info.title),
          rest && h('span', { class: 'unit' }, ` ${rest}`),
        ),
        h(
          'div',
          { class: 'kpi-values' },
          h(
            'div',
            null,
            h('span', { class: 'basis' }, 'net'),
            h('strong', null, shortValue(context, info.key, info.gain)),
          ),
          gross(info.key) in metrics &&
            h('div', null, h('span', { class: 'basis' }, 'gross'), shortValue(context, gross(info.key))),
        ),
      );
    });
  const singles = shown
    .filter((info) => info.basis === 'none')
    .map((info) =>
      h(
        'div',
        { class: 'single' },
        metricTerm(context, info.key, info.title),
        h('strong', null, value(context, info.key)),
        unitAfter(info.title, unitRest(info.unit)),
      ),
    );
  return h(
    'section',
    { class: 'panel headline', 'aria-label': 'Headline figures' },
    h('div', { class: 'kpis' }, pairs),
    h('div', { class: 'singles' }, singles),
    context.run.not_annualised && h('p', { class: 'quiet' }, `Not annualised: ${context.run.not_annualised}.`),
  );
}

/** Every metric, on all that it is told of in one row. */
export function allMetrics(context: RunContext): HTMLElement {
  const { metrics } = context.run;
  const names = Object.keys(metrics ?? {}).filter((name) => !BASES.some((basis) => basis && name.endsWith(basis)));
  const rows = names.map((name) => {
    const info = infoOf(context, name);
    return h(
      'tr',
      null,
      h('th', { scope: 'row' }, metricTerm(context, name, name)),
      BASES.map((basis) =>
        h(
          'td',
          { class: 'num' },
          metrics !== null && `${name}${basis}` in metrics && value(context, `${name}${basis}`),
        ),
      ),
      h('td', { class: 'quiet' }, unitRest(info.unit) || info.unit),
      h('td', { class: 'wrap quiet' }, info.formula),
    );
  });
  return h(
    'section',
    { class: 'panel' },
    h('h2', null, 'All metrics'),
    context.run.metrics_basis && h('p', { class: 'quiet small' }, context.run.metrics_basis, '.'),
    h(
      'div',
      { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': 'All metrics' },
      h(
        'table',
        { class: 'metrics' },
        h(
          'thead',
          null,
          h(
            'tr',
            null,
            ['Metric', 'Net', 'Gross', 'Long, net', 'Short, net', 'Unit', 'Formula'].map((text, i) =>
              h('th', { scope: 'col', class: i >= 1 && i <= BASES.length ? 'num' : undefined }, text),
            ),
          ),
        ),
        h('tbody', null, rows),
      ),
    ),
  );
}
