// SPDX-License-Identifier: Apache-2.0
// Import: drop a file or choose one, see how it was understood, change that, store it.
import type { ImportRequest } from '../api/requests';
import { api, at } from '../lib/api';
import { type Child, fill, h, newId } from '../lib/dom';
import type { Field } from '../lib/field';
import { fieldsOf, othersOf, valuesOfFields } from '../lib/form';
import { bytes } from '../lib/format';
import { getResult, type Job, jobEnd, jobView } from '../lib/job';
import { button, failure, isAbort, loading, notice, say } from '../lib/notice';
import { link, type Place } from '../lib/router';
import { command, panel } from '../lib/rows';
import { importedPanel, previewPanel, tidy } from './preview';
import type { Imported, Preview, Upload } from './types';

const KINDS = '.csv,.tsv,.txt,.gz,.zst,.zip,.json,.jsonl,.ndjson,.xlsx,.parquet,.pq,.duckdb,.db,.sqlite,.sqlite3';
/** "RELIANCE_2022.csv.gz" -> "RELIANCE": a first guess that the reader can change. */
const symbolOf = (name: string): string =>
  (/^[A-Za-z&-]+(?=[._ ]|$)/.exec(name)?.[0] ?? name.replace(/\..*$/, '')).toUpperCase();

interface Options {
  element: HTMLElement;
  get(): Partial<ImportRequest>;
  set(name: string, value: string): void;
}

function importOptions(name: string, changed: () => void): Options {
  const all = fieldsOf('import', (key) => (key === 'symbol' ? symbolOf(name) : ''), changed, {});
  const fields: Record<string, Field> = all;
  const first = [all.symbol, all.exchange, all.timeframe, all.tz, all.stamp, all.on_conflict];
  return {
    element: h(
      'div',
      null,
      h(
        'div',
        { class: 'fields' },
        first.map((field) => field.element),
      ),
      h(
        'details',
        { class: 'settings-more reading' },
        h('summary', null, 'How the file is read'),
        h('div', { class: 'fields' }, othersOf(fields, ...first)),
      ),
    ),
    get: () => valuesOfFields('import', fields),
    set(key, value) {
      const field = fields[key];
      if (!field) return;
      if (field.input instanceof HTMLSelectElement && ![...field.input.options].some((one) => one.value === value))
        field.input.append(h('option', { value }, value));
      field.set(value);
      changed();
    },
  };
}

/** The zone to drop on; also a button, for keyboards and phones. */
function dropZone(take: (file: File) => void): HTMLElement {
  const input = h('input', {
    type: 'file',
    accept: KINDS,
    id: newId('file'),
    class: 'hidden',
    tabindex: -1,
    'aria-label': 'File to import',
    on: {
      change: () => {
        const file = input.files?.[0];
        if (file) take(file);
        input.value = '';
      },
    },
  });
  const zone = h(
    'div',
    { class: 'drop' },
    h(
      'p',
      null,
      h('strong', null, 'Drop a file of bars here'),
      ' or ',
      button('Choose a file', () => input.click()),
    ),
    h(
      'p',
      { class: 'quiet small' },
      'CSV and its kin, JSON, XLSX, Parquet, SQLite or DuckDB with columns for time, open, high, low, close and ' +
        'volume. Nothing is stored before you have seen how it was understood.',
    ),
    input,
  );
  const over =
    (on: boolean) =>
    (event: DragEvent): void => {
      event.preventDefault();
      zone.classList.toggle('over', on);
    };
  zone.addEventListener('dragenter', over(true));
  zone.addEventListener('dragover', over(true));
  zone.addEventListener('dragleave', over(false));
  zone.addEventListener('drop', (event) => {
    over(false)(event);
    const file = event.dataTransfer?.files[0];
    if (file) take(file);
  });
  return zone;
}

