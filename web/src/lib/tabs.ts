// SPDX-License-Identifier: Apache-2.0
// Tabs as ARIA describes them: arrows move, the tab stands in the address, a panel is made when it is first shown.
import { h, newId } from './dom';
import type { Place } from './router';

export interface Tab {
  name: string;
  title: string;
  /** Called once, when the tab is first shown. */
  make: () => Node;
}

/** `parameter`: the address's name for the tab. */
export function tabs(list: readonly Tab[], label: string, place: Place, parameter = 'tab'): HTMLElement {
  const id = newId('tabs');
  const panels = list.map((tab) =>
    h('div', { role: 'tabpanel', id: `${id}-${tab.name}`, 'aria-labelledby': `${id}-tab-${tab.name}`, hidden: true }),
  );
  const made = new Set<string>();
  const buttons = list.map((tab, i) =>
    h(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `${id}-tab-${tab.name}`,
        'aria-controls': `${id}-${tab.name}`,
        on: { click: () => show(i, true), keydown: (event) => move(event, i) },
      },
      tab.title,
    ),
  );
  const show = (index: number, tell: boolean): void => {
    for (const [i, tab] of list.entries()) {
      const on = i === index;
      buttons[i]?.setAttribute('aria-selected', String(on));
      buttons[i]?.setAttribute('tabindex', on ? '0' : '-1');
      const panel = panels[i] as HTMLElement;
      panel.hidden = !on;
      if (on && !made.has(tab.name)) {
        made.add(tab.name);
        panel.append(tab.make());
      }
    }
    if (tell) place.setQuery({ [parameter]: index === 0 ? null : (list[index]?.name ?? null) });
  };
  const move = (event: KeyboardEvent, at: number): void => {
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: list.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const index = (next + list.length) % list.length;
    show(index, true);
    buttons[index]?.focus();
  };
  const wanted = list.findIndex((tab) => tab.name === place.route.query.get(parameter));
  show(Math.max(0, wanted), false);
  return h('div', { class: 'tabs' }, h('div', { role: 'tablist', 'aria-label': label }, buttons), panels);
}
