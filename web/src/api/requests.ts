// SPDX-License-Identifier: Apache-2.0
// Made by tools/make-docs of the program's table of what can be asked: requests, and the fields of their forms.

export interface RequestField {
  title: string;
  help: string;
  /** A list is written with commas or blanks between. */
  type: 'text' | 'number' | 'date' | 'flag' | 'list';
  required: boolean;
  /** What it may be; with `open` there are others. */
  choices?: readonly string[];
  open?: boolean;
  /** Where nothing is said. */
  usual?: string;
  minimum?: number;
}

export interface BacktestRequest {
  /** An id of /api/v1/strategies. */
  strategy: string;
  /** Values of the strategy's parameters that are not the usual ones (/api/v1/strategies). */
  parameters?: Record<string, number>;
  /** Name of a model; else the symbol's own. */
  model?: string;
  /** Initial capital, rupees. */
  capital?: number;
  /** Letters, digits, dots, underscores, hyphens; each id once. Else one is made. */
  run_id?: string;
  /** Trading symbol, "S [FO]", alias or key of a stored instrument. */
  symbol: string;
  /** Exchange, for calendar and zone. */
  exchange?: string;
  /** 1m, 15m, 1h, 4h, 1d: how long a bar is. */
  timeframe: string;
  /** Exchange-local; earlier bars are warm-up. */
  start?: string;
  /** Last date, inclusive. */
  end?: string;
  /** symbol is the root of stored futures, as NIFTY: the contract that expires next, or the one behind it. */
  continuous?: 'front' | 'next';
  /** Of a continuous future: rolled behind the day of expiry, which is usual, or by open interest. */
  roll?: 'expiry' | 'oi';
  /** Of a continuous future: how prices before a roll are joined to those behind it; usual is difference. */
  back_adjust?: 'difference' | 'ratio' | 'none';
  /** honest knows nothing of later bars; the results of reference cannot be reached by trading, since its rules
   * look ahead. */
  profile?: 'honest' | 'reference';
  /** What is traded: fees and limits follow; index is research without fees. */
  product?: 'any' | 'intraday' | 'delivery' | 'futures' | 'index';
  /** Keys of /api/v1/config/keys. Those that name files are refused. */
  set?: Record<string, string | number | boolean>;
  /** Codes of error findings to go over, as bad_price or split (docs/findings.md). */
  accept?: string[];
}

export interface TrainRequest {
  /** A name of /api/v1/learners; its parameters may stand behind a colon (rf:trees=300). */
  learner?: string;
  /** Values of the learner's parameters that are not the usual ones (/api/v1/learners). */
  parameters?: Record<string, number>;
  /** Of the model; several symbols need one. An existing model of that name is replaced. */
  name?: string;
  /** Trading symbol, "S [FO]", alias or key of a stored instrument. */
  symbol?: string;
  /** In place of symbol: one model of several instruments. */
  symbols?: string[];
  /** Exchange, for calendar and zone. */
  exchange?: string;
  /** 1m, 15m, 1h, 4h, 1d: how long a bar is. */
  timeframe: string;
  /** Exchange-local; earlier bars are warm-up. */
  start?: string;
  /** Last date, inclusive. */
  end?: string;
  /** symbol is the root of stored futures, as NIFTY: the contract that expires next, or the one behind it. */
  continuous?: 'front' | 'next';
  /** Of a continuous future: rolled behind the day of expiry, which is usual, or by open interest. */
  roll?: 'expiry' | 'oi';
  /** Of a continuous future: how prices before a roll are joined to those behind it; usual is difference. */
  back_adjust?: 'difference' | 'ratio' | 'none';
  /** honest knows nothing of later bars; the results of reference cannot be reached by trading, since its rules
   * look ahead. */
  profile?: 'honest' | 'reference';
  /** What is traded: fees and limits follow; index is research without fees. */
  product?: 'any' | 'intraday' | 'delivery' | 'futures' | 'index';
  /** Keys of /api/v1/config/keys. Those that name files are refused. */
  set?: Record<string, string | number | boolean>;
  /** Codes of error findings to go over, as bad_price or split (docs/findings.md). */
  accept?: string[];
}

