// SPDX-License-Identifier: Apache-2.0
// The paper accounts: what streams have traded without money.
import { listOf } from '../lib/api';
import { h } from '../lib/dom';
import { count, localTime, quantity, rupees, signed, tone } from '../lib/format';
import { empty, fillWith } from '../lib/notice';
import { link, type Place } from '../lib/router';
import { command, panel, rowsTable } from '../lib/rows';

export interface AccountRow {
  account: string;
  strategy: string;
  symbol: string;
  timeframe: string;
  profile: string;
  first: string | null;
  last: string | null;
  trades: number;
  /** Of closed trades, after fees. */
  pnl_net: number | null;
  equity: number | null;
  position: number;
  halted: string | null;
}

export function positionText(position: number): string {
  return position === 0 ? 'none' : `${position > 0 ? 'long' : 'short'} ${quantity(Math.abs(position))}`;
}
export const haltTag = (reason: string | null): HTMLElement | string =>
  reason === null ? 'trading' : h('span', { class: 'tag warning' }, `halted: ${reason}`);
export const coloured = (value: number | null): HTMLElement => h('span', { class: tone(value) }, signed(rupees(value)));

export async function show(place: Place): Promise<void> {
  const body = h('div');
  place.element.append(
    h('h1', null, 'Accounts'),
    h(
      'p',
      { class: 'quiet' },
      'Paper accounts: no order leaves this program and no money moves. Amounts are rupees; results are net of fees ' +
        'unless they say gross.',
    ),
    body,
  );
  await fillWith(body, 'Reading the accounts', async () => {
    const accounts = await listOf<AccountRow>('/accounts', { limit: 1000 }, place.signal);
    if (accounts.length === 0) {
      return h(
        'div',
        { class: 'panel' },
        empty('No paper accounts yet', [
          'A stream keeps what it trades in an account. Begin one with minutes from a file or a feed: ',
          command('pixity stream --symbol RELIANCE --timeframe 15m --account first < minutes.csv'),
        ]),
      );
    }
    return panel(
      'Paper accounts',
      null,
      rowsTable(
        'Paper accounts',
        [
          { title: 'Account' },
          { title: 'Strategy' },
          { title: 'Symbol' },
          { title: 'Bars' },
          { title: 'Profile' },
          { title: 'From' },
          { title: 'To' },
          { title: 'Trades', num: true },
          { title: 'Closed trades', unit: '₹ net', num: true },
          { title: 'Equity', unit: '₹ net', num: true },
          { title: 'Position', unit: 'shares' },
          { title: 'State' },
        ],
        accounts.map((one) => ({
          cells: [
            h('a', { href: link('/accounts', one.account) }, one.account),
            one.strategy,
            one.symbol,
            one.timeframe,
            one.profile,
            localTime(one.first),
            localTime(one.last),
            count(one.trades),
            coloured(one.pnl_net),
            rupees(one.equity),
            positionText(one.position),
            haltTag(one.halted),
          ],
        })),
      ),
    );
  });
}
