// SPDX-License-Identifier: Apache-2.0
// Elements from code. Text always becomes a text node: nothing that came from data is ever read as HTML. The page's
// policy allows no style attribute; `css` goes through the object model, which it allows.

export type Child = Node | string | number | null | undefined | false | readonly Child[];

type Handlers = { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };

export interface Props {
  class?: string | undefined;
  on?: Handlers;
  css?: Record<string, string>;
  /** Any other attribute: true = present, false and undefined = absent. */
  [attribute: string]: string | number | boolean | undefined | Handlers | Record<string, string>;
}

/** h('a', {href: '#/runs', class: 'quiet'}, 'Runs') */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props?: Props | null,
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  applyProps(element, props);
  append(element, children);
  return element;
}

/** The same for SVG; its attributes keep their case (viewBox). */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  props?: Props | null,
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  applyProps(element, props);
  append(element, children);
  return element;
}

function applyProps(element: HTMLElement | SVGElement, props?: Props | null): void {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === false) continue;
    if (name === 'on') {
      for (const [type, handler] of Object.entries(value as Handlers)) {
        element.addEventListener(type, handler as EventListener);
      }
    } else if (name === 'css') {
      for (const [property, text] of Object.entries(value as Record<string, string>)) {
        element.style.setProperty(property, text);
      }
    } else if (name === 'style' || name.startsWith('on')) {
      throw new Error(`h(): ${name} is not allowed by the page's policy; use css or on`);
    } else {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
}

export function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(parent, child as readonly Child[]);
    else parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Empties `parent` and fills it anew. */
export function fill(parent: Element, ...children: Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

let lastId = 0;
/** An id that no other element of this document has: for labels and descriptions. */
export function newId(prefix = 'i'): string {
  lastId += 1;
  return `${prefix}-${lastId}`;
}
