// SPDX-License-Identifier: Apache-2.0
// What a reader sees: notices, states without content, questions, and what a screen reader says.
import { ApiError } from './api';
import { type Child, h, newId } from './dom';

export type NoticeKind = 'info' | 'warning' | 'error' | 'good';
const KIND_WORDS: Record<NoticeKind, string> = { info: 'Note', warning: 'Warning', error: 'Error', good: 'Done' };

export function notice(kind: NoticeKind, title: string, ...content: Child[]): HTMLElement {
  return h(
    'div',
    { class: `notice ${kind}`, role: kind === 'error' ? 'alert' : 'note' },
    h('strong', null, h('span', { class: 'hidden' }, `${KIND_WORDS[kind]}: `), title),
    h('div', null, content),
  );
}

/** Nothing here, and what to do next (links or buttons). */
export function empty(title: string, text: Child, ...actions: Child[]): HTMLElement {
  return h(
    'div',
    { class: 'state' },
    h('p', { class: 'state-title' }, title),
    h('p', null, text),
    actions.length > 0 && h('p', { class: 'actions' }, actions),
  );
}

export function loading(what = 'Loading'): HTMLElement {
  return h(
    'div',
    { class: 'state loading', role: 'status' },
    h('span', { class: 'spinner', 'aria-hidden': 'true' }),
    `${what} …`,
  );
}

export const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** An error with what to do; `retry` adds a button. */
export function failure(title: string, error: unknown, retry?: () => void): HTMLElement {
  const wait =
    error instanceof ApiError && error.retryAfter !== undefined ? ` Try again in ${error.retryAfter} s.` : '';
  return notice(
    'error',
    title,
    h('p', null, messageOf(error) + wait),
    retry && h('p', { class: 'actions' }, button('Try again', retry)),
  );
}

export function button(
  text: Child,
  onClick: (event: MouseEvent) => void,
  kind: '' | 'primary' | 'danger' | 'quiet' = '',
): HTMLButtonElement {
  return h('button', { type: 'button', class: kind || undefined, on: { click: onClick } }, text);
}

/** Fills `element` with what `work` gives; shows loading before and the failure with "Try again" otherwise. */
export async function fillWith(element: HTMLElement, what: string, work: () => Promise<Child>): Promise<void> {
  element.replaceChildren(loading(what));
  element.setAttribute('aria-busy', 'true');
  try {
    const content = await work();
    element.replaceChildren();
    element.append(...flat(content));
  } catch (error) {
    if (isAbort(error)) return;
    element.replaceChildren(failure(`${what} did not work`, error, () => void fillWith(element, what, work)));
  } finally {
    element.removeAttribute('aria-busy');
  }
}

function flat(content: Child): (Node | string)[] {
  if (content === null || content === undefined || content === false) return [];
  if (Array.isArray(content)) return (content as readonly Child[]).flatMap(flat);
  return [content instanceof Node ? content : String(content)];
}

let voice: HTMLElement | undefined;
/** A screen reader says it; nothing is shown. */
export function say(text: string): void {
  if (!voice) {
    voice = h('div', { class: 'hidden', 'aria-live': 'polite', role: 'status' });
    document.body.append(voice);
  }
  voice.textContent = text;
}

/** A short message at the lower edge, said as well. */
export function toast(text: string): void {
  const element = h('div', { class: 'toast' }, text);
  document.body.append(element);
  say(text);
  setTimeout(() => element.remove(), 4000);
}

/** Asks before something that cannot be undone. Escape and "Keep" give false; focus goes back. */
export function confirm(question: { title: string; text: Child; action: string }): Promise<boolean> {
  const title = newId('question');
  const keep = h('button', { type: 'submit', value: 'keep' }, 'Cancel');
  const dialog = h(
    'dialog',
    { 'aria-labelledby': title },
    h(
      'form',
      { method: 'dialog' },
      h('h2', { id: title }, question.title),
      h('div', null, question.text),
      h(
        'p',
        { class: 'actions' },
        keep,
        h('button', { type: 'submit', value: 'go', class: 'danger' }, question.action),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  keep.focus();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'go');
    });
  });
}
