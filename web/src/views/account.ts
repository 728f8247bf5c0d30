// SPDX-License-Identifier: Apache-2.0
// One paper account: its terms, equity, what it did; halt, resume, reset.
import { linesChart } from '../charts/equity';
import { api, at } from '../lib/api';
import { fill, h, newId } from '../lib/dom';
import { textField } from '../lib/field';
import {
  count,
  localTime,
  percent,
  plain,
  price,
  probability,
  quantity,
  rupees,
  signed,
  tone,
  wallSeconds,
} from '../lib/format';
import { button, empty, failure, fillWith, notice, toast } from '../lib/notice';
import { go, type Place } from '../lib/router';
import { facts, figure, panel } from '../lib/rows';
import { type ListColumn, listTable } from '../lib/table';
import { valuesText } from '../lib/values';
import { findingsNotice } from '../run/head';
import { type Finding, words } from '../run/types';
import { tabs } from '../lib/tabs';
import { type AccountRow, coloured, positionText } from './accounts';

interface Account extends AccountRow {
  instrument_key: string;
  exchange: string;
  model_sha256: string | null;
  version: string;
  digest: string;
  accept: string | null;
  findings: Finding[];
  warnings: string[];
  parameters: Record<string, number> | string;
  config: Record<string, string | number | boolean | null>;
}
type Cells = Record<string, string | number | null>;

export async function show(place: Place): Promise<void> {
  const name = place.route.parts[0] ?? '';
  place.setTitle(`Account ${name}`);
  const account = await api.get<Account>(at`/accounts/${name}`, {}, place.signal);
  const head = h('div');
  const draw = (now: Account): void => fill(head, state(now, draw), figures(now));
  draw(account);
  place.element.append(
    h('p', { class: 'small' }, h('a', { href: '#/accounts' }, 'Accounts')),
    h('h1', null, `Account ${name}`),
    h('p', { class: 'quiet' }, 'A paper account: no order leaves this program and no money moves. Amounts are rupees.'),
    head,
    h('div', null, findingsNotice(account.findings, account.warnings)),
    equityPanel(account, place.signal),
    h(
      'section',
      { class: 'panel' },
      tabs(
        PARTS.map((part) => ({ name: part.name, title: part.title, make: () => partTable(place, account, part) })),
        'What the account did',
        place,
      ),
    ),
    termsPanel(account),
    resetPanel(account),
  );
}

function figures(account: Account): HTMLElement {
  const capital = Number(account.config['capital']);
  const total = account.equity === null ? null : account.equity - capital;
  return h(
    'div',
    { class: 'panel tiles' },
    figure(
      'Equity',
      rupees(account.equity),
      `Net of fees, open position at the last close; began with ${rupees(capital)}.`,
    ),
    figure(
      'Result',
      signed(rupees(total)),
      ['Equity minus the capital, net: ', signed(percent(total === null ? null : (100 * total) / capital)), '.'],
      tone(total),
    ),
    figure(
      'Closed trades',
      signed(rupees(account.pnl_net)),
      `${count(account.trades)} trades, net of fees.`,
      tone(account.pnl_net),
    ),
    figure('Position', positionText(account.position), 'Shares held on paper now.'),
  );
}

// ---- halt and resume -----------------------------------------------------------------------------------

function state(account: Account, changed: (now: Account) => void): HTMLElement {
  const trouble = h('div');
  const change = async (work: () => Promise<unknown>, said: string): Promise<void> => {
    try {
      await work();
      changed(await api.get<Account>(at`/accounts/${account.account}`));
      toast(said);
    } catch (error) {
      fill(trouble, failure('The account was not changed', error));
    }
  };
  if (account.halted !== null) {
    return h(
      'div',
      null,
      notice(
        'warning',
        'This account is halted',
        h('p', null, 'Reason: ', h('strong', null, account.halted)),
        h(
          'p',
          null,
          'Its position closes as by the kill switch, and nothing is entered. Resumed, the drawdown of the kill ' +
            'switch counts from the equity of that moment.',
        ),
        h(
          'p',
          { class: 'actions' },
          button(
            'Resume',
            () => void change(() => api.post(at`/accounts/${account.account}/resume`), 'The account trades again'),
          ),
        ),
      ),
      trouble,
    );
  }
  return h(
    'div',
    null,
    h(
      'p',
      { class: 'actions' },
      button(
        'Halt …',
        () =>
          void askReason(account.account).then((reason) =>
            reason === null
              ? undefined
              : change(() => api.post(at`/accounts/${account.account}/halt`, { reason }), 'The account is halted'),
          ),
        'danger',
      ),
    ),
    trouble,
  );
}

