// SPDX-License-Identifier: Apache-2.0
// Fields of the parameters that the chosen strategy or learner leaves to its user; what is sent is what differs.
import { ApiError } from './api';
import { fill, h } from './dom';
import { type Field, textField } from './field';
import { plain } from './format';
import type { Values } from './values';

export interface Parameter {
  name: string;
  /** A shorter name that requests and addresses may have. */
  alias: string | null;
  title: string;
  /** '' = a plain number. */
  unit: string;
  help: string;
  minimum: number;
  maximum: number;
  step: number;
  usual: number;
}
/** A strategy or a learner. */
export interface Parametric {
  parameters: readonly Parameter[];
}

export interface ParametersField {
  element: HTMLElement;
  /** Shows those of another owner; a value that was typed under a name stays with the name. */
  show(owner: Parametric | undefined): void;
  /** The values that are not the usual ones; undefined where all are. */
  get(): Values | undefined;
  /** Takes marks back. */
  clear(): void;
  /** Marks the field that a refusal names ("parameters: stop_atrs of strategy …"); false where it names none. */
  explain(error: unknown): boolean;
}

export function parametersField(values: Readonly<Record<string, string>>, onChange: () => void): ParametersField {
  const typed: Record<string, string> = { ...values };
  const summary = h('summary', null);
  const body = h('div', { class: 'fields' });
  const element = h('details', { class: 'settings-more', open: true }, summary, body);
  let shown: readonly Parameter[] = [];
  let fields: Record<string, Field> = {};
  const get = (): Values | undefined => {
    const different = shown.flatMap((one) => {
      const text = fields[one.name]?.get() ?? '';
      return text === '' || Number(text) === one.usual ? [] : [[one.name, Number(text)] as const];
    });
    return different.length > 0 ? Object.fromEntries(different) : undefined;
  };
  const tell = (): void => {
    const n = Object.keys(get() ?? {}).length;
    summary.textContent = n ? `Parameters (${n} changed)` : 'Parameters';
  };
  const changed = (name: string, value: string): void => {
    typed[name] = value.trim();
    fields[name]?.error(null);
    tell();
    onChange();
  };
  return {
    element,
    get,
    show(owner) {
      const parameters = owner?.parameters ?? [];
      if (parameters === shown) return;
      shown = parameters;
      const textOf = (one: Parameter): string => typed[one.name] ?? typed[one.alias ?? ''] ?? '';
      const fieldOf = (one: Parameter): Field => parameterField(one, textOf(one), changed);
      fields = Object.fromEntries(parameters.map((one) => [one.name, fieldOf(one)]));
      element.hidden = parameters.length === 0;
      fill(
        body,
        Object.values(fields).map((field) => field.element),
      );
      tell();
    },
    clear() {
      for (const field of Object.values(fields)) field.error(null);
    },
    explain(error) {
      const message = error instanceof ApiError ? error.message : '';
      const [, text = '', name = ''] = /^parameters: ((\w+).*)$/s.exec(message) ?? [];
      if (fields[name]) element.open = true;
      fields[name]?.error(text);
      fields[name]?.input.focus();
      return fields[name] !== undefined;
    },
  };
}

function parameterField(one: Parameter, value: string, changed: (name: string, value: string) => void): Field {
  // A browser counts steps from the minimum: it is left out where round numbers would not be met.
  const aligned = Math.abs(one.minimum / one.step - Math.round(one.minimum / one.step)) < 1e-9;
  return textField({
    label: one.title,
    name: one.name,
    type: 'number',
    value,
    step: one.step,
    max: one.maximum,
    ...(aligned ? { min: one.minimum } : {}),
    ...(one.unit ? { unit: one.unit } : {}),
    placeholder: `${plain(one.minimum)} to ${plain(one.maximum)}`,
    help: [h('code', null, one.name), `: ${one.help}. Usually ${plain(one.usual)}.`],
    onChange: (text) => changed(one.name, text),
  });
}
