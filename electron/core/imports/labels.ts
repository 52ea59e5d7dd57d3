import type { FormatId } from './format.ts'

/** What a user calls each format. They stand apart from the formats, whose parsers load only where files are read. */
export const FORMAT_LABELS: Readonly<Record<FormatId, string>> = {
  'etrade-csv': 'E*TRADE transaction history (CSV)',
  'ibkr-activity-csv': 'Interactive Brokers activity statement (CSV)',
  'ibkr-flex': 'Interactive Brokers Flex report (XML)',
  ofx: 'OFX or QFX statement',
  'schwab-csv': 'Schwab transaction history (CSV)',
  'tastytrade-csv': 'tastytrade transaction history (CSV)',
  'tda-csv': 'TD Ameritrade transaction history (CSV)',
  'tda-json': 'TD Ameritrade transactions (API, JSON)',
  'thinkorswim-statement': 'thinkorswim account statement (CSV)',
}
