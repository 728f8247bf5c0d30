// SPDX-License-Identifier: Apache-2.0
// Long work on the server: starting it, watching its phases and counts as they come, ending it early.
import { api, at, ApiError } from './api';
import { fill, h } from './dom';
import { count, duration, localTime, offsetOf, plain } from './format';
import { button, failure, notice, say } from './notice';
import { stream } from './stream';

export type JobKind = 'backtest' | 'train' | 'audit' | 'check' | 'import' | 'verify';
export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
export interface Progress {
  phase: string;
  done: number;
  /** 0 = not known. */
  total: number;
  rate: number;
  left_s: number;
}
export interface Job {
  id: number;
  kind: JobKind;
  state: JobState;
  created: string;
  started: string | null;
  ended: string | null;
  request: Record<string, unknown>;
  progress: Progress | null;
  exit_status: number | null;
  error: string | null;
  result: { run_id?: string; model?: string } | null;
}
export const isOver = (job: Job): boolean =>
  job.state === 'done' || job.state === 'failed' || job.state === 'cancelled';
export const getJob = (id: number, signal?: AbortSignal): Promise<Job> => api.get<Job>(at`/jobs/${id}`, {}, signal);
/** The document that the verb printed. */
export const getResult = <T>(id: number, signal?: AbortSignal): Promise<T> =>
  api.get<T>(at`/jobs/${id}/result`, {}, signal);

/** Waits for the end of short work that needs no view of its own. */
export async function jobEnd(id: number, signal: AbortSignal): Promise<Job> {
  const now = await getJob(id, signal);
  if (isOver(now)) return now;
  const stop = new AbortController();
  return new Promise((resolve, reject) => {
    const ended = (job: Job): void => {
      if (!isOver(job)) return;
      stop.abort();
      resolve(job);
    };
    signal.addEventListener('abort', () => {
      stop.abort();
      reject(new DOMException('left', 'AbortError'));
    });
    stream(at`/jobs/${id}/stream`, {
      signal: stop.signal,
      on: { state: (data) => ended(data as Job), end: () => void getJob(id, signal).then(ended, reject) },
    });
  });
}