export interface AuditRequest {
  /** An id of /api/v1/strategies. */
  strategy?: string;
  /** Values of the strategy's parameters that are not the usual ones (/api/v1/strategies). */
  parameters?: Record<string, number>;
  /** Name of a model; else the symbol's own, else none. */
  model?: string;
  /** Trading symbol, "S [FO]", alias or key of a stored instrument. */
  symbol: string;
  /** Exchange, for calendar and zone. */
  exchange?: string;
  /** 1m, 15m, 1h, 4h, 1d: how long a bar is. */
  timeframe: string;
  /** Exchange-local; earlier bars are warm-up. */
  start?: string;
  /** Last date, inclusive. */
  end?: string;
  /** symbol is the root of stored futures, as NIFTY: the contract that expires next, or the one behind it. */
  continuous?: 'front' | 'next';
  /** Of a continuous future: rolled behind the day of expiry, which is usual, or by open interest. */
  roll?: 'expiry' | 'oi';
  /** Of a continuous future: how prices before a roll are joined to those behind it; usual is difference. */
  back_adjust?: 'difference' | 'ratio' | 'none';
  /** honest knows nothing of later bars; the results of reference cannot be reached by trading, since its rules
   * look ahead. */
  profile?: 'honest' | 'reference';
  /** What is traded: fees and limits follow; index is research without fees. */
  product?: 'any' | 'intraday' | 'delivery' | 'futures' | 'index';
  /** Keys of /api/v1/config/keys. Those that name files are refused. */
  set?: Record<string, string | number | boolean>;
  /** Codes of error findings to go over, as bad_price or split (docs/findings.md). */
  accept?: string[];
}

export interface CheckRequest {
  /** Trading symbol, "S [FO]", alias or key of a stored instrument. */
  symbol?: string;
  /** Exchange, for calendar and zone. */
  exchange?: string;
  /** 1m, 15m, 1h, 4h, 1d: how long a bar is. */
  timeframe?: string;
  /** symbol is the root of stored futures, as NIFTY: the contract that expires next, or the one behind it. */
  continuous?: 'front' | 'next';
  /** Of a continuous future: rolled behind the day of expiry, which is usual, or by open interest. */
  roll?: 'expiry' | 'oi';
  /** Of a continuous future: how prices before a roll are joined to those behind it; usual is difference. */
  back_adjust?: 'difference' | 'ratio' | 'none';
}

export interface ImportRequest {
  /** id of an upload. */
  upload: string;
  /** Its trading hours and zone. */
  exchange?: string;
  /** Names the bars of a file that holds one series, and chooses one of several; else the file's column of symbols,
   * else its name. */
  symbol?: string;
  /** Timeframe of the bars (default: a column names it, or the steps between them show it). */
  timeframe?: string;
  /** Which end of the bar its time names. */
  stamp?: 'open' | 'close';
  /** A stored bar with other values: error (nothing is stored), skip (keeps it), replace. */
  on_conflict?: 'error' | 'skip' | 'replace';
  /** Tells how the columns are understood and stores nothing; looks at 250,000 rows, and says 'complete': false of
   * a file that goes on. */
  preview?: boolean;
  /** For times without an offset, as Asia/Kolkata or UTC; else the exchange's. */
  tz?: string;
  /** Which column is what, by name (time=Date,close=LTP) or by place (1=time,2=open,...). */
  columns?: string;
  /** The file's first line is a bar, and names no columns. */
  no_header?: boolean;
  /** How times are written, in the signs of strptime: %d/%m/%Y %H:%M. */
  date_format?: string;
  /** What wrote the file (default: seen from it). */
  source?: string;
  /** Table of a database that holds several. */
  table?: string;
  /** Sheet of a workbook that holds several. */
  sheet?: string;
  /** Volume of a bar is its own (traded), the day's so far (cumulative), or what it looks like (seen). */
  volume?: 'seen' | 'traded' | 'cumulative';
  /** Takes bars as they are read, whatever would explain them better. */
  as_is?: boolean;
  /** Takes the rows that are bars, also where over 1 % of the rows, or over ten on end, are none. */
  keep_good?: boolean;
}

