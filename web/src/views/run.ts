// SPDX-License-Identifier: Apache-2.0
// One run: warnings, figures, and in tabs its curves, its chart with trades and events, all metrics, and how it was
// made.
import { api, at } from '../lib/api';
import { append, h } from '../lib/dom';
import { failure, isAbort, loading } from '../lib/notice';
import type { Place } from '../lib/router';
import { tabs } from '../lib/tabs';
import { runActions } from '../run/actions';
import { ChartPart } from '../run/chart';
import { againLink, failedRun, heading, warnings } from '../run/head';
import { allMetrics, headline } from '../run/headline';
import { distributionsPanel, equityPanel, monthsPanel, outcomesPanel } from '../run/overview';
import { type ConfigKey, setupPanels } from '../run/setup';
import type { MetricInfo } from '../run/metrics';
import type { Run, RunContext } from '../run/types';

export async function show(place: Place): Promise<void> {
  const id = place.route.parts[0] ?? '';
  place.setTitle(`Run ${id}`);
  place.element.append(loading('Reading the run'));
  let run: Run;
  let list: MetricInfo[];
  let keys: ConfigKey[];
  try {
    [run, list, keys] = await Promise.all([
      api.get<Run>(at`/runs/${id}`, {}, place.signal),
      api.get<MetricInfo[]>('/metrics', {}, place.signal),
      api.get<ConfigKey[]>('/config/keys', {}, place.signal),
    ]);
  } catch (error) {
    if (isAbort(error)) return;
    place.element.replaceChildren(
      h('h1', null, `Run ${id}`),
      failure('This run could not be read', error),
      h('p', null, h('a', { href: '#/runs' }, 'See all runs')),
    );
    return;
  }
  const metrics = new Map(list.map((one) => [one.key, one]));
  const context: RunContext = { run, source: api, signal: place.signal, metrics, place };
  const done = run.status === 'done';
  const again = againLink(run, keys);
  place.element.replaceChildren(heading(context, runActions(run, place, again)));
  append(place.element, [failedRun(run, again), warnings(run), done && headline(context)]);
  const setup = (): HTMLElement => setupPanels(context, keys);
  if (!done) place.element.append(setup());
  else
    place.element.append(
      tabs(
        [
          { name: 'overview', title: 'Overview', make: () => overview(context) },
          { name: 'chart', title: 'Chart, trades, events', make: () => new ChartPart(context).element },
          { name: 'metrics', title: 'All metrics', make: () => allMetrics(context) },
          { name: 'setup', title: 'How it was made', make: setup },
        ],
        'Parts of the run',
        place,
      ),
    );
}

function overview(context: RunContext): HTMLElement {
  return h(
    'div',
    { class: 'overview' },
    equityPanel(context),
    monthsPanel(context),
    h('div', { class: 'grid' }, distributionsPanel(context), outcomesPanel(context)),
  );
}
