// SPDX-License-Identifier: Apache-2.0
// Data: what is stored, which days of it are there, what is wrong with it, and import.
import type { CheckRequest, VerifyRequest } from '../api/requests';
import { api, listOf } from '../lib/api';
import { type Child, fill, h } from '../lib/dom';
import { count, localDate } from '../lib/format';
import { getJob, getResult, type Job, jobView } from '../lib/job';
import { button, failure, fillWith } from '../lib/notice';
import { link, type Place } from '../lib/router';
import { panel, rowsTable } from '../lib/rows';
import { coverageCalendar, dayChart } from '../data/coverage';
import { changePanel } from '../data/change';
import { findingsOf, severities } from '../data/findings';
import { importPanel, noData } from '../data/import';
import { journalPanel } from '../data/journal';
import { importedPanel } from '../data/preview';
import type { CheckedSeries, Imported, Series } from '../data/types';
import { type StoredFile, verified } from '../data/verify';

export function show(place: Place): void {
  const list = h('div');
  const one = h('div');
  let turn = new AbortController();
  place.signal.addEventListener('abort', () => turn.abort());

  /** What stands below the list: a chosen series, else the journal of all. */
  const below = (stored: readonly Series[], series: Series | undefined): void => {
    turn.abort();
    turn = new AbortController();
    fill(
      one,
      series
        ? seriesPanels({ place, series, stored, signal: turn.signal, changed })
        : journalPanel(undefined, turn.signal, changed),
    );
  };
  const changed = (symbol?: string): void => {
    if (symbol) place.setQuery({ symbol });
    fill(one);
    void reload();
  };
  const reload = (): Promise<void> =>
    fillWith(list, 'Reading what is stored', async () => {
      const stored = (await listOf<Series>('/data', { limit: 1000 }, place.signal)).sort((a, b) =>
        a.symbol.localeCompare(b.symbol, 'en'),
      );
      const { query } = place.route;
      const wanted = stored.find(
        (series) =>
          series.symbol === query.get('symbol') && (query.get('timeframe') ?? series.timeframe) === series.timeframe,
      );
      if (one.childElementCount === 0) below(stored, wanted);
      return seriesList(place, stored, (series) => {
        place.setQuery({ symbol: series.symbol, timeframe: series.timeframe, day: null });
        below(stored, series);
      });
    });
  const job = h('div');
  place.element.append(h('h1', null, 'Data'), job, list, one, importPanel(place, changed));
  const id = Number(place.route.query.get('job'));
  if (id > 0) void showJob(place, id, job);
  void reload();
}

function seriesList(place: Place, stored: readonly Series[], choose: (series: Series) => void): Child {
  if (stored.length === 0) return noData();
  const checked = h('div');
  return h(
    'div',
    null,
    panel(
      'Stored series',
      h(
        'span',
        { class: 'actions' },
        button('Check all', () => void check(place, {}, checked, undefined)),
        button('Verify all files', () => void verify(place, {}, checked)),
      ),
      rowsTable(
        'Stored series',
        [
          { title: 'Symbol' },
          { title: 'Exchange' },
          { title: 'Bars of' },
          { title: 'First' },
          { title: 'Last' },
          { title: 'Bars', num: true },
          { title: 'Status' },
          { title: '' },
        ],
        stored.map((series) => ({
          cells: [
            h('button', { type: 'button', class: 'link', on: { click: () => choose(series) } }, series.symbol),
            series.exchange,
            series.timeframe,
            localDate(series.first),
            localDate(series.last),
            count(series.bars),
            series.status === 'ok' ? 'ok' : h('span', { class: 'tag error' }, series.status),
            h(
              'span',
              { class: 'actions' },
              h('a', { href: link('/', { symbol: series.symbol }) }, 'Backtest'),
              h('a', { href: link('/train', { symbol: series.symbol }) }, 'Train'),
            ),
          ],
        })),
      ),
    ),
    checked,
  );
}

interface Chosen {
  place: Place;
  series: Series;
  stored: readonly Series[];
  signal: AbortSignal;
  /** It has other bars now, and this name if one is given. */
  changed: (symbol?: string) => void;
}

