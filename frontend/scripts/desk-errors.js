// What is missing in the form of a pledge desk, said as the server says it: a summary that links to the boxes.

function wrong(box) {
  if (box.validity.valueMissing) return box.dataset.missing
  return box.dataset.wrong || box.validationMessage
}

function element(name, className, text) {
  const made = document.createElement(name)
  made.className = className
  made.textContent = text || ""
  return made
}

/** The boxes to be mended, each with its words. */
export function problemsOf(form) {
  const boxes = [...form.elements].filter((box) => box.willValidate && !box.validity.valid)
  const found = boxes.map((box) => ({ box, words: wrong(box) }))
  const { organisation, organisation_name: typed } = form.elements
  if (organisation && !organisation.value && !typed.value.trim()) {
    found.unshift({ box: typed, words: "Choose your organisation, or write its name" })
  }
  return found
}

/** Show them, or take away what was shown before; `form` is the form of the page. */
export function showProblems(form, place, found) {
  form.querySelectorAll(".govuk-error-message").forEach((message) => message.remove())
  form.querySelectorAll(".govuk-form-group--error").forEach((group) => group.classList.remove("govuk-form-group--error"))
  form.querySelectorAll("[aria-invalid]").forEach((box) => box.removeAttribute("aria-invalid"))
  place.replaceChildren()
  if (!found.length) return
  const summary = element("div", "govuk-error-summary")
  summary.tabIndex = -1
  const list = element("ul", "govuk-list govuk-error-summary__list")
  for (const { box, words } of found) {
    const link = element("a", "", words)
    link.href = `#${box.id}`
    link.addEventListener("click", (event) => { event.preventDefault(); box.focus() })
    const item = document.createElement("li")
    item.append(link)
    list.append(item)
    mark(box, words)
  }
  const alert = document.createElement("div")
  alert.setAttribute("role", "alert")
  alert.append(element("h2", "govuk-error-summary__title", "There is a problem"), list)
  summary.append(alert)
  place.append(summary)
  summary.focus()
}

function mark(box, words) {
  const group = box.closest(".govuk-form-group")
  const message = element("p", "govuk-error-message")
  message.id = `${box.id}_error`
  message.append(element("span", "govuk-visually-hidden", "Error: "), words)
  group.classList.add("govuk-form-group--error")
  const before = box.closest(".govuk-checkboxes") || box
  before.before(message)
  box.setAttribute("aria-invalid", "true")
  const hint = document.getElementById(`${box.id}_helptext`)
  box.setAttribute("aria-describedby", hint ? `${hint.id} ${message.id}` : message.id)
}