interface Question {
  title: string;
  text: string;
  label: string;
  action: string;
  /** Why the text will not do; null: it does. */
  refuse: (text: string) => string | null;
}
/** Asks for a text; null where it was called off. */
function ask(question: Question): Promise<string | null> {
  const title = newId('question');
  const field = textField({ label: question.label, required: true });
  const dialog = h(
    'dialog',
    { 'aria-labelledby': title },
    h(
      'form',
      {
        method: 'dialog',
        novalidate: true,
        on: {
          submit: (event) => {
            const refused =
              (event.submitter as HTMLButtonElement | null)?.value === 'go' ? question.refuse(field.get()) : null;
            field.error(refused);
            if (refused) event.preventDefault();
          },
        },
      },
      h('h2', { id: title }, question.title),
      h('p', null, question.text),
      field.element,
      h(
        'p',
        { class: 'actions' },
        h('button', { type: 'submit', value: 'keep' }, 'Cancel'),
        h('button', { type: 'submit', value: 'go', class: 'danger' }, question.action),
      ),
    ),
  );
  field.input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return; // else Enter would press the first button, which calls it off
    event.preventDefault();
    dialog.querySelector<HTMLButtonElement>('button.danger')?.click();
  });
  document.body.append(dialog);
  dialog.showModal();
  field.input.focus();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'go' ? field.get() : null);
    });
  });
}

const askReason = (name: string): Promise<string | null> =>
  ask({
    title: `Halt ${name}?`,
    text: 'Its position closes as by the kill switch at the next bar, and nothing is entered until it is resumed.',
    label: 'Reason',
    action: 'Halt',
    refuse: (text) => (text ? null : 'Say why: the reason stands in the account.'),
  });

function resetPanel(account: Account): HTMLElement {
  const trouble = h('div');
  const reset = async (): Promise<void> => {
    const typed = await ask({
      title: `Reset ${account.account}?`,
      text: `The account and all that it did (${count(account.trades)} trades) are deleted. This cannot be undone. ` +
        `Type its name to confirm.`,
      label: 'Name of the account',
      action: 'Reset',
      refuse: (text) => (text === account.account ? null : `Type ${account.account} exactly.`),
    });
    if (typed === null) return;
    try {
      await api.remove(at`/accounts/${account.account}`);
      toast(`Account ${account.account} is deleted`);
      go('#/accounts');
    } catch (error) {
      fill(trouble, failure('The account was not reset', error));
    }
  };
  return panel(
    'Reset',
    null,
    h('p', null, 'Deletes the account with all that it did, so that a stream can begin it anew.'),
    trouble,
    h(
      'p',
      { class: 'actions' },
      button('Reset …', () => void reset(), 'danger'),
    ),
  );
}

// ---- what it did ---------------------------------------------------------------------------------------

function equityPanel(account: Account, signal: AbortSignal): HTMLElement {
  const body = h('div');
  void fillWith(body, 'Reading the equity', async () => {
    const rows = (await api.csv(at`/accounts/${account.account}/equity`, {}, signal))
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    const [head = [], ...points] = rows;
    const [time, equity] = [head.indexOf('ts'), head.indexOf('equity_net')];
    if (points.length === 0 || time < 0 || equity < 0)
      return empty('No equity yet', 'The account has met no bar: it grows with its stream.');
    const times = points.map((row) => wallSeconds(row[time]) ?? 0);
    const values = points.map((row) => Number(row[equity]));
    let peak = Number.NEGATIVE_INFINITY;
    const drawdown = values.map((value) => {
      peak = Math.max(peak, value);
      return peak > 0 ? (100 * (value - peak)) / peak : Number.NaN;
    });
    return linesChart({
      label: `Account ${account.account}`,
      signal,
      panels: [
        {
          title: 'Equity at bar closes, rupees, net of fees',
          height: 16,
          format: (value) => rupees(value, 0),
          lines: [{ name: 'Net of fees', times, values }],
        },
        {
          title: 'Drawdown, net, % of peak equity',
          height: 8,
          format: (value) => percent(value),
          axisFormat: (value) => percent(value, Math.abs(value) % 1 ? 1 : 0),
          lines: [{ name: 'Drawdown', times, values: drawdown, area: true }],
        },
      ],
    }).element;
  });
  return panel('Equity', 'drag to zoom', body);
}

