// SPDX-License-Identifier: Apache-2.0
// The jobs of this server in the header of every view: how many run and wait, what became of the last ones. One stream
// feeds it, so that all tabs say the same.
import { api, ApiError, at } from './api';
import { fill, h } from './dom';
import { isOver, type Job } from './job';
import { madeAt } from './made';
import { button, messageOf, say, toast } from './notice';
import { link } from './router';
import { stream } from './stream';

const SHOWN = 12;
const WORDS: Record<Job['kind'], string> = {
  backtest: 'Backtest',
  train: 'Training',
  audit: 'Audit',
  check: 'Data check',
  import: 'Import',
  verify: 'Verification',
};

/** Where a job is watched, or what it made. */
function place(job: Job): string {
  if (job.state === 'done' && job.result?.run_id) return link('/runs', job.result.run_id);
  const views: Record<Job['kind'], string> = {
    backtest: '/',
    train: '/train',
    audit: '/audit',
    check: '/data',
    import: '/data',
    verify: '/data',
  };
  return link(views[job.kind], { job: job.id });
}

function about(job: Job): string {
  const { symbol, symbols, timeframe, strategy } = job.request as Record<string, unknown>;
  const which = Array.isArray(symbols) ? symbols.join(', ') : symbol;
  return [which, timeframe, job.kind === 'backtest' && strategy].filter(Boolean).join(' ');
}

function stateText(job: Job): string {
  const { progress } = job;
  if (job.state !== 'running' || !progress) return job.state;
  return progress.total > 0
    ? `${progress.phase} ${Math.floor((progress.done / progress.total) * 100)} %`
    : progress.phase;
}

async function cancelJob(job: Job): Promise<void> {
  try {
    await api.post(at`/jobs/${job.id}/cancel`);
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) return; // it has just ended: the stream tells
    toast(`${WORDS[job.kind]} ${job.id} could not be cancelled: ${messageOf(error)}`);
  }
}

function row(job: Job): HTMLElement {
  const tone = { queued: '', running: '', done: 'good', failed: 'error', cancelled: 'warning' }[job.state];
  const cancel = !isOver(job) && button('Cancel', () => void cancelJob(job), 'danger');
  if (cancel) cancel.dataset['focus'] = `cancel ${job.id}`;
  return h(
    'li',
    { class: 'menu-row', 'data-job': job.id, 'data-state': job.state },
    h(
      'span',
      null,
      h('a', { href: place(job), 'data-focus': `job ${job.id}` }, `${WORDS[job.kind]} ${job.id}`),
      ` ${about(job)}`,
      h('small', { class: 'quiet block' }, job.state === 'failed' ? (job.error ?? '') : madeAt(job.created)),
    ),
    h('span', { class: `tag ${tone}` }, stateText(job)),
    cancel,
  );
}

export function jobsMenu(signal: AbortSignal): HTMLElement {
  const jobs = new Map<number, Job>();
  const summary = h('summary', { class: 'button' }, 'Jobs');
  const list = h('ul', { 'aria-label': 'Jobs' });
  const element = h('details', { class: 'menu jobs' }, summary, list);
  let lost = false;
  const draw = (): void => {
    const sorted = [...jobs.values()].sort((a, b) => b.id - a.id);
    const running = sorted.filter((job) => job.state === 'running').length;
    const waiting = sorted.filter((job) => job.state === 'queued').length;
    summary.textContent = lost
      ? 'Connection lost, trying again'
      : running + waiting === 0
        ? 'Jobs'
        : `Jobs: ${running} running${waiting ? `, ${waiting} waiting` : ''}`;
    element.classList.toggle('lost', lost);
    const focused = list.contains(document.activeElement)
      ? (document.activeElement as HTMLElement).dataset['focus']
      : undefined;
    fill(
      list,
      sorted.slice(0, SHOWN).map(row),
      sorted.length === 0 && h('li', { class: 'quiet' }, 'Nothing has been started here yet.'),
    );
    if (focused) (list.querySelector<HTMLElement>(`[data-focus="${CSS.escape(focused)}"]`) ?? summary).focus();
  };
  const tell = (job: Job): void => {
    const before = jobs.get(job.id);
    jobs.set(job.id, job);
    if (before && !isOver(before) && isOver(job)) say(`${WORDS[job.kind]} ${job.id}: ${job.state}`);
    draw();
  };
  const readAll = async (): Promise<void> => {
    const { items } = await api.get<{ items: Job[] }>('/jobs', { limit: SHOWN }, signal);
    jobs.clear();
    for (const job of items) jobs.set(job.id, job);
    draw();
  };
  draw();
  stream('/stream', {
    signal,
    onlyVisible: true,
    on: {
      job: (data) => tell(data as Job),
      runs: (data) => document.dispatchEvent(new CustomEvent('pixity:runs', { detail: data })),
    },
    state: (now) => {
      lost = now === 'lost';
      if (now === 'open') void readAll().catch(() => undefined);
      draw();
    },
  });
  document.addEventListener(
    'click',
    (event) => {
      if (!element.contains(event.target as Node)) element.open = false;
    },
    { signal },
  );
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !element.open) return;
    element.open = false;
    summary.focus();
  });
  return element;
}
