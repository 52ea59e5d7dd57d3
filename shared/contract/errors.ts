import { cleanWords } from './broker-words.ts'

/**
 * Every failure the app can name: the sentence a trader reads and the way out. Code throws codes; only this table has prose.
 * `{name}` parts are filled from the error's details, which never hold secrets, account numbers or broker payloads.
 */
export const ERRORS = {
  'app/invalid-request': { message: 'Keelson could not understand this request. Nothing was changed.', action: 'Try again; if it happens again, copy the details.' },
  'app/unknown-route': { message: 'This asks for something the running Keelson does not have: the two are of different versions.', action: 'Restart Keelson so that both match.' },
  'app/internal': { message: 'Something went wrong inside Keelson. Your data is unchanged.', action: 'Try again; if it happens again, copy the details.' },
  'app/canceled': { message: 'Canceled. Nothing was changed.', action: 'Start again when you are ready.' },
  'app/not-found': { message: 'This entry no longer exists.', action: 'Look at the list again: it may have been removed meanwhile.' },
  'app/unknown-name': { message: 'No {what} is called {name}.', action: '{known}.' },
  'app/ambiguous-name': { message: '{count} {what}s answer to {name}.', action: 'Name one by its id: {known}.' },
  'app/name-too-long': { message: 'This name is too long: {most} characters at most.', action: 'Choose a shorter one. Nothing was changed.' },
  'app/name-taken': { message: 'Another connection is called {name} already.', action: 'Choose another name, or rename that one first. Nothing was changed.' },
  'ledger/opening-lot-invalid': { message: 'This lot cannot be taken: {reason}. Nothing was changed.', action: 'Correct it and try again.' },
  'ledger/picks-invalid': { message: 'These lots cannot be picked: {reason}. Nothing was changed.', action: 'Pick lots that were open then, and no more than was closed.' },
  'ledger/override-invalid': { message: 'This cannot be said of that row: {reason}. Nothing was changed.', action: 'Correct it and try again.' },
  'journal/changed': { message: 'This entry was changed in another window meanwhile. Yours is not saved.', action: 'Copy your text, look at the newer one, then save again.' },
  'journal/picture-unusable': { message: 'This picture cannot be kept: {reason}. Nothing was changed.', action: 'Paste a PNG, JPEG or WebP of 5 MB at most.' },
  'watchlist/unknown-symbol': { message: '{symbol} cannot be watched: {reason}.', action: 'Check the symbol.' },
  'app/busy': { message: 'Another Keelson ({owner}) is using this data folder.', action: 'Use that one, let it finish, or stop it first.' },
  'app/locked': { message: 'Keelson is locked. Syncing goes on; nothing is shown until it is unlocked.', action: 'Unlock it with its passphrase, in its window or with keelson unlock.' },
  'app/disconnected': { message: 'The link to Keelson was lost. Your data is safe; whether the last action arrived is not known.', action: 'Windows reconnect by themselves; look what came of it, then try again.' },
  'app/edition-unusable': { message: 'The edition file {file} cannot be used: {problem}. Keelson does not start without it.', action: 'Install Keelson again, or ask whoever gave it to you for the right file.' },
  'app/folder-unusable': { message: 'Keelson cannot use its data folder: {reason}.', action: 'Choose a folder of your own with --data-dir or KEELSON_DATA_DIR.' },
  'app/disk-failed': { message: 'The disk did not take what Keelson wrote, or did not give it back. Nothing was half-saved.', action: 'Look at the disk and its cable or network, then try again; a backup is in the data folder.' },
  'app/disk-full': { message: 'The disk is full, so Keelson could not save. Nothing was half-saved.', action: 'Free some space, then try again.' },
  'app/file-exists': { message: '{file} is there already. Nothing was written.', action: 'Choose another name.' },
  'app/file-unwritable': { message: '{file} cannot be written: {reason}.', action: 'Choose another place.' },
  'app/data-newer': { message: 'This data folder was written by a newer Keelson. It was left untouched.', action: 'Install the newer version, or choose another data folder.' },
  'app/data-damaged': { message: 'The data file is damaged. It was left untouched.', action: 'Restore the newest file from the backups folder.' },
  'desktop/not-here': { message: 'This belongs to the Keelson app on the desktop. In a browser there is nothing to change.', action: 'Open the Keelson app on this computer.' },
  'desktop/shortcut-taken': { message: 'The keys {keys} cannot be used: another program has them, or the system keeps them. Nothing was changed.', action: 'Choose others.' },
  'desktop/login-refused': { message: 'The system did not let Keelson start by itself at sign-in: {reason}. Nothing was changed.', action: 'Allow it in the settings of the system, under login items or startup apps.' },
  'desktop/save-failed': { message: 'The file could not be saved: {reason}.', action: 'Choose another place, then save again.' },
  'desktop/file-too-large': { message: 'The file would be larger than 64 MB, which is more than the app saves at once. Nothing was saved.', action: 'Narrow it by dates or accounts, and save it in parts.' },
  'desktop/read-failed': { message: '{file} cannot be read: {reason}. Nothing was imported.', action: 'Check the file, then choose it again.' },
  'desktop/no-update': { message: 'No newer version is ready to be installed.', action: 'Look for updates first.' },
  'update/not-packaged': { message: 'This Keelson runs from its source, so it does not update itself.', action: 'Update the source, or install a release.' },
  'update/no-key': { message: 'This Keelson was built without a key to check updates by, so it does not update itself.', action: 'Install new versions by hand.' },
  'update/no-feed': { message: 'This Keelson was built without an address for updates, so it does not update itself.', action: 'Install new versions by hand.' },
  'update/no-publisher': { message: 'This Keelson does not name who signs its installers, so it does not update itself.', action: 'Install new versions by hand.' },
  'update/package-manager': { message: 'Your package manager brings updates of Keelson.', action: 'Update it as you update the system.' },
  'update/portable': { message: 'The portable Keelson does not update itself.', action: 'Download the new version from where you got this one, and put it in its place.' },
  'update/by-hand': { message: 'This copy of Keelson was not installed in a way that lets it update itself.', action: 'Install new versions by hand.' },
  'update/safe-mode': { message: 'Keelson looks for no updates in safe mode.', action: 'Start as usual, then look again.' },
  'update/unreachable': { message: 'Keelson could not ask {host} for updates. The version you have goes on.', action: 'Check the network; Keelson tries again by itself.' },
  'update/cut-off': { message: 'The download of the update broke off. The version you have goes on.', action: 'Look again for updates; Keelson also tries again by itself.' },
  'update/not-secure': { message: 'The address for updates leads to a place without encryption, so Keelson did not go there. The version you have goes on.', action: 'Download the new version from where you got this one.' },
  'update/unsigned': { message: 'What the feed offers as an update carries no signature. Nothing was downloaded.', action: 'Keelson looks again by itself; if it stays, tell whoever gave you Keelson.' },
  'update/wrong-signature': { message: 'What the feed offers as an update was not signed by the makers of this Keelson. Nothing was downloaded.', action: 'Do not install it by hand either; tell whoever gave you Keelson.' },
  'update/unreadable': { message: 'The feed describes an update in a way this Keelson does not understand. Nothing was downloaded.', action: 'Download the new version from where you got this one.' },
  'update/expired': { message: 'What the feed says of updates is too old to be trusted. The version you have goes on.', action: 'Check the clock of this computer; Keelson looks again by itself.' },
  'update/replayed': { message: 'The feed says less of updates than it did before, as if somebody showed an old copy. The version you have goes on.', action: 'Keelson looks again by itself; if it stays, tell whoever gave you Keelson.' },
  'update/damaged': { message: 'The downloaded update is not the file its makers signed. It was thrown away; the version you have goes on.', action: 'Look again for updates; if it stays, tell whoever gave you Keelson.' },
  'update/wrong-publisher': { message: 'The downloaded update is not signed by the publisher of this Keelson. It was thrown away; the version you have goes on.', action: 'Do not install it by hand either; tell whoever gave you Keelson.' },
  'update/not-writable': { message: 'Keelson may not replace itself at {place}. The version you have goes on.', action: 'Move Keelson to a folder of your own, or replace it by hand.' },
  'update/no-room': { message: 'There is not enough room on the disk for the update. The version you have goes on.', action: 'Free some space, then look again for updates.' },
  'update/install-failed': { message: 'The update could not be installed. The version you have goes on.', action: 'Look again for updates, or install the new version by hand.' },
  'net/offline': { message: 'Keelson cannot reach {host}. Your tokens and history are safe.', action: 'Check the network; Keelson tries again by itself.' },
  'net/asleep': { message: 'The computer is going to sleep, so nothing was asked. Your tokens and history are safe.', action: 'Keelson goes on when it wakes up.' },
  'net/timeout': { message: '{host} took too long to answer.', action: 'Try again in a moment.' },
  'net/cut-off': { message: '{host} broke off in the middle of its answer. Your tokens and history are safe.', action: 'Keelson tries again by itself; if it stays, something between this computer and the broker cuts answers short.' },
  'net/blocked': { message: 'Keelson refused to call an address that does not belong to this broker.', action: 'Check the sandbox address in the settings.' },
  'net/too-large': { message: 'The answer from {host} was larger than Keelson accepts.', action: 'Try a shorter date range.' },
  'broker/unavailable': { message: '{broker} has a problem on its side ({status}). Your tokens and history are safe.', action: 'Keelson tries again by itself.' },
  'broker/page': { message: '{broker} sent a web page instead of data, as for maintenance. Your tokens and history are safe.', action: 'Keelson tries again by itself; a sign-in has to be started again.' },
  'broker/rate-limited': { message: '{broker} asks to slow down.', action: 'Keelson waits and continues by itself.' },
  'broker/refused': { message: '{broker} refused this request ({status}).', action: 'Open the connection on the broker\'s site to see whether the account is restricted.' },
  'broker/unreadable': { message: '{broker} sent an answer Keelson does not understand. Nothing was saved from it.', action: 'Try again later; if it stays, copy the details.' },
  'broker/scope-missing': { message: 'This sign-in does not allow that.', action: 'Reconnect and grant the permission.' },
  'broker/account-gone': { message: '{broker} no longer lists this account. Its history stays.', action: 'Reconnect and choose this account on the consent page.' },
  'broker/no-accounts': { message: 'The sign-in worked, but it shows no account.', action: 'Choose at least one account on the broker\'s consent page.' },
  'auth/sign-in-needed': { message: '{broker} needs a sign-in. History stays; syncing stops until you sign in.', action: 'Reconnect.' },
  'auth/app-misconfigured': { message: '{broker} does not accept this app\'s client id or secret.', action: 'Check both in the settings against the broker\'s developer site.' },
  'auth/app-missing': { message: 'Keelson has no {broker} app keys yet. Register your own app at {registerAt} with the redirect address {redirectUri}.', action: 'Enter the client id and secret in the settings.' },
  'auth/keys-missing': { message: 'Keelson has no {broker} keys yet. Ask {broker} for your own at {registerAt}.', action: 'Enter both in the settings.' },
  'auth/denied': { message: 'You declined the consent at {broker}. Nothing was saved.', action: 'Start again if this was not what you wanted.' },
  'auth/expired': { message: 'The sign-in took longer than five minutes and was closed. Nothing was saved.', action: 'Start again.' },
  'auth/wrong-state': { message: 'The answer does not belong to this sign-in. Nothing was saved.', action: 'Start again and use the newest browser tab.' },
  'auth/wrong-broker': { message: 'This address belongs to another broker\'s sign-in. Nothing was saved.', action: 'Paste the address from the {broker} tab.' },
  'auth/bad-code': { message: '{broker} did not accept the sign-in code. Codes work once and for a short time. Nothing was saved.', action: 'Start again.' },
  'auth/bad-paste': { message: 'This is neither the redirected address nor a code. Nothing was saved.', action: 'Copy the whole address from the browser\'s address bar.' },
  'auth/bad-keys': { message: '{broker} does not accept this key and secret. Nothing was saved.', action: 'Copy both again; live and paper keys differ.' },
  'auth/port-taken': { message: 'Another program uses port {port}, where {broker} returns to after the sign-in.', action: 'Close it, or finish by pasting the redirected address.' },
  'auth/replaced': { message: 'A newer sign-in for {broker} took over.', action: 'Continue in the newest browser tab.' },
  'auth/flow-over': { message: 'This sign-in is no longer open.', action: 'Start again.' },
  'auth/method-unavailable': { message: '{broker} cannot be connected this way.', action: 'Choose one of the offered methods.' },
  'auth/account-connected': { message: 'Every account of this sign-in is connected already through another one. Nothing was saved.', action: 'Disconnect the other connection first, or sign in as somebody else.' },
  'auth/other-account': { message: 'This sign-in shows other accounts than the connection you renew. Nothing was saved.', action: 'Sign in at {broker} as the owner of that connection, or connect these accounts as a new one.' },
  'auth/consent-needed': { message: 'Connecting needs your consent to what Keelson may read.', action: 'Read the list and agree, or stay disconnected.' },
  'auth/clock-off': { message: 'This computer\'s clock differs from {broker}\'s, so it does not accept the signature.', action: 'Set the clock to the network\'s time, then try again.' },
  'auth/token-expired': { message: '{broker} says this token has expired. History stays; syncing stops until you renew it.', action: 'Make a new token on the broker\'s site and enter it here.' },
  'auth/wrong-environment': { message: 'This sign-in belongs to a {actual} account, but {expected} was chosen. Nothing was saved.', action: 'Choose {actual}, or use the other account\'s keys.' },
  'auth/bad-field': { message: '{field}: {problem}', action: 'Correct it and try again. Nothing was saved.' },
  'auth/broker-closed': { message: '{broker} is closed: its accounts moved to {successor}.', action: 'Connect {successor}, and import old history from a file.' },
  'auth/last-method': { message: 'This is the only way in this connection has.', action: 'Disconnect the connection instead; its history stays.' },
  'auth/not-licensed': { message: 'This edition of Keelson does not include {broker}. {reason}', action: 'Ask whoever gave you Keelson for a licence that does. Your history stays readable.' },
  'order/invalid': { message: 'This order cannot be sent: {reason}.', action: 'Correct it and try again. Nothing was sent.' },
  'order/rejected': { message: '{broker} refused this order. Nothing was placed.', action: 'Read the broker\'s reason, correct the order and send it again.' },
  'order/unknown': { message: 'Whether {broker} took this order is not known: it may be working.', action: 'Look at the orders on the broker\'s site before you send anything again; Keelson does not send it twice.' },
  'order/not-found': { message: '{broker} does not know this order.', action: 'Sync the account and look again.' },
  'order/not-open': { message: 'This order is done already: {status}.', action: 'Sync the account to see what became of it.' },
  'order/not-offered': { message: '{broker} does not take this from apps.', action: 'Do it on the broker\'s site.' },
  'order/stopped-killed': { message: 'The kill switch is on, so no order is sent.', action: 'Cancel still works. Take the switch back in Orders when you are sure.' },
  'order/stopped-trading-off': { message: 'Trading is off for this connection: it only reads.', action: 'Switch it on in Orders, under the connection.' },
  'order/stopped-not-reconciled': { message: 'Keelson has not read the orders and positions of this account since it connected, or one of its orders is in doubt. Nothing new is sent until it has.', action: 'Sync the connection, or settle the order in doubt.' },
  'order/stopped-malformed': { message: 'This order is not complete, or has parts that do not go together.', action: 'Give one of quantity and amount, and the prices of its type.' },
  'order/stopped-symbol-denied': { message: '{symbol} is on your list of symbols not to trade.', action: 'Take it off the list in the limits, or choose another.' },
  'order/stopped-symbol-not-allowed': { message: '{symbol} is not on your list of symbols to trade.', action: 'Add it to the list in the limits, or choose another.' },
  'order/stopped-market-closed': { message: 'The market is closed, and this order would fill at whatever the opening brings.', action: 'Use a limit order, or wait for the market.' },
  'order/stopped-no-price': { message: 'Nobody gave a price to measure this order by, so it is not sent.', action: 'Look at the quote, then review the order again.' },
  'order/stopped-price-unsure': { message: 'These prices do not tell what it trades at (bid {bid}, ask {ask}, last {last}), so nothing is measured by them.', action: 'Use a limit no worse than the middle of bid and ask, and near the last price, or wait until they come together.' },
  'order/stopped-stale-price': { message: 'The price is older than {seconds} s, so it says nothing about now.', action: 'Review the order again for a fresh one. What closes can go with a limit.' },
  'order/stopped-multiplier-unknown': { message: 'How much one of these contracts stands for is not known, so the order cannot be measured. Closing stays possible.', action: 'Place it at the broker.' },
  'order/stopped-currency-unknown': { message: 'What the currency of this instrument is worth in the account\'s own is not known, so the order cannot be measured by your limits. Closing stays possible.', action: 'Sync the connection and try again, or place it at the broker.' },
  'order/stopped-held-other-way': { message: 'This would open a position, but {value} of {symbol} are held the other way round, and a broker may close those instead.', action: 'Choose the action that closes what is held, or close that first.' },
  'order/stopped-tick': { message: 'The price {price} lies between two steps: this market has steps of {tick}.', action: 'Choose a price on a step.' },
  'order/stopped-price-off-market': { message: 'The price {price} is far from the market: Keelson allows {lowest} to {highest}.', action: 'Check the price, or widen the distance from the market in the limits.' },
  'order/stopped-stop-on-wrong-side': { message: 'The market ({market}) has passed the stop {price} already, so it would trigger at once.', action: 'Check the stop price.' },
  'order/stopped-quantity': { message: 'The quantity {value} is over your limit of {most}.', action: 'Order less, or change the limit.' },
  'order/stopped-notional': { message: 'At worst this order is worth {value}, over your limit of {most}.', action: 'Order less, or change the limit.' },
  'order/stopped-position': { message: 'With this order the position could come to {value}, over your limit of {most}.', action: 'Order less, or change the limit.' },
  'order/stopped-open-value': { message: 'All working orders together would be worth {value}, over your limit of {most}.', action: 'Cancel one, order less, or change the limit.' },
  'order/stopped-open-value-all': { message: 'With this order, all working orders of all accounts together would be worth {value}, over your limit of {most} for all of them. Nothing is opened; closing stays possible.', action: 'Cancel one, order less, or change the limit of all accounts.' },
  'order/stopped-open-value-unknown-all': { message: 'What works in {account} is not known: {reason}. Your limit for working orders is for all accounts together, so nothing is opened; closing stays possible.', action: 'Bring that account up, or say what became of its order in doubt, and try again. Switching trading off there helps if it sent nothing today.' },
  'order/stopped-open-value-unvalued-all': { message: 'Nobody can tell what {order} that works in {account} is worth. Your limit for working orders is for all accounts together, so nothing is opened; closing stays possible.', action: 'Cancel that order or wait until it is done, then review this one again. Switching trading off there helps where that account sent nothing today.' },
  'order/stopped-open-value-sent-all': { message: 'An order went out in {account} this moment, and your limit for working orders is for all accounts together. This one was not sent.', action: 'Review it again: then the other one is counted in.' },
  'order/stopped-orders-per-minute': { message: '{value} orders went out in the last minute; your limit is {most}, so this one was not sent.', action: 'Wait a minute, then review it again. Canceling works meanwhile.' },
  'order/stopped-orders-per-day': { message: '{value} orders went out today; your limit is {most}, so nothing new is opened. Closing stays possible.', action: 'The limit can be raised on the next trading day, before its trading begins.' },
  'order/stopped-daily-loss': { message: 'This account has lost {value} today; your limit is {most}, so nothing new is opened. Closing stays possible.', action: 'The limit can be raised on the next trading day, before its trading begins.' },
  'order/stopped-daily-loss-all': { message: 'All accounts together have lost {value} today; your limit for all of them is {most}, so nothing new is opened. Closing stays possible.', action: 'Limits for a day can be raised on the next trading day, before its trading begins.' },
  'order/stopped-loss-unknown-all': { message: 'What {account} has lost today is not known, and your limit for a day is for all accounts together. Nothing is opened; closing stays possible.', action: 'Sync that account, or switch trading off there if it sent nothing today.' },
  'order/stopped-loss-currency': { message: '{account} has lost money in {currency} today, and no broker says what that is in {other}, so the limit for all accounts together cannot be measured. Nothing is opened; closing stays possible.', action: 'Sync your accounts for a rate, or place the order at the broker.' },
  'order/stopped-loss-unknown': { message: 'What today has lost so far is not known, so nothing is opened. Closing stays possible.', action: 'Sync the connection. Where something sold today was never bought in the history, say in Positions what it was, then review the order again.' },
  'order/stopped-environment': { message: 'Keelson could not make sure that this account is {environment}: {reason}. Nothing was sent.', action: 'Reconnect, and look whether the account is the one you mean.' },
  'order/stopped-more-than-held': { message: 'This would {action} {value} of {symbol} to close, but only {most} can be: the rest is not held, or resting orders close it already. It would turn the position around.', action: 'Take less, cancel a resting order, or choose the action that opens a position.' },
  'order/stopped-close-not-shown': { message: 'This would open a position, but the broker still shows {value} of {symbol} held the other way round: it does not show yet that they were closed.', action: 'Review it again once the broker shows that, after {minutes} minutes at the latest.' },
  'order/stopped-fills-not-shown': { message: 'This would {action} {value} of {symbol} to close, but what the broker says is held may not have your last fills yet: only {most} are left for sure, and more could turn the position around.', action: 'Take no more than that, or review it again once the broker shows the fills, after {minutes} minutes at the latest.' },
  'order/stopped-clock': { message: 'The clock of this computer is minutes away from the brokers\', and market hours and daily limits go by it. Closing stays possible.', action: 'Set the clock right, then review the order again.' },
  'order/stopped-digits': { message: 'This account trades real money. Its last digits have to be typed once before orders are sent.', action: 'Type the last digits of the account.' },
  'order/stopped-meanwhile': { message: 'The kill switch was pulled after this order was reviewed. It is off again, but what it stopped is not sent afterwards.', action: 'Review the order again.' },
  'order/needs-confirmation': { message: 'This order needs a second yes.', action: 'Read why, confirm it, and send it again.' },
  'order/market-moved': { message: 'The prices are others by now than those you said yes to: this order may trade at {price}, and the market seems to be at {market}. Nothing was sent.', action: 'Review the order again, and read what it may trade at.' },
  'order/scope-missing': { message: 'This sign-in does not allow orders, so nothing was sent.', action: 'Reconnect and grant trading, then switch it on.' },
  'order/wrong-digits': { message: 'These are not the last digits of the account.', action: 'Look at the account number at the broker.' },
  'order/wrong-phrase': { message: 'The kill switch stays on: the word was not typed.', action: 'Type TRADE to take it back.' },
  'order/kill-stays': { message: 'The kill switch stays on: {name} in the folder of your data cannot be taken away.', action: 'Take it away yourself, whether it is a file or a folder, or make the folder readable and writable again. Then take the switch back once more.' },
  'order/not-written': { message: 'The order was not sent: it could not be written down first. {reason}', action: 'Put right what stands in the way, then review the order again.' },
  'order/too-late': { message: 'More than 20 seconds went by before it could leave, so it was held back: prices have moved on.', action: 'Review it again with the price of now.' },
  'order/not-confirmed': { message: 'Nobody said yes in the box of the system, so nothing was changed.', action: 'Try again, and say yes in the box that Keelson shows over its window.' },
  'order/review-expired': { message: 'This review is older than 30 seconds. Nothing was sent.', action: 'Review the order again.' },
  'order/review-used': { message: 'This review was used already: one review sends one order.', action: 'Look at the orders to see what became of it.' },
  'order/changed': { message: 'What should be sent is not what was reviewed. Nothing was sent.', action: 'Review the order again.' },
  'order/limit-locked': { message: 'The daily limits cannot be raised on a day on which orders were sent or trading was on. Nothing was changed.', action: 'Raise them on {when} before trading begins (4:00 in New York), or before you switch trading on. Lowering works at once.' },
  'order/limit-clock': { message: 'Which day it is has to come from a broker before a daily limit is raised: the clock of this computer can be set. Nothing was changed.', action: 'Sync a connection, then raise the limit.' },
  'order/request-gone': { message: 'This request was answered already, or it ran out.', action: 'Ask again.' },
  'order/request-id-used': { message: 'The id {id} belongs to another order that was asked for before. Nothing was sent.', action: 'Take a new id for a new order; the same id with the same order tells what became of it.' },
  'order/for-users': { message: 'A program may ask for an order, but not say yes to one, switch trading on or change limits. Nothing was sent and nothing changed.', action: 'Ask with keelson order place, and say yes in the window, under Orders.' },
  'order/requests-full': { message: 'So many requests wait for the user already that none is added.', action: 'Answer some of them under Orders, or let them run out.' },
  'order/audit-broken': { message: 'The record of orders is not as Keelson wrote it, so no order is sent. This one was not.', action: 'Look at your orders at the broker, then read at the foot of Orders (or with keelson audit verify) what is wrong and take the record as it is.' },
  'order/too-many': { message: 'More than {most} {what} within a minute, which no user makes by hand. This one was not made, and nothing was sent.', action: 'Wait a minute. If you did not make them, look which program does; the kill switch stops it.' },
  'order/audit-changed': { message: 'By now something else is wrong with the record of orders than what you were shown. Nothing was changed.', action: 'Verify it again, read what is wrong, and take it then.' },
  'order/read-only': { message: 'No order was sent: {program} is set to read only.', action: 'Allow orders for this way in, and switch off Read-Only API in the settings of TWS or IB Gateway.' },
  'order/not-shown': { message: '{program} shows no orders here, so whether there are any is not known.', action: 'Add a way in that shows them, or set Read only to no for TWS and switch off its Read-Only API.' },
  'local/not-running': { message: 'Nothing answers at {address}.', action: 'Start {program}, sign in there and allow API connections, then try again.' },
  'local/not-accepted': { message: '{program} at {address} opened the line but did not let Keelson in.', action: 'Look for a question from {program} on your screen and accept it, or add 127.0.0.1 to its trusted addresses.' },
  'local/client-id-taken': { message: '{program} already has other programs under the client ids Keelson tried.', action: 'Close the other program, or choose another client id.' },
  'local/not-signed-in': { message: '{program} is running but nobody is signed in.', action: 'Sign in to {program}, then try again.' },
  'local/certificate-changed': { message: 'The certificate of {program} at {address} is not the one Keelson saw first.', action: 'If you installed it anew, connect it again to accept the new certificate; otherwise find out what answers there.' },
  'flex/wrong-token': { message: '{broker} does not know this Flex token.', action: 'Copy it again from the Flex Web Service settings; a new token ends the old one.' },
  'flex/query-refused': { message: '{broker} does not accept this Flex query.', action: 'Copy the query id again, and check that it is an Activity Flex Query in XML.' },
  'flex/service-off': { message: 'The Flex Web Service of {broker} is off for this user, or open to other addresses only.', action: 'Switch it on in the Flex Web Service settings and remove the address restriction.' },
  'flex/no-statement': { message: '{broker} has no statement for these days.', action: 'A new query needs a day. If it stays, make the query and its token anew.' },
  'flex/not-ready': { message: '{broker} has not finished the statement yet. Your history is safe.', action: 'Keelson tries again by itself.' },
  'flex/misconfigured': { message: 'The Flex query lists {what}, so its trades cannot be told apart. Nothing was taken from it.', action: 'In the query, tick Executions under Trades and include all fields.' },
  'flex/stopped': { message: 'Older history comes from the Flex service, whose token no longer works. What the other ways in show is up to date.', action: 'Renew the Flex way in of this connection.' },
  'local/certificate-expired': { message: 'The certificate of {program} at {address} is not valid on this day.', action: 'Check this computer\'s date; if it is right, install {program} anew and connect it again.' },
  'vault/locked': { message: 'The vault is locked, so tokens cannot be read. History stays readable.', action: 'Unlock the system keyring or give the passphrase and try again, or start the vault over.' },
  'vault/wrong-passphrase': { message: 'This passphrase does not open the vault. Nothing was deleted.', action: 'Try again with the passphrase this data folder was made with.' },
  'vault/no-store': { message: 'Nothing here could guard a new key, so the vault stays locked. Nothing was changed.', action: 'Unlock the system keyring, or start Keelson with a passphrase (KEELSON_PASSPHRASE), then start over.' },
  'vault/passphrase-needed': { message: 'This data folder is guarded by a passphrase, and none was given.', action: 'Set KEELSON_PASSPHRASE or start Keelson in a terminal.' },
  'vault/not-passphrase': { message: 'No passphrase guards this data folder, so there is none to change.', action: 'Look at keelson vault to see what guards it.' },
  'vault/desktop-only': { message: 'This data folder is guarded by a key of the desktop app, which cannot be opened here.', action: 'Open it with the desktop app, or start the vault over.' },
  'vault/store-locked': { message: 'The system keyring is locked, so tokens cannot be read. Nothing was deleted.', action: 'Unlock the keyring, then try again.' },
  'vault/store-denied': { message: 'The system did not let Keelson have its key: its question was declined. Nothing was deleted.', action: 'Try again and allow it.' },
  'vault/store-busy': { message: 'The system keyring cannot give the key just now. Nothing was deleted.', action: 'Keelson asks again by itself; if the keyring is locked, unlock it.' },
  'vault/store-slow': { message: 'The vault is still being opened: its keyring, or the work on its passphrase, has not answered yet. The history is readable meanwhile.', action: 'Keelson goes on by itself once it does; look for a question of the system on your screen.' },
  'vault/store-missing': { message: 'This data folder is guarded by the system keyring, and none can be reached here. Nothing was deleted.', action: 'Start the keyring of your desktop, or use Keelson in the session it was set up in, then try again.' },
  'vault/store-weak': { message: 'The desktop offers only a store whose key is public (basic text). Keelson does not use it. Nothing was deleted.', action: 'Start the keyring your desktop had before, such as GNOME Keyring or KWallet, then try again.' },
  'vault/key-missing': { message: 'The system keyring no longer has the key of this data folder. Nothing was deleted.', action: 'Restore the keyring if you have a copy of it; otherwise start the vault over.' },
  'vault/key-changed': { message: 'The system keyring holds another key than the one this data folder was made with. Nothing was deleted.', action: 'If the keyring was reset, restore it and try again; otherwise start the vault over.' },
  'vault/wrong-key': { message: 'The key that came back does not fit this data folder. Nothing was deleted.', action: 'If the folder was restored from a copy, restore the keyring of the same time; otherwise start the vault over.' },
  'vault/key-damaged': { message: 'The wrapped key of this data folder is empty or cut off. Nothing was deleted.', action: 'Restore the newest file from the backups folder, or start the vault over.' },
  'vault/empty-answer': { message: 'The system keyring answered without a key. Nothing was deleted.', action: 'Try again; if it stays, restore the keyring or start the vault over.' },
  'vault/other-home': { message: 'This data folder was made by another user, on another computer or in another place, and its key stayed there. Nothing was deleted.', action: 'Open it where it was made, or start the vault over to use it here.' },
  'vault/app-renamed': { message: 'The key was kept under the app name {before}, and this app is called {now}. Nothing was deleted.', action: 'Open this data folder with {before}, or start the vault over.' },
  'vault/backend-changed': { message: 'The key was kept in {before}, and this desktop now uses {now}. Nothing was deleted.', action: 'Go back to the keyring the desktop used before and try again, or start the vault over.' },
  'vault/tampered': { message: 'A saved token fails its seal, so Keelson does not use it.', action: 'Reconnect the broker.' },
  'lock/wrong-passphrase': { message: 'This passphrase does not unlock Keelson.', action: 'Try again; every wrong one makes the next wait longer.' },
  'lock/wait': { message: 'After wrong passphrases Keelson waits before it takes another one: {seconds} s left.', action: 'Wait, then try again.' },
  'lock/not-set': { message: 'No app lock is set.', action: 'Set one in the settings, or with keelson lock set.' },
  'sync/interrupted': { message: 'Keelson was closed before this sync ended. What it had saved is kept.', action: 'Sync again; it goes on from there.' },
  'sync/running': { message: 'This connection is syncing already.', action: 'Wait for it to finish.' },
  'import/no-file': { message: 'Keelson cannot read {file}: {reason}.', action: 'Check the path, then try again. Nothing was imported.' },
  'import/empty': { message: 'This file is empty.', action: 'Choose another.' },
  'import/undone': { message: 'This import was taken back already.', action: 'Import the file again if its rows are wanted after all.' },
  'import/unreadable': { message: 'The file breaks at {place}: {reason}. Nothing was imported.', action: 'Export it again and import it as it came, without editing it.' },
  'import/unknown-format': { message: 'Keelson does not know this kind of file. It begins with: {header}', action: 'Export the history as described in the guide of your broker, and import that file.' },
  'import/wrong-broker': { message: 'This is a file of another broker: {format}. Nothing was imported.', action: 'Choose the broker it came from.' },
  'import/other-account': { message: 'The file names another account than the one it goes to, {account}. Nothing was imported.', action: 'Choose the account the file names. If its rows belong here all the same, confirm that when you import it.' },
  'import/too-large': { message: 'The file is larger than the {most} MB Keelson reads at once. Nothing was imported.', action: 'Export a shorter stretch of time, and import the parts one after the other.' },
  'import/several-accounts': { message: 'The file holds the history of {count} accounts. Nothing was imported.', action: 'Export one account at a time.' },
  'import/misconfigured-query': { message: 'The report lists {what}, so its trades cannot be told apart. Nothing was imported.', action: 'In the Flex query, tick Executions under Trades and include all fields, then export again.' },
  'import/gone': { message: 'This preview is no longer kept: it was imported already, or newer ones took its place.', action: 'Choose the file again: it shows what is there already.' },
  'mail/not-set': { message: 'No mail server is set, so nothing was sent.', action: 'Enter server, sender and recipient first.' },
  'mail/unreachable': { message: 'The mail server {host} could not be reached.', action: 'Check the name, the port and the kind of encryption; Keelson tries again by itself.' },
  'mail/not-secure': { message: 'The mail server {host} offers no trustworthy encryption, so nothing was sent.', action: 'Check the port and the kind of encryption, or ask whoever runs the server for its certificate.' },
  'mail/sign-in-refused': { message: 'The mail server {host} does not accept this user and password.', action: 'Enter both again; many providers want a password made for apps.' },
  'mail/refused': { message: 'The mail server {host} did not take the message.', action: 'Check that it may send from this address and to this recipient.' },
  'notice/gone': { message: 'This notice does not stand any more.', action: 'There is nothing to do.' },
  'sandbox/address-refused': { message: '{name} must be a loopback address such as http://127.0.0.1:8200.', action: 'Correct or remove the setting.' },
} as const