interface Part {
  name: 'trades' | 'signals' | 'orders' | 'fills';
  title: string;
  sort: string;
  columns: readonly ListColumn<Cells>[];
}
const time = (key: string, title: string): ListColumn<Cells> => ({
  key,
  title,
  cell: (row) => localTime(row[key] as string | null),
});
const amount = (
  key: string,
  title: string,
  unit: string,
  format: (value: number | null) => string,
): ListColumn<Cells> => ({
  key,
  title,
  num: true,
  ...(unit ? { unit } : {}),
  cell: (row) => format(row[key] as number | null),
});
const money = (key: string, title: string): ListColumn<Cells> => ({
  key,
  title,
  unit: '₹',
  num: true,
  cell: (row) => coloured(row[key] as number | null),
});
const PARTS: readonly Part[] = [
  {
    name: 'trades',
    title: 'Trades',
    sort: 'entry_ts',
    columns: [
      time('entry_ts', 'Entry'),
      time('exit_ts', 'Exit'),
      { key: 'direction', title: 'Side' },
      amount('qty', 'Quantity', '', quantity),
      amount('entry_price', 'Entry', '₹', price),
      amount('exit_price', 'Exit', '₹', price),
      money('pnl', 'Gross'),
      amount('fees', 'Fees', '₹', (value) => rupees(value)),
      money('pnl_net', 'Net'),
      amount('bars_held', 'Held', 'bars', count),
      { key: 'exit_reason', title: 'Ended', cell: (row) => words(String(row['exit_reason'] ?? '–')) },
      { key: 'event_type', title: 'Event' },
      amount('probability', 'Probability', '', probability),
    ],
  },
  {
    name: 'signals',
    title: 'Signals',
    sort: 'ts',
    columns: [
      time('ts', 'Bar'),
      { key: 'side', title: 'Side' },
      { key: 'event_type', title: 'Event' },
      amount('probability', 'Probability', '', probability),
      { key: 'fate', title: 'Outcome', cell: (row) => words(String(row['fate'] ?? '–')) },
      amount('quantity', 'Quantity', '', quantity),
      { key: 'capped_by', title: 'Cut by', cell: (row) => words(String(row['capped_by'] ?? '–')) },
    ],
  },
  {
    name: 'orders',
    title: 'Orders',
    sort: 'ts',
    columns: [
      time('ts', 'Decided'),
      { key: 'side', title: 'Side' },
      amount('qty', 'Quantity', '', quantity),
      { key: 'kind', title: 'Kind', cell: (row) => words(String(row['kind'] ?? '–')) },
      { key: 'status', title: 'Status' },
      time('done_ts', 'Done'),
    ],
  },
  {
    name: 'fills',
    title: 'Fills',
    sort: 'ts',
    columns: [
      time('ts', 'Bar'),
      { key: 'side', title: 'Side' },
      amount('qty', 'Quantity', '', quantity),
      amount('price', 'Price', '₹', price),
      amount('fees', 'Fees', '₹', (value) => rupees(value)),
      { key: 'kind', title: 'Kind', cell: (row) => words(String(row['kind'] ?? '–')) },
      amount('trade', 'Trade', '', (value) => (value === null ? '–' : count(value + 1))),
    ],
  },
];

function partTable(place: Place, account: Account, part: Part): HTMLElement {
  return listTable<Cells>({
    source: api,
    signal: place.signal,
    place,
    prefix: `${part.name}.`,
    path: at`/accounts/${account.account}/${part.name}`,
    caption: part.title,
    columns: part.columns,
    key: (row) => Object.values(row).join('|'),
    sort: { key: part.sort, order: 'desc' },
    search: `Search ${part.name}`,
    empty: { title: `No ${part.name} yet`, text: 'They come with the bars of its stream.' },
  }).element;
}

function termsPanel(account: Account): HTMLElement {
  const text = (value: string | number | boolean | null): string =>
    value === null ? 'none' : typeof value === 'number' ? plain(value) : String(value);
  return panel(
    'Terms',
    'what it was begun with; a stream with other ones is refused',
    h(
      'div',
      { class: 'beside' },
      facts([
        ['Strategy', account.strategy],
        [
          'Parameters',
          (typeof account.parameters === 'string' ? account.parameters : valuesText(account.parameters)) || 'none',
        ],
        ['Instrument', `${account.symbol} (${account.instrument_key})`],
        ['Exchange', account.exchange],
        ['Bars', account.timeframe],
        ['Profile', account.profile],
        ['First and last bar', `${localTime(account.first)} to ${localTime(account.last)}`],
        ['Model', account.model_sha256 ? h('code', null, account.model_sha256) : 'none: every event is taken'],
        ['Digest', h('code', null, account.digest)],
        ['Version', account.version],
      ]),
      h(
        'details',
        null,
        h('summary', null, 'Settings'),
        facts(Object.entries(account.config).map(([key, value]) => [key, text(value)])),
      ),
    ),
  );
}
