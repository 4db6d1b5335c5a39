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

// In a field for one line that is large, Enter sends it, as in any field for one line.
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
  if (!(event.target instanceof Element) || !event.target.matches('[data-concordat-enter]')) return
  event.preventDefault()
  if (!event.repeat) event.target.form.requestSubmit()
})

// A link to what is missing opens what it lies in, and puts the keyboard there.
document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('.concordat-ready a[href^="#"]') : null
  const target = link && document.getElementById(link.hash.slice(1))
  if (!target) return
  event.preventDefault()
  for (let part = target.closest('details'); part; part = part.parentElement.closest('details')) part.open = true
  const field = target.querySelector(':scope > .concordat-add input') || target
  field.scrollIntoView({ block: 'center' })
  field.focus({ preventScroll: true })
})

// A draft saves itself. What another window changed replaces a field here, but never the one that
// is being typed into: then the page goes on as if it had not heard, and the next save compares.
let keepsTyping = false
document.addEventListener('htmx:beforeSwap', (event) => {
  if (event.detail.target.id === 'readiness') keepsTyping = false
})
document.addEventListener('htmx:oobBeforeSwap', (event) => {
  const { target } = event.detail
  if (target.id.startsWith('group-') && target.contains(document.activeElement)) keepsTyping = true
  if (keepsTyping && (target.id === 'base' || target.contains(document.activeElement))) event.detail.shouldSwap = false
})

// htmx announces the whole body once, which has been started below, and then each part it brings.
document.addEventListener('htmx:load', (event) => {
  if (event.detail.elt !== document.body) start(event.detail.elt)
})

// A part that asks again and again by itself, such as the inbox, says once that it can't be trusted.
let asksInVain = false

function isAskedAgain(event) {
  return event.target instanceof Element && event.target.closest('[data-concordat-poll]') !== null
}

document.addEventListener('htmx:beforeRequest', (event) => {
  if (!isAskedAgain(event)) announce('')
  // Nobody looks at a page in the background: it asks again when it comes to the front.
  else if (document.hidden) event.preventDefault()
})
document.addEventListener('htmx:afterRequest', (event) => {
  if (!asksInVain || !isAskedAgain(event) || !event.detail.successful) return
  asksInVain = false
  announce('')
})
for (const name of ['htmx:responseError', 'htmx:sendError', 'htmx:timeout']) {
  document.addEventListener(name, (event) => {
    if (isAskedAgain(event) && asksInVain) return
    asksInVain = isAskedAgain(event)
    explainFailure(event)
  })
}

start(document)
