// The search box: a key that leads to it, arrow keys through what was found, Escape out of it. htmx fetches what is found
// (attributes of templates/search/box.html); without scripts the box is a form that leads to a page.

const KEPT = "guildhall-search-key"

/** Makes the page's one search box quicker to use. */
export function enhanceSearch() {
  const box = document.querySelector("[data-search] input[type=search]")
  if (!box) return
  const answers = document.querySelector(box.getAttribute("hx-target"))
  offerKey(box)
  box.closest("form").addEventListener("keydown", (event) => walk(event, box, answers))
  answers.addEventListener("keydown", (event) => walk(event, box, answers))
  if (answers.matches("[data-search-panel]")) closeWhenLeft(box, answers)
}

/** A single key can be hit by accident, or by speech: it can be switched off, and never acts while somebody types. */
function offerKey(box) {
  const hint = box.form.querySelector("[data-search-hint]")
  const choice = document.querySelector("[data-search-choice]")
  const show = () => {
    hint.hidden = !isOn()
    box[isOn() ? "setAttribute" : "removeAttribute"]("aria-keyshortcuts", "/")
  }
  show()
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !isOn()) return
    event.preventDefault()
    box.focus()
    box.select()
  })
  if (!choice) return
  const checkbox = choice.querySelector("input")
  choice.hidden = false
  checkbox.checked = isOn()
  checkbox.addEventListener("change", () => { keep(checkbox.checked); show() })
}

function isTyping(element) {
  return element.isContentEditable || element.matches("input, textarea, select")
}

function isOn() {
  try { return localStorage.getItem(KEPT) !== "off" } catch { return true }
}

function keep(on) {
  try { localStorage.setItem(KEPT, on ? "on" : "off") } catch { /* A browser that keeps nothing asks again. */ }
}

/** Down and up between the box and the links that were found; they stay ordinary links. */
function walk(event, box, answers) {
  if (event.key === "Escape" && answers.matches("[data-search-panel]") && answers.childElementCount) {
    // The browser would empty the box: what was typed stays until somebody presses it again.
    event.preventDefault()
    answers.replaceChildren()
    box.focus()
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!step) return
  const stops = [box, ...answers.querySelectorAll("a")]
  const next = stops[stops.indexOf(document.activeElement) + step]
  if (!next || !stops.includes(document.activeElement)) return
  event.preventDefault()
  next.focus()
}

/** The answers lie over the page: they go when somebody turns to something else. */
function closeWhenLeft(box, answers) {
  const within = (element) => answers.contains(element) || box.form.contains(element)
  document.addEventListener("focusin", (event) => { if (!within(event.target)) answers.replaceChildren() })
  document.addEventListener("pointerdown", (event) => { if (!within(event.target)) answers.replaceChildren() })
}
