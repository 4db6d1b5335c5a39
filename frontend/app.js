// Small conveniences only: every page works without this file.
import { initAll as initGovuk } from './govuk-frontend.min.js'
import { initAll as initMoj } from './moj-frontend.min.js'

/** Start the design systems' components inside one part of the page. */
function start(scope) {
  initGovuk({ scope })
  initMoj({ scope })
  markScrollingTables(scope)
}

/** A table wider than the screen scrolls: let the keyboard reach it, but only then. */
function markScrollingTables(scope) {
  for (const region of scope.querySelectorAll('.concordat-scroll')) scrolling.observe(region)
}

const scrolling = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.setAttribute('tabindex', '0')
    else target.removeAttribute('tabindex')
  }
})

/** Say in words that something asked for in the background did not arrive. */
function announce(text) {
  const notice = document.getElementById('concordat-trouble')
  if (!notice) return
  notice.hidden = text === ''
  notice.textContent = text
}

function explainFailure(event) {
  const status = event.detail.xhr ? event.detail.xhr.status : 0
  if (status === 401 || status === 403) {
    announce('You may have been signed out. Open another tab to sign in, then try again here; what you typed is kept.')
  } else if (status === 429) {
    announce('Too many requests in a short time. Wait a minute, then try again; what you typed is kept.')
  } else {
    announce('The last step did not reach the service, so this page may be out of date. What you typed is kept. Try again.')
  }
}

// Ctrl+K (⌘K) goes to the search box from anywhere on a page that has one.
document.addEventListener('keydown', (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== 'k') return
  const box = document.querySelector('[data-concordat-search]')
  if (!box) return
  event.preventDefault()
  box.focus()
  box.select()
})

document.addEventListener('click', (event) => {
  if (event.target instanceof Element && event.target.closest('[data-concordat-print]')) window.print()
})

// htmx announces the whole body once, which has been started below, and then each part it brings.
document.addEventListener('htmx:load', (event) => {
  if (event.detail.elt !== document.body) start(event.detail.elt)
})
document.addEventListener('htmx:beforeRequest', () => announce(''))
for (const name of ['htmx:responseError', 'htmx:sendError', 'htmx:timeout']) {
  document.addEventListener(name, explainFailure)
}

start(document)