export interface UndoRequest {
  /** Trading symbol, alias or key of an instrument. */
  symbol: string;
  /** Exchange of the name (default: any). */
  exchange?: string;
  /** Number of an entry of the journal; else the last one that stands. */
  entry?: number;
  /** Only bars of this timeframe (default: every one). */
  timeframe?: string;
}

export interface DeleteRequest {
  /** Trading symbol, alias or key of an instrument. */
  symbol: string;
  /** Exchange of the name (default: any). */
  exchange?: string;
  /** Only bars of this timeframe (default: every one). */
  timeframe?: string;
  /** First date to remove (default: the beginning). */
  start?: string;
  /** Last date to remove, inclusive (default: the end). */
  end?: string;
  /** Keep no copy of the bars: it cannot be undone, nor can what came before. */
  forget?: boolean;
}

export interface RenameRequest {
  /** Trading symbol, alias or key of an instrument. */
  symbol: string;
  /** Exchange of the name (default: any). */
  exchange?: string;
  /** A name that is new, or an instrument that has no bars yet. */
  name: string;
}

export interface VerifyRequest {
  /** Trading symbol, alias or key of an instrument. */
  symbol?: string;
  /** Exchange of the name (default: any). */
  exchange?: string;
}

/** Of each form, by the members of its request. */
export const FIELDS = {
  backtest: {
    strategy: {
      title: 'Strategy',
      help: 'An id of /api/v1/strategies.',
      type: 'text',
      required: true,
    },
    model: {
      title: 'Model',
      help: 'Name of a model; else the symbol\'s own.',
      type: 'text',
      required: false,
    },
    capital: {
      title: 'Capital',
      help: 'Initial capital, rupees.',
      type: 'number',
      required: false,
      usual: '100000',
      minimum: 1.0,
    },
    run_id: {
      title: 'Run id',
      help: 'Letters, digits, dots, underscores, hyphens; each id once. Else one is made.',
      type: 'text',
      required: false,
    },
    symbol: {
      title: 'Symbol',
      help: 'Trading symbol, "S [FO]", alias or key of a stored instrument.',
      type: 'text',
      required: true,
    },
    timeframe: {
      title: 'Timeframe',
      help: '1m, 15m, 1h, 4h, 1d: how long a bar is.',
      type: 'text',
      required: true,
      choices: ['1m', '2m', '3m', '5m', '10m', '15m', '30m', '1h', '2h', '4h', '1d'],
      open: true,
    },
    start: {
      title: 'From',
      help: 'Exchange-local; earlier bars are warm-up.',
      type: 'date',
      required: false,
    },
    end: {
      title: 'To, inclusive',
      help: 'Last date, inclusive.',
      type: 'date',
      required: false,
    },
    continuous: {
      title: 'Continuous future',
      help: 'symbol is the root of stored futures, as NIFTY: the contract that expires next, or the one behind it.',
      type: 'text',
      required: false,
      choices: ['front', 'next'],
    },
    back_adjust: {
      title: 'Back-adjusted by',
      help: 'Of a continuous future: how prices before a roll are joined to those behind it; usual is difference.',
      type: 'text',
      required: false,
      choices: ['difference', 'ratio', 'none'],
    },
    profile: {
      title: 'Profile',
      help:
        'honest knows nothing of later bars; the results of reference cannot be reached by trading, since its ' +
        'rules look ahead.',
      type: 'text',
      required: false,
      choices: ['honest', 'reference'],
      usual: 'honest',
    },
    product: {
      title: 'Product',
      help: 'What is traded: fees and limits follow; index is research without fees.',
      type: 'text',
      required: false,
      choices: ['any', 'intraday', 'delivery', 'futures', 'index'],
      usual: 'any',
    },
    accept: {
      title: 'Accept findings',
      help: 'Codes of error findings to go over, as bad_price or split (docs/findings.md).',
      type: 'list',
      required: false,
    },
  },
  train: {
    learner: {
      title: 'Learner',
      help: 'A name of /api/v1/learners; its parameters may stand behind a colon (rf:trees=300).',
      type: 'text',
      required: false,
      usual: 'rf',
    },
    name: {
      title: 'Name',
      help: 'Of the model; several symbols need one. An existing model of that name is replaced.',
      type: 'text',
      required: false,
    },
    symbol: {
      title: 'Symbol',
      help: 'Trading symbol, "S [FO]", alias or key of a stored instrument.',
      type: 'text',
      required: false,
    },
    symbols: {
      title: 'Symbols',
      help: 'In place of symbol: one model of several instruments.',
      type: 'list',
      required: false,
    },
    timeframe: {
      title: 'Timeframe',
      help: '1m, 15m, 1h, 4h, 1d: how long a bar is.',
      type: 'text',
      required: true,
      choices: ['1m', '2m', '3m', '5m', '10m', '15m', '30m', '1h', '2h', '4h', '1d'],
      open: true,
    },
    start: {
      title: 'From',
      help: 'Exchange-local; earlier bars are warm-up.',
      type: 'date',
      required: false,
    },
    end: {
      title: 'To, inclusive',
      help: 'Last date, inclusive.',
      type: 'date',
      required: false,
    },
    continuous: {
      title: 'Continuous future',
      help: 'symbol is the root of stored futures, as NIFTY: the contract that expires next, or the one behind it.',
      type: 'text',
      required: false,
      choices: ['front', 'next'],
    },
    back_adjust: {
      title: 'Back-adjusted by',
      help: 'Of a continuous future: how prices before a roll are joined to those behind it; usual is difference.',
      type: 'text',
      required: false,
      choices: ['difference', 'ratio', 'none'],
    },
    profile: {
      title: 'Profile',
      help:
        'honest knows nothing of later bars; the results of reference cannot be reached by trading, since its ' +
        'rules look ahead.',
      type: 'text',
      required: false,
      choices: ['honest', 'reference'],
      usual: 'honest',
    },
    product: {
      title: 'Product',
      help: 'What is traded: fees and limits follow; index is research without fees.',
      type: 'text',
      required: false,
      choices: ['any', 'intraday', 'delivery', 'futures', 'index'],
      usual: 'any',
    },
    accept: {
      title: 'Accept findings',
      help: 'Codes of error findings to go over, as bad_price or split (docs/findings.md).',
      type: 'list',
      required: false,
    },
  },
  audit: {
    strategy: {
      title: 'Strategy',
      help: 'An id of /api/v1/strategies.',
      type: 'text',
      required: false,
      usual: 'pixityAI_meta',
    },
    model: {
      title: 'Model',
      help: 'Name of a model; else the symbol\'s own, else none.',
      type: 'text',
      required: false,
    },
    symbol: {
      title: 'Symbol',
      help: 'Trading symbol, "S [FO]", alias or key of a stored instrument.',
      type: 'text',
      required: true,
    },
    timeframe: {
      title: 'Timeframe',
      help: '1m, 15m, 1h, 4h, 1d: how long a bar is.',
      type: 'text',
      required: true,
      choices: ['1m', '2m', '3m', '5m', '10m', '15m', '30m', '1h', '2h', '4h', '1d'],
      open: true,
    },
    start: {
      title: 'From',
      help: 'Exchange-local; earlier bars are warm-up.',
      type: 'date',
      required: false,
    },
    end: {
      title: 'To, inclusive',
      help: 'Last date, inclusive.',
      type: 'date',
      required: false,
    },
    continuous: {
      title: 'Continuous future',
      help: 'symbol is the root of stored futures, as NIFTY: the contract that expires next, or the one behind it.',
      type: 'text',
      required: false,
      choices: ['front', 'next'],
    },
    back_adjust: {
      title: 'Back-adjusted by',
      help: 'Of a continuous future: how prices before a roll are joined to those behind it; usual is difference.',
      type: 'text',
      required: false,
      choices: ['difference', 'ratio', 'none'],
    },
    profile: {
      title: 'Profile',
      help:
        'honest knows nothing of later bars; the results of reference cannot be reached by trading, since its ' +
        'rules look ahead.',
      type: 'text',
      required: false,
      choices: ['honest', 'reference'],
      usual: 'honest',
    },
    product: {
      title: 'Product',
      help: 'What is traded: fees and limits follow; index is research without fees.',
      type: 'text',
      required: false,
      choices: ['any', 'intraday', 'delivery', 'futures', 'index'],
      usual: 'any',
    },
    accept: {
      title: 'Accept findings',
      help: 'Codes of error findings to go over, as bad_price or split (docs/findings.md).',
      type: 'list',
      required: false,
    },
  },
  import: {
    exchange: {
      title: 'Exchange',
      help: 'Its trading hours and zone.',
      type: 'text',
      required: false,
    },
    symbol: {
      title: 'Symbol',
      help:
        'Names the bars of a file that holds one series, and chooses one of several; else the file\'s column of ' +
        'symbols, else its name.',
      type: 'text',
      required: false,
    },
    timeframe: {
      title: 'Timeframe of the bars',
      help: 'Timeframe of the bars (default: a column names it, or the steps between them show it).',
      type: 'text',
      required: false,
      choices: ['1m', '2m', '3m', '5m', '10m', '15m', '30m', '1h', '2h', '4h', '1d'],
      open: true,
    },
    stamp: {
      title: 'A time names',
      help: 'Which end of the bar its time names.',
      type: 'text',
      required: false,
      choices: ['open', 'close'],
      usual: 'open',
    },
    on_conflict: {
      title: 'Stored bars with other values',
      help: 'A stored bar with other values: error (nothing is stored), skip (keeps it), replace.',
      type: 'text',
      required: false,
      choices: ['error', 'skip', 'replace'],
      usual: 'error',
    },
    tz: {
      title: 'Zone of the times',
      help: 'For times without an offset, as Asia/Kolkata or UTC; else the exchange\'s.',
      type: 'text',
      required: false,
    },
    columns: {
      title: 'Columns',
      help: 'Which column is what, by name (time=Date,close=LTP) or by place (1=time,2=open,...).',
      type: 'text',
      required: false,
    },
    no_header: {
      title: 'No line of names',
      help: 'The file\'s first line is a bar, and names no columns.',
      type: 'flag',
      required: false,
    },
    date_format: {
      title: 'Dates are written',
      help: 'How times are written, in the signs of strptime: %d/%m/%Y %H:%M.',
      type: 'text',
      required: false,
    },
    source: {
      title: 'Written by',
      help: 'What wrote the file (default: seen from it).',
      type: 'text',
      required: false,
    },
    table: {
      title: 'Table',
      help: 'Table of a database that holds several.',
      type: 'text',
      required: false,
    },
    sheet: {
      title: 'Sheet',
      help: 'Sheet of a workbook that holds several.',
      type: 'text',
      required: false,
    },
    volume: {
      title: 'Volume is',
      help: 'Volume of a bar is its own (traded), the day\'s so far (cumulative), or what it looks like (seen).',
      type: 'text',
      required: false,
      choices: ['seen', 'traded', 'cumulative'],
      usual: 'seen',
    },
    as_is: {
      title: 'As they are read',
      help: 'Takes bars as they are read, whatever would explain them better.',
      type: 'flag',
      required: false,
    },
    keep_good: {
      title: 'Keep the good rows',
      help: 'Takes the rows that are bars, also where over 1 % of the rows, or over ten on end, are none.',
      type: 'flag',
      required: false,
    },
  },
  delete: {
    timeframe: {
      title: 'Timeframe',
      help: 'Only bars of this timeframe (default: every one).',
      type: 'text',
      required: false,
      choices: ['1m', '2m', '3m', '5m', '10m', '15m', '30m', '1h', '2h', '4h', '1d'],
      open: true,
    },
    start: {
      title: 'From',
      help: 'First date to remove (default: the beginning).',
      type: 'date',
      required: false,
    },
    end: {
      title: 'To, inclusive',
      help: 'Last date to remove, inclusive (default: the end).',
      type: 'date',
      required: false,
    },
    forget: {
      title: 'Keep no copy',
      help: 'Keep no copy of the bars: it cannot be undone, nor can what came before.',
      type: 'flag',
      required: false,
    },
  },
  rename: {
    name: {
      title: 'New name',
      help: 'A name that is new, or an instrument that has no bars yet.',
      type: 'text',
      required: true,
    },
  },
} as const satisfies Record<string, Record<string, RequestField>>;