export function importPanel(place: Place, stored: () => void): HTMLElement {
  const body = h('div');
  const start = (message: Child = null): void =>
    fill(
      body,
      message,
      dropZone((file) => void take(file)),
      h(
        'p',
        { class: 'small quiet' },
        'Whole folders, and files larger than the server takes: ',
        command('pixity import FOLDER --symbol RELIANCE'),
      ),
    );
  const take = async (file: File): Promise<void> => {
    fill(body, loading(`Sending ${file.name}, ${bytes(file.size)}`));
    try {
      const upload = await api.upload<Upload>('/data/uploads', file, { name: file.name });
      look(place, body, upload, file.name, start, stored);
    } catch (error) {
      if (!isAbort(error)) start(failure(`${file.name} could not be sent`, error));
    }
  };
  start();
  return panel('Import', null, body);
}

/** What was sent: options, a preview that follows them, and the import. */
function look(
  place: Place,
  body: HTMLElement,
  upload: Upload,
  name: string,
  start: (message?: Child) => void,
  stored: () => void,
): void {
  const shown = h('div', { 'aria-live': 'polite' });
  const options = importOptions(name, () => void preview());
  const go = h('button', { type: 'submit', class: 'primary', disabled: true }, 'Import');
  let asking = new AbortController();
  place.signal.addEventListener('abort', () => asking.abort());

  const preview = async (): Promise<void> => {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    go.disabled = true;
    fill(shown, loading('Reading the file'));
    try {
      const job = await api.post<Job>('/data/imports', { upload: upload.id, preview: true, ...options.get() });
      const ended = await jobEnd(job.id, signal);
      if (ended.state !== 'done') throw new Error(tidy(ended.error ?? 'the program could not read it', name));
      const result = await getResult<Preview>(job.id, signal);
      fill(shown, previewPanel(result, name, options.set));
      go.disabled = result.problem !== null;
      say(result.problem ? 'It cannot be imported like this' : `${result.new} new bars`);
    } catch (error) {
      if (!signal.aborted) fill(shown, failure(`${name} could not be read like this`, error));
    }
  };
  const drop = (): void => {
    asking.abort();
    api.remove(at`/data/uploads/${upload.id}`).catch(() => undefined); // it is cleared away in time anyway
    start();
  };
  const store = async (): Promise<void> => {
    go.disabled = true;
    try {
      const job = await api.post<Job>('/data/imports', { upload: upload.id, ...options.get() });
      fill(
        body,
        jobView({ id: job.id, what: `Import of ${name}`, signal: place.signal, onEnd: (ended) => void finish(ended) }),
      );
    } catch (error) {
      fill(shown, failure('The import was not begun', error));
      go.disabled = false;
    }
  };
  const finish = async (job: Job): Promise<void> => {
    const again = h(
      'p',
      { class: 'actions' },
      button('Back to the options', () => look(place, body, upload, name, start, stored)),
      button('Another file', () => start()),
    );
    if (job.state !== 'done') return void body.append(again);
    const result = await getResult<Imported>(job.id, place.signal);
    const first = result.files[0]?.series[0];
    start(
      importedPanel(
        result,
        name,
        first &&
          h(
            'p',
            { class: 'actions' },
            h('a', { href: link('/data', { symbol: first.symbol, timeframe: first.timeframe }) }, 'See its days'),
            h('a', { href: link('/', { symbol: first.symbol }) }, 'Backtest on it'),
            h('a', { href: link('/train', { symbol: first.symbol }) }, 'Train on it'),
          ),
      ),
    );
    stored();
  };
  fill(
    body,
    h(
      'form',
      {
        novalidate: true,
        'aria-label': `Import ${name}`,
        on: {
          submit: (event) => {
            event.preventDefault();
            void store();
          },
        },
      },
      h('p', null, h('strong', null, name), h('span', { class: 'quiet' }, ` ${bytes(upload.bytes)}`)),
      options.element,
      shown,
      h('p', { class: 'actions' }, go, button('Cancel', drop)),
    ),
  );
  void preview();
}

export const noData = (): HTMLElement =>
  notice(
    'info',
    'No bars are stored yet',
    h(
      'p',
      null,
      'Import a file below. To look around without data of your own, make synthetic bars: ',
      command('pixity synth --symbol DEMO --kind trend --days 496 --seed 1'),
    ),
  );
