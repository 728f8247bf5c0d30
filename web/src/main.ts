// SPDX-License-Identifier: Apache-2.0
// The page: a table of views and the frame around them.
//   lib/      dom (elements), api (requests), columns (PXC1), stream (events), router (addresses), format (numbers and
//             times), settings (digits, theme), notice (messages, states, questions), field (inputs), table (lists)
//   charts/   candles, equity, bars (histograms), calendar
//   views/    one file a view; a view's module exports show(place)
import './style.css';
import './work.css';
import { startFrame } from './frame';
import type { View } from './lib/router';

const views: readonly View[] = [
  { name: 'backtest', path: '/', title: 'Backtest', menu: true, load: () => import('./views/backtest') },
  { name: 'runs', path: '/runs', title: 'Runs', menu: true, load: () => import('./views/runs') },
  { name: 'compare', path: '/compare', title: 'Compare runs', menu: false, load: () => import('./views/compare') },
  { name: 'run', path: '/runs/{}', title: 'Run', menu: false, load: () => import('./views/run') },
  { name: 'train', path: '/train', title: 'Train', menu: true, load: () => import('./views/train') },
  { name: 'model', path: '/models/{}', title: 'Model', menu: false, load: () => import('./views/model') },
  { name: 'audit', path: '/audit', title: 'Audit', menu: true, load: () => import('./views/audit') },
  { name: 'data', path: '/data', title: 'Data', menu: true, load: () => import('./views/data') },
  { name: 'accounts', path: '/accounts', title: 'Accounts', menu: true, load: () => import('./views/accounts') },
  { name: 'account', path: '/accounts/{}', title: 'Account', menu: false, load: () => import('./views/account') },
];

startFrame(views);