const STATES: Record<JobState, string> = {
  queued: 'Waiting for its turn',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

export interface JobViewOptions {
  id: number;
  /** "Training demo": what the reader waits for. */
  what: string;
  signal: AbortSignal;
  /** Phases that are known to come, in order: shown as waiting until they begin. */
  phases?: readonly string[];
  /** Once, when it is over; also for a job that was over before. */
  onEnd: (job: Job) => void;
}

/** Fraction of a phase, or undefined where its length is not known. */
const fraction = (progress: Progress): number | undefined =>
  progress.total > 0 ? Math.min(1, progress.done / progress.total) : undefined;

interface Phase {
  name: string;
  state: 'waiting' | 'now' | 'done' | 'stopped';
  last?: Progress;
}

function countsOf(phase: Phase): string {
  const { last } = phase;
  if (!last || last.total <= 0) return '';
  const done = phase.state === 'done' ? last.total : last.done;
  const rate = phase.state === 'now' && last.rate > 0 ? ` · ${plain(last.rate, last.rate < 10 ? 1 : 0)} a second` : '';
  const left = phase.state === 'now' && last.left_s >= 1 ? ` · about ${duration(last.left_s)} left` : '';
  return `${count(done)} of ${count(last.total)}${rate}${left}`;
}

function phaseRow(phase: Phase): HTMLElement {
  const sign = { waiting: '·', now: '▸', done: '✓', stopped: '■' }[phase.state];
  const word = { waiting: 'waiting', now: 'now', done: 'done', stopped: 'stopped here' }[phase.state];
  return h(
    'li',
    { class: `phase ${phase.state}`, 'aria-current': phase.state === 'now' ? 'step' : undefined },
    h('span', { class: 'phase-sign', 'aria-hidden': 'true' }, sign),
    h('span', null, phase.name),
    h('span', { class: 'hidden' }, `, ${word}`),
    h('span', { class: 'quiet small' }, countsOf(phase)),
  );
}

/** What is over needs no room: its phases are there for who asks. */
function fold(list: HTMLElement): void {
  const details = h('details', { class: 'small' }, h('summary', null, `${list.childElementCount} phases`));
  list.replaceWith(details);
  details.append(list);
}

/** State, phases with their counts, and "Cancel" while it can be cancelled. */
export function jobView(options: JobViewOptions): HTMLElement {
  const stop = new AbortController();
  options.signal.addEventListener('abort', () => stop.abort());
  const phases: Phase[] = (options.phases ?? []).map((name) => ({ name, state: 'waiting' }));
  const head = h('h2', null, options.what);
  const state = h('p', { class: 'quiet small', role: 'status' }, 'Asking the server …');
  const bar = h('progress', { max: 1, 'aria-label': `Progress of ${options.what}` });
  const list = h('ol', { class: 'phases' }, phases.map(phaseRow));
  const trouble = h('div');
  const cancel = button('Cancel', () => void cancelJob(), 'danger');
  const element = h(
    'section',
    { class: 'panel job' },
    h('div', { class: 'panel-head' }, head, cancel),
    state,
    bar,
    list,
    trouble,
  );

  const cancelJob = async (): Promise<void> => {
    cancel.disabled = true;
    try {
      await api.post(at`/jobs/${options.id}/cancel`);
      state.textContent = 'Cancelling …';
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) return; // it has just ended: the stream tells
      cancel.disabled = false;
      fill(trouble, failure('It could not be cancelled', error));
    }
  };
  const advance = (progress: Progress | null): void => {
    if (!progress) return;
    const before = phases.find((phase) => phase.state === 'now');
    let current = phases.find((phase) => phase.name === progress.phase && phase.state !== 'done');
    if (!current) phases.push((current = { name: progress.phase, state: 'waiting' }));
    if (before && before !== current) before.state = 'done';
    for (const phase of phases.slice(0, phases.indexOf(current))) if (phase.last) phase.state = 'done';
    if (current.state !== 'now') say(`${options.what}: ${current.name}`);
    Object.assign(current, { state: 'now', last: progress });
    const part = fraction(progress);
    if (part === undefined) bar.removeAttribute('value');
    else bar.value = part;
    fill(list, phases.map(phaseRow));
  };
  const tell = (job: Job): void => {
    const since = job.state === 'queued' ? job.created : job.started;
    const zone = offsetOf(since).replace(/^[+-]00:00$|^Z$/, 'UTC');
    state.textContent = `${STATES[job.state]}${since && !isOver(job) ? ` since ${localTime(since)} ${zone}` : ''} · ` +
      `job ${job.id}`;
    element.dataset['state'] = job.state;
    if (!isOver(job)) return void advance(job.progress);
    stop.abort();
    cancel.remove();
    bar.remove();
    for (const phase of phases) if (phase.state === 'now') phase.state = job.state === 'done' ? 'done' : 'stopped';
    fill(list, phases.filter((phase) => phase.last).map(phaseRow));
    if (job.state === 'done' && list.childElementCount > 0) fold(list);
    if (job.state === 'failed')
      fill(
        trouble,
        notice(
          'error',
          `${options.what} failed`,
          h('p', null, job.error ?? `The program ended with status ${job.exit_status ?? '?'} and no message.`),
        ),
      );
    say(`${options.what}: ${STATES[job.state]}`);
    options.onEnd(job);
  };
  const watch = async (): Promise<void> => {
    try {
      const job = await getJob(options.id, stop.signal);
      tell(job);
      if (isOver(job)) return;
      stream(at`/jobs/${options.id}/stream`, {
        signal: stop.signal,
        on: {
          progress: (data) => advance(data as Progress),
          state: (data) => {
            if (!stop.signal.aborted) tell(data as Job);
          },
          end: () => {
            if (!stop.signal.aborted) void getJob(options.id, options.signal).then(tell, () => undefined);
          },
        },
        state: (now) =>
          fill(
            trouble,
            now === 'lost' &&
              notice(
                'warning',
                'The server does not answer',
                h('p', null, 'The work goes on without this page. Trying again …'),
              ),
          ),
      });
    } catch (error) {
      if (stop.signal.aborted) return;
      bar.remove();
      cancel.remove();
      list.remove();
      state.textContent = '';
      fill(
        trouble,
        failure(`Job ${options.id} could not be read`, error, () => element.replaceWith(jobView(options))),
      );
    }
  };
  void watch();
  return element;
}
