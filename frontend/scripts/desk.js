// The pledge desk on a phone: what is written is kept there first and sent as soon as it can be, once. Without this script,
// or where the browser keeps nothing, the form is sent by the browser as ever.
import { problemsOf, showProblems } from "./desk-errors.js"
import { drain, openQueue } from "./desk-queue.js"

const CACHE = "guildhall-desk"
const LONGEST_WAIT = 30000
const NEXT_PERSON = 12000

const root = document.querySelector("[data-desk]")
const part = (name) => root.querySelector(`[data-desk-${name}]`)
const form = part("form")
const staffed = Boolean(form) && (form.hasAttribute("data-staffed") || new URLSearchParams(location.search).has("staffed"))
let failures = 0
let next
let lately

/** Also where there is no secure address, and so no randomUUID. */
function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6] & 15) | 64
  bytes[8] = (bytes[8] & 63) | 128
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")
}

/** Not `reset`: that would bring back what the server had sent along with a mistake. */
function empty() {
  for (const box of form.elements) {
    if (box.type === "checkbox") box.checked = false
    else if (box.type !== "hidden" && box.type !== "submit") box.value = ""
  }
  form.elements.key.value = newKey()
  showProblems(form, part("errors"), [])
}

function say(words) {
  if (part("said").textContent !== words) part("said").textContent = words
}

function many(count) {
  return count === 1 ? "1 pledge is" : `${count} pledges are`
}

async function show(queue) {
  const entries = await queue.all()
  const waiting = entries.filter((entry) => !entry.refused)
  part("queue").hidden = !waiting.length
  part("waiting").textContent = `${many(waiting.length)} saved on this phone`
  part("refused").hidden = waiting.length === entries.length
  part("refused-list").replaceChildren(...entries.filter((entry) => entry.refused).map((entry) => refusedItem(queue, entry)))
}

/** Without a name: on a tablet, the next person reads it. */
function refusedItem(queue, entry) {
  const item = document.createElement("li")
  item.append(`${new Date(entry.fields.written_at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}: ${entry.refused} `)
  const act = (words, does) => {
    const button = document.createElement("button")
    button.type = "button"
    button.className = "guildhall-link-button govuk-!-margin-right-3"
    button.textContent = words
    button.addEventListener("click", does)
    item.append(button)
  }
  if (form && entry.mendable) act("Open it again", () => reopen(queue, entry))
  act("Try once more", async () => { await queue.keep({ ...entry, refused: undefined }); turn(queue) })
  act("Remove it", async () => { await queue.remove(entry.key); await show(queue) })
  return item
}

async function reopen(queue, entry) {
  empty()
  showForm()
  for (const [name, value] of Object.entries(entry.fields)) {
    const box = form.elements[name]
    if (box && box.type === "checkbox") box.checked = true
    else if (box && !["key", "written_at", "consent_version"].includes(name)) box.value = value
  }
  await queue.remove(entry.key)
  await show(queue)
}

function showForm() {
  part("done").hidden = true
  part("page").hidden = false
}

function showDone(words, more) {
  part("page").hidden = true
  part("done").hidden = false
  part("done-words").textContent = words
  part("done-more").textContent = more
  part("next").hidden = false
  part("next").textContent = staffed ? "Next person" : "Make another pledge"
}

/** Ready for the next person, with nothing of the last. */
function nextPerson() {
  clearTimeout(next)
  empty()
  showForm()
  window.scrollTo(0, 0)
  form.querySelector("select, input:not([type=hidden])").focus()
}

async function submit(queue, event) {
  event.preventDefault()
  const found = problemsOf(form)
  showProblems(form, part("errors"), found)
  if (found.length) return
  form.elements.written_at.value = new Date().toISOString()
  const fields = Object.fromEntries(new FormData(form))
  lately = fields.key
  try {
    await queue.keep({ key: fields.key, desk: root.dataset.desk, fields })
  } catch {
    form.submit()
    return
  }
  empty()
  showDone("Saved on this phone", "It is sent as soon as there is a network. You need do nothing more.")
  part("done-words").focus()
  if (staffed) next = setTimeout(nextPerson, NEXT_PERSON)
  failures = 0
  turn(queue)
}

let turning = false
let again

/** Sends what waits, now and until nothing does; after each failure a little later. */
async function turn(queue) {
  clearTimeout(again)
  if (turning) {
    again = setTimeout(() => turn(queue), 300)
    return
  }
  turning = true
  try {
    const { received, wait, failed } = await drain(queue)
    failures = failed ? failures + 1 : 0
    if (received.includes(lately)) told()
    if (received.length) say(`${received.length} received`)
    else if (failed) say("Saved on this phone. Not sent yet")
    await show(queue)
    const backoff = Math.min(LONGEST_WAIT, 500 * 2 ** failures) * (0.5 + Math.random())
    if (failed || wait) again = setTimeout(() => turn(queue), Math.max(wait, failed ? backoff : 0))
    if (failed) askForSync()
  } finally {
    turning = false
  }
}

function told() {
  lately = undefined
  if (form && !part("done").hidden) showDone("Received. Thank you", "We have your pledge. You need do nothing more.")
}

/** Where the browser can send later by itself, even when this page is closed. */
async function askForSync() {
  const registration = navigator.serviceWorker && (await navigator.serviceWorker.getRegistration(root.dataset.desk))
  if (registration && registration.sync) registration.sync.register("desk").catch(() => {})
}

/** The page and what it needs, for when there is no network; what an earlier version needed goes. */
async function keepAtHand() {
  if (!form || !navigator.serviceWorker || !window.caches) return
  await navigator.serviceWorker.register(root.dataset.deskWorker, { scope: "/desk/" })
  const needed = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((node) => node.href || node.src)
  const cache = await caches.open(CACHE)
  const kept = (await cache.keys()).map((request) => request.url)
  await cache.addAll(needed.filter((address) => !kept.includes(address)))
  await cache.add(new Request(root.dataset.desk, { credentials: "omit" }))
  const old = kept.filter((address) => !needed.includes(address) && !new URL(address).pathname.startsWith("/desk/"))
  await Promise.all(old.map((address) => cache.delete(address)))
}

async function start() {
  const queue = await openQueue()
  if (form) {
    if (!root.querySelector(".govuk-error-summary")) empty()
    if (staffed) form.setAttribute("autocomplete", "off")
    if (staffed) [...form.elements].forEach((box) => box.setAttribute("autocomplete", "off"))
    if (!part("done").hidden) showDone(part("done-words").textContent, part("done-more").textContent)
    form.addEventListener("submit", (event) => submit(queue, event))
    part("next").addEventListener("click", nextPerson)
  }
  part("send").addEventListener("click", () => { failures = 0; turn(queue) })
  window.addEventListener("online", () => { failures = 0; turn(queue) })
  window.addEventListener("pageshow", (event) => { if (event.persisted && form) nextPerson() })
  await show(queue)
  turn(queue)
}

start().catch(() => {})
keepAtHand().then(() => root.setAttribute("data-desk-at-hand", ""), () => {})
