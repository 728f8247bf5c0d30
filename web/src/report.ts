// SPDX-License-Identifier: Apache-2.0
// A report: the parts of a run's view one below the other, fed by the documents inside the file. What stands in #static
// is for readers without JavaScript.
import './style.css';
import { settingsBar } from './frame';
import { embeddedSource, PREFIX, type Source } from './lib/api';
import { type Child, h } from './lib/dom';
import { failure, notice } from './lib/notice';
import { startTheme } from './lib/settings';
import { ChartPart } from './run/chart';
import { failedRun, heading, warnings } from './run/head';
import { allMetrics, headline } from './run/headline';
import { distributionsPanel, equityPanel, monthsPanel, outcomesPanel } from './run/overview';
import { type ConfigKey, setupPanels } from './run/setup';
import type { MetricInfo } from './run/metrics';
import type { Run, RunContext } from './run/types';

/** The document, or what to take in its place where the report was made without it. */
function documentOr<T>(source: Source, path: string, fallback: T): Promise<T> {
  return source.get<T>(path).catch(() => fallback);
}

async function parts(documents: Record<string, unknown>): Promise<Child> {
  const key = Object.keys(documents).find((name) => new RegExp(`^${PREFIX}/runs/[^/?]+$`).test(name));
  if (!key) throw new Error('The file holds no run.');
  const source = embeddedSource(documents);
  const run = await source.get<Run>(key.slice(PREFIX.length));
  const [list, keys] = await Promise.all([
    documentOr<MetricInfo[]>(source, '/metrics', []),
    documentOr<ConfigKey[]>(source, '/config/keys', []),
  ]);
  const context: RunContext = {
    run,
    source,
    signal: new AbortController().signal,
    metrics: new Map(list.map((one) => [one.key, one])),
  };
  document.title = `${run.run_id} · Pixity report`;
  const leftOut = (documents['report'] as { left_out?: string[] } | undefined)?.left_out ?? [];
  return [
    heading(context, null),
    failedRun(run),
    warnings(run),
    leftOut.length > 0 &&
      notice(
        'info',
        'Left out of this file',
        h(
          'ul',
          null,
          leftOut.map((text) => h('li', null, text)),
        ),
      ),
    headline(context),
    equityPanel(context),
    monthsPanel(context),
    h('div', { class: 'grid' }, distributionsPanel(context), outcomesPanel(context)),
    new ChartPart(context).element,
    allMetrics(context),
    setupPanels(context, keys),
    h(
      'p',
      { class: 'report-foot' },
      `Made by Pixity ${run.version} from the stored run ${run.run_id}. Times are the exchange’s local time; results ` +
        `are net of fees unless they say gross.`,
    ),
  ];
}

async function start(): Promise<void> {
  startTheme();
  const main = h('main');
  document
    .getElementById('app')
    ?.append(
      h(
        'header',
        { class: 'top screen-only' },
        h('span', { class: 'brand' }, 'Pixity report'),
        h('span', { class: 'spacer' }),
        settingsBar(),
      ),
      main,
    );
  const fill = async (): Promise<void> => {
    const text = document.getElementById('pixity-data')?.textContent ?? '{}';
    const content = await parts(JSON.parse(text) as Record<string, unknown>);
    main.replaceChildren(h('div', null, content));
  };
  try {
    await fill();
    document.getElementById('static')?.remove();
    document.addEventListener('pixity:digits', () => void fill());
  } catch (error) {
    main.replaceChildren(failure('This report could not be shown', error));
  }
}

void start();
