// SPDX-License-Identifier: Apache-2.0
// Figures of a run: net and gross side by side, each with its unit, and its formula on hover, focus and tap.
import { type Child, h } from '../lib/dom';
import { explain } from '../lib/explain';
import { byUnit, rupees, tone, unitRest } from '../lib/format';
import type { MetricInfo, RunContext } from './types';

/** The figures that go first, and how they are called here. */
const HEADLINE: readonly [name: string, title: string, coloured?: boolean][] = [
  ['PnL [Rs]', 'Profit', true],
  ['Return [%]', 'Return', true],
  ['CAGR [%]', 'CAGR', true],
  ['Sharpe Ratio', 'Sharpe', true],
  ['Sortino Ratio', 'Sortino', true],
  ['Max. Drawdown [%]', 'Max drawdown'],
  ['Win Rate [%]', 'Win rate'],
  ['Profit Factor', 'Profit factor'],
  ['Expectancy [Rs]', 'Expectancy', true],
  ['Avg. R', 'Average R', true],
  ['SQN', 'SQN', true],
  ['Volatility (Ann.) [%]', 'Volatility'],
];
const SINGLE: readonly [name: string, title: string][] = [
  ['# Trades', 'Trades'],
  ['Commissions [Rs]', 'Fees'],
  ['Exposure Time [%]', 'Exposure'],
  ['Avg. Bars Held', 'Bars held'],
  ['Buy & Hold Return [%]', 'Buy and hold'],
];

const gross = (name: string): string => `${name} (gross)`;

/** Where the server did not tell: the unit in the name, "Return [%]". */
function infoOf(context: RunContext, name: string): MetricInfo {
  const found = context.metrics.get(name);
  if (found) return found;
  const bracket = /\[(.+?)\]/.exec(name)?.[1] ?? '';
  return { name, unit: bracket === 'Rs' ? 'rupees' : bracket, basis: 'none', formula: '', meaning: '' };
}

export function metricTerm(context: RunContext, name: string, title: string): HTMLElement {
  const info = infoOf(context, name);
  return explain(title, h('p', null, h('strong', null, info.name)), info.meaning && h('p', null, info.meaning, '.'),
    info.formula && h('p', { class: 'mono' }, '= ', info.formula), info.unit && h('p', { class: 'quiet' }, 'Unit: ', info.unit));
}

/** "Trades 123" and "Bars held 4.2" have their unit in the name already. */
const unitAfter = (title: string, unit: string): Child => !title.toLowerCase().startsWith(unit) && h('span', { class: 'unit' }, unit);

function value(context: RunContext, name: string, coloured = false): Child {
  const number = context.run.metrics?.[name];
  return h('span', { class: coloured ? tone(number) : '' }, byUnit(number, infoOf(context, name).unit));
}

/** Large amounts without paise: they are read at a glance here, and stand in full under "All metrics". */
function shortValue(context: RunContext, name: string, coloured = false): Child {
  const number = context.run.metrics?.[name];
  const { unit } = infoOf(context, name);
  if (!unit.startsWith('rupees') || Math.abs(number ?? 0) < 1000) return value(context, name, coloured);
  return h('span', { class: coloured ? tone(number) : '' }, rupees(number, 0));
}

export function headline(context: RunContext): HTMLElement {
  const { metrics } = context.run;
  if (!metrics) return h('p', { class: 'quiet' }, 'This run has no figures.');
  const pairs = HEADLINE.filter(([name]) => name in metrics).map(([name, title, coloured]) => {
    const rest = unitRest(infoOf(context, name).unit);
    return h('div', { class: 'kpi' },
      h('div', { class: 'kpi-name' }, metricTerm(context, name, title), rest && h('span', { class: 'unit' }, ` ${rest}`)),
      h('div', { class: 'kpi-values' },
        h('div', null, h('span', { class: 'basis' }, 'net'), h('strong', null, shortValue(context, name, coloured))),
        gross(name) in metrics && h('div', null, h('span', { class: 'basis' }, 'gross'), shortValue(context, gross(name)))));
  });
  const singles = SINGLE.filter(([name]) => name in metrics).map(([name, title]) =>
    h('div', { class: 'single' }, metricTerm(context, name, title), h('strong', null, value(context, name)), unitAfter(title, unitRest(infoOf(context, name).unit))));
  return h('section', { class: 'panel headline', 'aria-label': 'Headline figures' },
    h('div', { class: 'kpis' }, pairs), h('div', { class: 'singles' }, singles));
}

/** Every metric, net and gross in one row. */
export function allMetrics(context: RunContext): HTMLElement {
  const { metrics } = context.run;
  const names = Object.keys(metrics ?? {}).filter((name) => !name.endsWith(' (gross)'));
  const rows = names.map((name) => {
    const info = infoOf(context, name);
    const both = metrics !== null && gross(name) in metrics;
    return h('tr', null, h('th', { scope: 'row' }, metricTerm(context, name, name)),
      h('td', { class: 'num', colspan: both ? undefined : 2 }, value(context, name)), both && h('td', { class: 'num' }, value(context, gross(name))),
      h('td', { class: 'quiet' }, unitRest(info.unit) || info.unit), h('td', { class: 'wrap quiet' }, info.formula));
  });
  return h('section', { class: 'panel' }, h('h2', null, 'All metrics'),
    context.run.metrics_basis && h('p', { class: 'quiet small' }, context.run.metrics_basis, '.'),
    h('div', { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': 'All metrics' },
      h('table', { class: 'metrics' }, h('thead', null, h('tr', null, ['Metric', 'Net', 'Gross', 'Unit', 'Formula'].map((text, i) =>
        h('th', { scope: 'col', class: i === 1 || i === 2 ? 'num' : undefined }, text)))), h('tbody', null, rows))));
}
