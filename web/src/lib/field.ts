// SPDX-License-Identifier: Apache-2.0
// Labelled inputs with help, unit and error: one look and one way to read and mark them.
import { type Child, fill, h, newId } from './dom';
import { isAbort, messageOf } from './notice';

export interface Field<T = string> {
  /** Label, input, help and error in one block. */
  element: HTMLElement;
  input: HTMLElement;
  get(): T;
  set(value: T): void;
  /** Marks the input and says why; null takes it back. */
  error(text: string | null): void;
  /** Replaces the help under the input. */
  help(...content: Child[]): void;
}

export interface FieldOptions {
  label: string;
  name?: string;
  value?: string;
  help?: Child;
  /** Shown behind the input: "₹", "bars". */
  unit?: string;
  required?: boolean;
  onChange?: (value: string) => void;
}

/** The block around an input of any kind. */
function frame<T>(
  options: FieldOptions,
  input: HTMLElement,
  get: () => T,
  set: (value: T) => void,
  parts: Child[] = [],
): Field<T> {
  const id = (input.id ||= newId('field'));
  const help = h('div', { class: 'field-help', id: `${id}-help` }, options.help);
  const error = h('div', { class: 'field-error', id: `${id}-error`, 'aria-live': 'polite' });
  input.setAttribute('aria-describedby', `${help.id} ${error.id}`);
  if (options.required) input.setAttribute('aria-required', 'true');
  return {
    element: h(
      'div',
      { class: 'field' },
      h('label', { for: id }, options.label),
      h('div', { class: 'field-input' }, input, options.unit && h('span', { class: 'unit' }, options.unit), parts),
      help,
      error,
    ),
    input,
    get,
    set,
    error(text) {
      error.textContent = text ?? '';
      if (text) input.setAttribute('aria-invalid', 'true');
      else input.removeAttribute('aria-invalid');
    },
    help: (...content) => fill(help, content),
  };
}

export interface TextOptions extends FieldOptions {
  type?: 'text' | 'number' | 'date' | 'password' | 'search';
  placeholder?: string;
  min?: string | number;
  max?: string | number;
  step?: string | number;
}
export function textField(options: TextOptions): Field {
  const input = h('input', {
    type: options.type ?? 'text',
    name: options.name,
    value: options.value,
    placeholder: options.placeholder,
    min: options.min,
    max: options.max,
    step: options.step,
    autocomplete: 'off',
    spellcheck: 'false',
    on: { change: () => options.onChange?.(input.value) },
  });
  return frame(
    options,
    input,
    () => input.value.trim(),
    (value) => {
      input.value = value;
    },
  );
}

export interface Choice {
  value: string;
  text: string;
}
export function selectField(
  options: FieldOptions & { choices: readonly Choice[] },
): Field & { choices(list: readonly Choice[], value?: string): void } {
  const select = h('select', { name: options.name, on: { change: () => options.onChange?.(select.value) } });
  const choices = (list: readonly Choice[], value = select.value): void => {
    fill(
      select,
      list.map((one) => h('option', { value: one.value }, one.text)),
    );
    select.value = list.some((one) => one.value === value) ? value : (list[0]?.value ?? '');
  };
  choices(options.choices, options.value);
  return {
    ...frame(
      options,
      select,
      () => select.value,
      (value) => {
        select.value = value;
      },
    ),
    choices,
  };
}

/** A suggestion of a combobox. */
export interface Suggestion {
  value: string;
  text: string;
  /** Second line, quieter. */
  detail?: string;
}
export interface ComboOptions extends FieldOptions {
  placeholder?: string;
  search: (text: string, signal: AbortSignal) => Promise<readonly Suggestion[]>;
  /** Chosen from the list; `onChange` also tells what was typed. */
  onPick?: (suggestion: Suggestion) => void;
  /** Said where nothing was found. */
  nothing?: string;
}

/** Input with a searched list (ARIA combobox): arrows, Enter, Escape; free text stays possible. */
export function combobox(options: ComboOptions): Field {
  const list = h('ul', {
    class: 'combo-list',
    role: 'listbox',
    id: newId('list'),
    'aria-label': options.label,
    hidden: true,
  });
  const input = h('input', {
    type: 'text',
    name: options.name,
    value: options.value,
    placeholder: options.placeholder,
    role: 'combobox',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-expanded': 'false',
    'aria-controls': list.id,
    'aria-autocomplete': 'list',
  });
  const field = frame(
    options,
    input,
    () => input.value.trim(),
    (value) => {
      input.value = value;
    },
    [list],
  );
  drive(input, list, options, field);
  return field;
}

function drive(input: HTMLInputElement, list: HTMLElement, options: ComboOptions, field: Field): void {
  let found: readonly Suggestion[] = [];
  let active = -1;
  let asking = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const close = (): void => {
    clearTimeout(timer);
    asking.abort();
    list.hidden = true;
    active = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const pick = (suggestion: Suggestion): void => {
    input.value = suggestion.value;
    close();
    field.error(null);
    options.onPick?.(suggestion);
    options.onChange?.(suggestion.value);
  };
  const mark = (index: number): void => {
    active = index;
    for (const [i, item] of [...list.children].entries()) {
      item.setAttribute('aria-selected', String(i === index));
      if (i !== index) continue;
      item.scrollIntoView({ block: 'nearest' });
      input.setAttribute('aria-activedescendant', item.id);
    }
  };
  const show = (): void => {
    fill(
      list,
      found.map((one) =>
        h(
          'li',
          {
            role: 'option',
            id: newId('option'),
            'aria-selected': 'false',
            on: {
              mousedown: (event) => {
                event.preventDefault();
                pick(one);
              },
            },
          },
          h('span', null, one.text),
          one.detail && h('small', null, one.detail),
        ),
      ),
    );
    if (found.length === 0)
      fill(
        list,
        h(
          'li',
          { class: 'quiet', role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' },
          options.nothing ?? 'Nothing found',
        ),
      );
    list.hidden = false;
    active = -1;
    input.setAttribute('aria-expanded', 'true');
  };
  const ask = async (text: string): Promise<void> => {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      found = await options.search(text, signal);
      if (!signal.aborted && document.activeElement === input) show();
    } catch (error) {
      if (!isAbort(error) && !signal.aborted) field.error(messageOf(error));
    }
  };
  const move = (step: number): void => {
    if (list.hidden) void ask(input.value);
    else if (found.length > 0) mark((active + step + found.length) % found.length);
  };
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(input.value), 120);
  });
  input.addEventListener('focus', () => input.select());
  input.addEventListener('click', () => {
    if (list.hidden) void ask('');
  });
  input.addEventListener('blur', close);
  input.addEventListener('change', () => options.onChange?.(input.value.trim()));
  input.addEventListener('keydown', (event) => {
    const chosen = found[active];
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Enter' && !list.hidden && chosen) pick(chosen);
    else if (event.key === 'Escape' && !list.hidden) close();
    else return;
    event.preventDefault();
  });
}
