// SPDX-License-Identifier: Apache-2.0
// A word that explains itself on hover, focus and tap. One bubble serves the document.
import { type Child, fill, h, newId } from './dom';

let bubble: HTMLElement | undefined;
let owner: HTMLElement | undefined;

function hide(): void {
  if (bubble) bubble.hidden = true;
  owner?.removeAttribute('aria-describedby');
  owner = undefined;
}

function getBubble(): HTMLElement {
  if (!bubble) {
    bubble = h('div', { class: 'bubble', role: 'tooltip', id: newId('bubble'), hidden: true });
    document.body.append(bubble);
    addEventListener('keydown', (event) => {
      if (event.key === 'Escape') hide();
    });
    addEventListener('scroll', hide, { passive: true, capture: true });
    addEventListener('hashchange', hide);
  }
  return bubble;
}

function show(element: HTMLElement, content: readonly Child[]): void {
  const box = getBubble();
  fill(box, content);
  box.hidden = false;
  owner = element;
  element.setAttribute('aria-describedby', box.id);
  const at = element.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const below = at.bottom + height + 12 < innerHeight;
  box.style.left = `${Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8))}px`;
  box.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - height - 6)}px`;
}

/** explain('Sharpe', h('p', null, formula)) */
export function explain(word: Child, ...content: Child[]): HTMLElement {
  const element = h(
    'button',
    {
      type: 'button',
      class: 'explain',
      on: {
        mouseenter: () => show(element, content),
        mouseleave: () => {
          if (document.activeElement !== element) hide();
        },
        focus: () => show(element, content),
        blur: hide,
        click: () => show(element, content),
      },
    },
    word,
  );
  return element;
}
