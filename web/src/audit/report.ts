// SPDX-License-Identifier: Apache-2.0
// The table of an audit: verdict, what was compared, what it means; failures first in words, and on a chart.
import type { AuditRequest } from '../api/requests';
import { type Child, h } from '../lib/dom';
import { count } from '../lib/format';
import { notice } from '../lib/notice';
import { panel } from '../lib/rows';
import { findingsNotice } from '../run/head';
import { type Audit, type AuditCheck, offendingChart } from './chart';
import { EXPLANATIONS } from './explain';

/** A sign, a word and a colour each: no verdict is shown by colour alone. */
const VERDICTS: Record<AuditCheck['verdict'], { sign: string; word: string; kind: string }> = {
  pass: { sign: '✓', word: 'pass', kind: 'good' },
  fail: { sign: '✕', word: 'fail', kind: 'error' },
  skipped: { sign: '–', word: 'skipped', kind: '' },
  shown: { sign: 'i', word: 'shown', kind: '' },
};
const idOf = (check: AuditCheck): string => `check-${check.check.replace(/[^a-z]+/g, '-')}`;

function verdict(check: AuditCheck): HTMLElement {
  const { sign, word, kind } = VERDICTS[check.verdict];
  return h('span', { class: `tag verdict ${kind}` }, h('span', { 'aria-hidden': 'true' }, sign), ` ${word}`);
}

function counts(check: AuditCheck): string {
  if (check.verdict === 'skipped') return 'nothing to compare';
  if (check.verdict === 'shown') return `${count(check.cases)} cases`;
  return `${count(check.mismatches)} of ${count(check.cases)} differ`;
}

function row(check: AuditCheck, request: AuditRequest, signal: AbortSignal): HTMLElement {
  const words = EXPLANATIONS[check.check];
  const failed = check.verdict === 'fail';
  const place = h('div');
  const details = h(
    'details',
    { open: failed, id: idOf(check), class: `check ${check.verdict}` },
    h(
      'summary',
      null,
      verdict(check),
      h('span', { class: 'check-name' }, check.check),
      h('span', { class: 'check-proves' }, check.proves),
      h('span', { class: 'quiet small check-counts' }, counts(check)),
    ),
    h(
      'div',
      { class: 'check-body' },
      check.compared && h('p', null, h('span', { class: 'quiet' }, 'Compared: '), check.compared, '.'),
      check.detail && h('p', { class: failed ? 'check-detail' : undefined }, check.detail),
      words && h('p', { class: 'quiet' }, words.how),
      failed && words?.failed && h('p', null, h('strong', null, 'What it means: '), words.failed),
      place,
    ),
  );
  const draw = (): void => {
    if (details.open && place.childElementCount === 0 && failed && check.first)
      place.append(offendingChart(check, request, signal));
  };
  details.addEventListener('toggle', draw);
  draw();
  return details;
}

function conclusion(checks: readonly AuditCheck[]): HTMLElement {
  const failed = checks.filter((check) => check.verdict === 'fail');
  const passed = checks.filter((check) => check.verdict === 'pass').length;
  const skipped = checks.filter((check) => check.verdict === 'skipped').length;
  const rest = skipped ? `, ${skipped} skipped` : '';
  if (failed.length === 0)
    return notice(
      'good',
      `${passed} checks passed${rest}`,
      h(
        'p',
        null,
        'On these bars and settings training, backtest and live compute the same thing, and nothing looks ahead. It ' +
          'does not say that the strategy earns anything.',
      ),
    );
  const links: Child[] = failed.flatMap((check, i) => [
    i ? ', ' : '',
    h(
      'button',
      {
        type: 'button',
        class: 'link',
        on: {
          click: () => {
            const target = document.getElementById(idOf(check));
            target?.scrollIntoView();
            target?.querySelector('summary')?.focus();
          },
        },
      },
      check.check,
    ),
  ]);
  return notice(
    'error',
    `${failed.length} of ${checks.length} checks failed`,
    h('p', null, 'Numbers of this strategy under these settings cannot be trusted: ', links, '.'),
    h('p', null, `${passed} passed${rest}.`),
  );
}

const BELIEVE: Record<AuditCheck['verdict'], string> = { pass: 'Yes', shown: 'Yes', fail: 'No', skipped: 'Unknown' };

/** All of it for a reader who does not want to know how it was found out. */
function plainWords(checks: readonly AuditCheck[]): HTMLElement {
  return panel(
    'What you may believe',
    '',
    h(
      'dl',
      { class: 'facts' },
      checks.flatMap((check) => [
        h('dt', null, `${BELIEVE[check.verdict]}: ${check.check}`),
        h('dd', null, check.plain ?? check.detail),
      ]),
    ),
    h(
      'p',
      { class: 'quiet' },
      'No check says that the strategy will earn anything: that is for bars that it has not seen.',
    ),
  );
}

export function auditReport(audit: Audit, request: AuditRequest, signal: AbortSignal): HTMLElement {
  const { checks } = audit;
  return h(
    'div',
    null,
    conclusion(checks),
    findingsNotice(audit.findings ?? [], audit.warnings ?? []),
    plainWords(checks),
    panel(
      'Checks',
      `${request.symbol}, ${request.timeframe}`,
      h(
        'div',
        { class: 'checks' },
        checks.map((check) => row(check, request, signal)),
      ),
    ),
  );
}
