// SPDX-License-Identifier: Apache-2.0
// A model's card: what it was trained on, by which rules, and what it is worth on events that it had not seen.
import { api, at } from '../lib/api';
import { type Child, h } from '../lib/dom';
import { bytes, count, localDate, localTime, plain, UNDEFINED } from '../lib/format';
import { button } from '../lib/notice';
import { go, type Place } from '../lib/router';
import { facts, panel, rowsTable } from '../lib/rows';
import { learnerText, modelLinks } from '../train/report';
import { scorePanels } from '../train/scores';
import { type Card, INPUTS } from '../train/types';
import { removeModel } from './train';

const text = (value: unknown): string =>
  value === null || value === undefined ? 'none' : typeof value === 'number' ? plain(value) : String(value);

/** What an input is: in words where the page has some, else by the columns that it is made of. */
function inputLine(input: Card['inputs'][number]): HTMLElement {
  const { name, columns } = typeof input === 'string' ? { name: input, columns: [] } : input;
  return h('div', null, name, h('span', { class: 'quiet' }, ` ${INPUTS[name] ?? columns.join(', ')}`));
}

function whatPanel(card: Card): HTMLElement {
  const symbols = card.instruments ?? [];
  const window = card.training_window;
  return panel(
    'What it was trained on',
    null,
    facts([
      ['Instruments', symbols.length ? symbols.map((one) => one.symbol).join(', ') : UNDEFINED],
      ['Bars', `${card.timeframe}${card.data ? `: ${count(card.data.bars)}` : ''}`],
      [
        'Training window',
        window
          ? `${localTime(window.first_bar)} to ${localTime(window.last_bar)}: trades inside it are in sample`
          : 'not known',
      ],
      ['Events', card.events ? `${count(card.events.found)} found, ${count(card.events.used)} fitted on` : UNDEFINED],
      ['Learner', `${text(card.learner['name'])} ${learnerText(card.learner)}`],
      ['Profile', card.profile],
      ['Inputs', card.inputs.map(inputLine)],
      ['Source', card.data?.source ?? UNDEFINED],
    ]),
  );
}

function identityPanel(card: Card): HTMLElement {
  const code = (value: string | undefined): Child => (value ? h('code', null, value) : UNDEFINED);
  return panel(
    'Identity',
    null,
    facts([
      ['Model file', card.model_file ? `${card.model_file.name}, ${bytes(card.model_file.bytes)}` : UNDEFINED],
      ['Its SHA-256', code(card.model_file?.sha256)],
      ['Card SHA-256', code(card.card_sha256)],
      ['Data fingerprint', code(card.data?.fingerprint)],
      ['Feature definition', code(card.feature_definition)],
      [
        'Made with',
        Object.entries(card.versions)
          .map(([name, value]) => `${name} ${value}`)
          .join(', '),
      ],
    ]),
  );
}

function instrumentsPanel(card: Card): Child {
  if (!card.instruments || card.instruments.length < 2) return null;
  return panel(
    'Instruments',
    null,
    rowsTable(
      'Instruments of the model',
      [{ title: 'Symbol' }, { title: 'Key' }, { title: 'Window' }, { title: 'Events used', num: true }],
      card.instruments.map((one) => ({
        cells: [
          one.symbol,
          one.key,
          `${localDate(one.training_window.first_bar)} to ${localDate(one.training_window.last_bar)}`,
          count(one.events.used),
        ],
      })),
    ),
  );
}

export async function show(place: Place): Promise<void> {
  const name = place.route.parts[0] ?? '';
  place.setTitle(`Model ${name}`);
  const card = await api.get<Card>(at`/models/${name}`, {}, place.signal);
  place.element.append(
    h('p', { class: 'small' }, h('a', { href: '#/train' }, 'Models')),
    h(
      'div',
      { class: 'panel-head' },
      h('h1', null, `Model ${name}`),
      button('Delete', () => void removeModel(name, () => go('#/train')), 'danger'),
    ),
    modelLinks(name, card.instruments?.[0]?.symbol, card.timeframe, card.training_window?.last_bar, false),
    h(
      'div',
      { class: 'grid' },
      whatPanel(card),
      panel(
        'Rules',
        'a run with other ones refuses the model',
        facts(Object.entries(card.rules).map(([key, value]) => [key, text(value)])),
      ),
    ),
    card.out_of_fold
      ? scorePanels(card.out_of_fold, `out of fold: ${count(card.out_of_fold.events)} events not seen in training`)
      : panel(
          'Scores',
          null,
          h('p', null, 'The card holds none: the model was brought in, or its folds had nothing to test.'),
        ),
    ...[instrumentsPanel(card)].filter((one): one is HTMLElement => one instanceof HTMLElement),
    identityPanel(card),
  );
}