/** Days, findings, one day, journal and changes of a series. */
function seriesPanels({ place, series, stored, signal, changed }: Chosen): HTMLElement {
  const chart = h('div');
  const found = h('div');
  const files = h('div');
  const days = h('div');
  const showDay = (day: string): void =>
    fill(chart, panel(`${series.symbol} on ${day}`, series.timeframe, dayChart(series, day, signal)));
  const onDay = (day: string): void => {
    place.setQuery({ day });
    showDay(day);
    chart.firstElementChild?.scrollIntoView();
    chart.querySelector<HTMLElement>('.candles-stage')?.focus({ preventScroll: true });
  };
  void fillWith(days, 'Reading the days', () => coverageCalendar(series, signal, onDay));
  const day = place.route.query.get('day');
  if (day && /^\d{4}-\d\d-\d\d$/.test(day)) showDay(day);
  return h(
    'div',
    null,
    panel(`Days of ${series.symbol}, ${series.timeframe}`, null, days),
    chart,
    panel(
      'Findings',
      button(
        'Check',
        () =>
          void check(
            place,
            { symbol: series.symbol, exchange: series.exchange, timeframe: series.timeframe },
            found,
            onDay,
          ),
      ),
      h('p', { class: 'quiet small' }, 'Looks for bad prices, splits, jumps, missing days, gaps and more.'),
      found,
    ),
    journalPanel(series, signal, () => changed()),
    panel(
      'Files',
      button('Verify', () => void verify(place, { symbol: series.instrument_key }, files)),
      h('p', { class: 'quiet small' }, 'Holds every byte of every stored file of it against its checksum.'),
      files,
    ),
    changePanel(
      series,
      stored.filter((other) => other.instrument_key === series.instrument_key).map((other) => other.timeframe),
      changed,
    ),
  );
}

const JOBS: Partial<Record<Job['kind'], string>> = {
  import: 'Import',
  check: 'Check of the data',
  verify: 'Verification of the files',
};

/** A job of this view that a link leads to. */
async function showJob(place: Place, id: number, body: HTMLElement): Promise<void> {
  await fillWith(body, 'Reading the job', async () => {
    const job = await getJob(id, place.signal);
    const result = h('div');
    const ended = async (now: Job): Promise<void> => {
      if (now.state !== 'done') return;
      if (now.kind === 'check')
        fill(result, checkedAll((await getResult<{ series: CheckedSeries[] }>(id, place.signal)).series));
      else if (now.kind === 'verify')
        fill(result, panel('Files', null, verified(await getResult<StoredFile[]>(id, place.signal))));
      else if (now.request['preview'] !== true)
        fill(result, importedPanel(await getResult<Imported>(id, place.signal), 'The file', null));
    };
    const what = `${JOBS[job.kind] ?? job.kind}, job ${id}`;
    return [jobView({ id, what, signal: place.signal, onEnd: (now) => void ended(now) }), result];
  });
}

function checkedAll(list: readonly CheckedSeries[]): HTMLElement {
  return panel(
    'What the check found',
    null,
    h(
      'div',
      { class: 'checks' },
      list.map((one) =>
        h(
          'details',
          { class: 'check', open: list.length === 1 },
          h('summary', null, h('strong', null, `${one.symbol} ${one.timeframe}`), ` ${severities(one)}`),
          h(
            'div',
            { class: 'check-body' },
            findingsOf(one, (day) => {
              location.hash = link('/data', { symbol: one.symbol, timeframe: one.timeframe, day });
            }),
          ),
        ),
      ),
    ),
  );
}

/** `onDay` absent: of all series, each with its own link. */
function check(
  place: Place,
  request: CheckRequest,
  body: HTMLElement,
  onDay: ((day: string) => void) | undefined,
): Promise<void> {
  return follow<{ series: CheckedSeries[] }>(place, '/data/checks', request, body, 'Check of the data', ({ series }) =>
    onDay && series[0] ? findingsOf(series[0], onDay) : checkedAll(series),
  );
}

function verify(place: Place, request: VerifyRequest, body: HTMLElement): Promise<void> {
  return follow<StoredFile[]>(place, '/data/verify', request, body, 'Verification of the files', verified);
}

/** Starts a job, shows how far it is, and in its place what it came to. */
async function follow<T>(
  place: Place,
  path: string,
  request: CheckRequest | VerifyRequest,
  body: HTMLElement,
  what: string,
  view: (result: T) => HTMLElement,
): Promise<void> {
  try {
    const job = await api.post<Job>(path, request);
    const show = async (): Promise<void> => fill(body, view(await getResult<T>(job.id, place.signal)));
    fill(
      body,
      jobView({
        id: job.id,
        what,
        signal: place.signal,
        onEnd: (ended) => {
          if (ended.state === 'done')
            void show().catch((error: unknown) => fill(body, failure('The result could not be read', error)));
        },
      }),
    );
  } catch (error) {
    fill(body, failure(`${what}: it was not begun`, error));
  }
}
