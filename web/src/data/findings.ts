// SPDX-License-Identifier: Apache-2.0
// What a check of the data found: worst first, each place with a way to its day on the chart.
import { type Child, h } from '../lib/dom';
import { count, localDate, localTime } from '../lib/format';
import { notice } from '../lib/notice';
import { command, rowsTable } from '../lib/rows';
import { type CheckedSeries, CHECKS, type Finding, type QualityOf, type Severity } from './types';

const ORDER: Severity[] = ['error', 'warning', 'info'];
const SIGNS: Record<Severity, string> = { error: '✕', warning: '!', info: 'i' };
const SHOWN = 20;

export function severityTag(severity: Severity): HTMLElement {
  return h(
    'span',
    { class: `tag verdict ${severity === 'info' ? '' : severity}` },
    h('span', { 'aria-hidden': 'true' }, SIGNS[severity]),
    ` ${severity}`,
  );
}

const quoted = (text: string): string => (/^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

function suggestions(series: CheckedSeries, found: QualityOf): Child {
  if (!found.adjustments?.length) return null;
  return h(
    'div',
    null,
    h('p', { class: 'small' }, 'If it was a split or bonus, record it:'),
    found.adjustments.map((one) =>
      h(
        'p',
        null,
        command(`pixity data adjust --symbol ${quoted(series.symbol)} --ex-date ${one.ex_date} --factor ${one.factor}`),
      ),
    ),
  );
}

function places(findings: readonly Finding[], unit: string, onDay: (day: string) => void): HTMLElement {
  const table = (list: readonly Finding[]): HTMLElement =>
    rowsTable(
      'Places',
      [{ title: 'Day' }, { title: unit, num: true }, { title: 'What', wrap: true }],
      list.map((one) => ({
        cells: [
          one.timestamp
            ? h(
                'button',
                {
                  type: 'button',
                  class: 'link',
                  'aria-label': `Show ${localDate(one.timestamp)} on the chart`,
                  on: { click: () => onDay(localDate(one.timestamp)) },
                },
                localTime(one.timestamp),
              )
            : 'no date',
          count(one.count),
          one.detail,
        ],
      })),
    );
  if (findings.length <= SHOWN) return table(findings);
  return h(
    'div',
    null,
    table(findings.slice(0, SHOWN)),
    h('details', null, h('summary', null, `${count(findings.length - SHOWN)} more`), table(findings.slice(SHOWN))),
  );
}

/** Of one series. */
export function findingsOf(series: CheckedSeries, onDay: (day: string) => void): HTMLElement {
  const found = Object.entries(series.quality)
    .filter((entry): entry is [string, QualityOf] => typeof entry[1] === 'object' && entry[1].count > 0)
    .sort((a, b) => ORDER.indexOf(a[1].severity) - ORDER.indexOf(b[1].severity));
  if (found.length === 0)
    return notice('good', `Nothing found in ${count(series.bars)} bars of ${series.symbol} ${series.timeframe}`);
  return h(
    'div',
    { class: 'checks' },
    found.map(([name, one]) => {
      const { title, means } = CHECKS[name] ?? { title: name, means: '' };
      const list = (series.findings ?? []).filter((finding) => finding.check === name);
      const unit = one.count === 1 ? one.unit : `${one.unit}s`;
      return h(
        'details',
        { class: `check ${one.severity}`, open: one.severity === 'error' },
        h(
          'summary',
          null,
          severityTag(one.severity),
          h('span', { class: 'check-name' }, title),
          h(
            'span',
            { class: 'quiet small check-counts' },
            `${count(one.count)} ${unit} in ${count(one.places)} ${one.places === 1 ? 'place' : 'places'}`,
          ),
        ),
        h(
          'div',
          { class: 'check-body' },
          h('p', null, means),
          suggestions(series, one),
          list.length > 0 && places(list, `${one.unit}s`, onDay),
        ),
      );
    }),
  );
}

/** One line: "2 errors, 3 warnings". */
export function severities(series: CheckedSeries): string {
  const counted = ORDER.map((severity) => {
    const n = Object.values(series.quality).filter(
      (one) => typeof one === 'object' && one.count > 0 && one.severity === severity,
    ).length;
    const word = severity === 'info' ? (n === 1 ? 'note' : 'notes') : n === 1 ? severity : `${severity}s`;
    return n ? `${n} ${word}` : '';
  }).filter(Boolean);
  return counted.join(', ') || 'nothing found';
}
