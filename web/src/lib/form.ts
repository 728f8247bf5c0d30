// SPDX-License-Identifier: Apache-2.0
// Fields of a form, and the request that they make, as the program's table of what can be asked tells both.
import { FIELDS, type RequestField } from '../api/requests';
import { type Field, selectField, textField } from './field';
import { timeframeName } from './pick';

/** Where none is chosen. */
export const USUAL_STRATEGY = FIELDS.audit.strategy.usual;

type Forms = typeof FIELDS;
type Members<R extends keyof Forms> = keyof Forms[R] & string;
/** A field for every member of a request's form that is not left out. */
export type FieldsOf<R extends keyof Forms, Without extends string = never> = Record<
  Exclude<Members<R>, Without>,
  Field
>;

/** What choices mean, where their names do not tell it; and the sign of a unit. */
const CHOICES: Record<string, Record<string, string>> = {
  profile: { reference: 'reference: the original rules' },
  product: {
    any: 'any: fees by holding time',
    intraday: 'intraday: squared off',
    delivery: 'delivery: long only',
    futures: 'futures: lots',
    index: 'index: no fees',
  },
  continuous: { front: 'front: the contract that expires next', next: 'next: the one behind it' },
  stamp: { open: 'the start of its bar', close: 'the end of its bar' },
  volume: { seen: 'what it looks like', traded: 'of each bar', cumulative: 'of the day so far' },
  on_conflict: { error: 'refuse the import', skip: 'keep what is stored', replace: 'take the file’s' },
};
/** What it means that a choice is not made, where that is not for a file to show. */
const UNSAID: Record<string, string> = { continuous: 'no: the symbol itself', back_adjust: 'usual: difference' };
const UNITS: Record<string, string> = { capital: '₹' };

function fieldOf(name: string, one: RequestField, value: string, onChange: () => void): Field {
  const common = { label: one.title, name, help: one.help, required: one.required, onChange };
  if (one.choices) {
    const all = [...new Set([...one.choices, ...(one.open && value ? [value] : [])])];
    const text = (choice: string): string =>
      name === 'timeframe' ? timeframeName(choice) : (CHOICES[name]?.[choice] ?? choice);
    const unsaid = one.usual || one.required ? [] : [{ value: '', text: UNSAID[name] ?? 'as the file shows' }];
    const choices = [...unsaid, ...all.map((choice) => ({ value: choice, text: text(choice) }))];
    return selectField({ ...common, value: value || one.usual, choices });
  }
  if (one.type === 'flag')
    return selectField({
      ...common,
      value,
      choices: [
        { value: '', text: 'no' },
        { value: 'true', text: 'yes' },
      ],
    });
  const number = one.type === 'number' ? { step: 'any', min: one.minimum, unit: UNITS[name] } : {};
  const type = one.type === 'list' ? 'text' : one.type;
  return textField({ ...common, ...number, type, value, placeholder: one.usual });
}

type Own<R extends keyof Forms> = Partial<Record<Members<R>, Field | null>>;
type LeftOut<O> = { [K in keyof O]: O[K] extends null ? K : never }[keyof O] & string;
/** The fields of a form: `own` are made by the caller (or left out, null), the others as the table tells. A name that
 *  the table does not know is an error of types. */
export function fieldsOf<R extends keyof Forms, O extends Own<R>>(
  request: R,
  given: (name: string) => string,
  onChange: () => void,
  own: O & Record<Exclude<keyof O, Members<R>>, never>,
): FieldsOf<R, LeftOut<O>> {
  const fields: Record<string, Field> = {};
  for (const [name, one] of Object.entries<RequestField>(FIELDS[request])) {
    const made = (own as Record<string, Field | null>)[name];
    if (made !== null) fields[name] = made ?? fieldOf(name, one, given(name), onChange);
  }
  return fields as FieldsOf<R, LeftOut<O>>;
}

/** Those that a form has not put anywhere of its own. */
export const othersOf = (fields: Record<string, Field>, ...placed: Field[]): HTMLElement[] =>
  Object.values(fields)
    .filter((one) => !placed.includes(one))
    .map((one) => one.element);

/** What of them is sent: texts, and numbers where one is wanted; not a choice that is the usual one. */
export function valuesOfFields(
  request: keyof Forms,
  fields: Record<string, Field>,
): Record<string, string | number | boolean | string[]> {
  const values: Record<string, string | number | boolean | string[]> = {};
  for (const [name, one] of Object.entries<RequestField>(FIELDS[request])) {
    const field = fields[name];
    const text = field && !field.element.hidden ? field.get() : '';
    if (text === '' || (one.choices && text === one.usual)) continue;
    if (one.type === 'number') values[name] = Number(text);
    else if (one.type === 'list') values[name] = text.split(/[\s,]+/).filter(Boolean);
    else values[name] = one.type === 'flag' ? true : text;
  }
  return values;
}