export type ErrorCode = keyof typeof ERRORS
export type ErrorDetails = Readonly<Record<string, string | number>>

export interface AppErrorOptions {
  readonly details?: ErrorDetails
  /** The broker's own sentence. It is kept to one line, 300 characters and no number that could name an account. */
  readonly brokerSays?: string | undefined
  /** How long to wait before the same call may work again, in milliseconds. */
  readonly retryAfterMs?: number
  readonly cause?: unknown
}

/** A failure with a code from the list. `cause` is for the log only and never crosses a process. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails
  readonly retryAfterMs: number | undefined
  readonly brokerSays: string | undefined

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(sentence(code, options.details ?? {}), 'cause' in options ? { cause: options.cause } : undefined)
    this.name = 'AppError'
    this.code = code
    this.details = options.details ?? {}
    this.retryAfterMs = options.retryAfterMs
    this.brokerSays = cleanWords(options.brokerSays)
  }
}

/** An error as it crosses a process: a code, its sentence and the way out. */
export interface ErrorView {
  readonly code: ErrorCode
  readonly message: string
  readonly action: string
  readonly retryAfterMs?: number | undefined
  /** What the broker itself said, as a quotation. */
  readonly brokerSays?: string | undefined
}

export function toErrorView({ code, message, details, retryAfterMs, brokerSays }: AppError): ErrorView {
  return {
    code,
    message,
    action: fill(ERRORS[code].action, details),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(brokerSays === undefined ? {} : { brokerSays }),
  }
}

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERRORS, text)
}

function sentence(code: ErrorCode, details: ErrorDetails): string {
  return fill(ERRORS[code].message, details)
}

const FALLBACK: Readonly<Record<string, string>> = { broker: 'The broker', host: 'the broker', status: 'no detail', owner: 'another copy' }

function fill(template: string, details: ErrorDetails): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? FALLBACK[name] ?? name))
}
