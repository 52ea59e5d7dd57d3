/** The page that the licence of the charts wants named and linked where they are shown. */
export const CHARTS_PAGE = 'https://www.tradingview.com/'
