// The organisation picker: suggestions while typing. Without this script the box takes a name, a URN or a company number
// and the server finds the organisation. Markup: crm/forms/widgets.py, OrganisationPicker.
import accessibleAutocomplete from "accessible-autocomplete"

const WAIT_MS = 150

/** Gives every picker inside root its list of suggestions. */
export function enhancePickers(root) {
  for (const picker of root.querySelectorAll("[data-picker]")) {
    if (!picker.dataset.enhanced) enhance(picker)
  }
}

function enhance(picker) {
  const input = picker.querySelector("[data-picker-text]")
  const chosen = picker.querySelector("[data-picker-id]")
  const error = input.getAttribute("aria-invalid")
  picker.dataset.enhanced = "true"
  const holder = document.createElement("div")
  const active = input === document.activeElement || input.autofocus
  input.replaceWith(holder)
  const suggestions = new Suggestions(picker.dataset.picker)
  accessibleAutocomplete({
    element: holder,
    id: input.id,
    name: input.name,
    defaultValue: input.value,
    required: input.required,
    minLength: 2,
    confirmOnBlur: false,
    showNoOptionsFound: true,
    displayMenu: "overlay",
    source: (query, show) => suggestions.ask(query, show),
    templates: { inputValue: (found) => found?.name ?? "", suggestion },
    onConfirm: (found) => { if (found) choose(chosen, found.id) },
    tNoResults: () => suggestions.waiting ? "Looking…" : "Nothing found. Try a URN, company number or postcode.",
  })
  // Whoever types fast chooses with Enter; while there is nothing to choose from yet, it must not send the form.
  holder.addEventListener("keydown", (event) => { if (event.key === "Enter" && suggestions.waiting) event.preventDefault() })
  keepDescription(holder, input, error)
  if (active) holder.querySelector("input[name]").focus()
  // The words now differ from the organisation that was chosen, so let the server resolve the words.
  holder.addEventListener("input", () => { chosen.value = "" })
}

/** What hangs on the choice (templates/pledges/people.html) is told of it. */
function choose(chosen, id) {
  chosen.value = id
  chosen.dispatchEvent(new Event("change", { bubbles: true }))
}

/** accessible-autocomplete makes its own input: carry over what describes the old one. */
function keepDescription(holder, input, error) {
  const made = holder.querySelector("input[name]")
  const described = input.getAttribute("aria-describedby")
  const own = made.getAttribute("aria-describedby")
  if (described) made.setAttribute("aria-describedby", [described, own].filter(Boolean).join(" "))
  if (error) made.setAttribute("aria-invalid", error)
}

/** What accessible-autocomplete asks with the words so far; waits for a pause and drops answers that come too late. */
class Suggestions {
  waiting = false
  #address
  #timer
  #last = 0

  constructor(address) {
    this.#address = address
  }

  ask(query, show) {
    clearTimeout(this.#timer)
    const turn = ++this.#last
    this.waiting = true
    this.#timer = setTimeout(async () => {
      const found = await fetchSuggestions(this.#address, query)
      if (turn !== this.#last) return
      this.waiting = false
      show(found)
    }, WAIT_MS)
  }
}

async function fetchSuggestions(address, query) {
  const url = new URL(address, window.location.href)
  url.searchParams.set("q", query)
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } })
    return answer.ok ? await answer.json() : []
  } catch {
    return []
  }
}

function suggestion(found) {
  if (typeof found === "string") return escape(found)
  const detail = found.detail ? `<span class="autocomplete__option-detail">${escape(found.detail)}</span>` : ""
  return `${escape(found.name)}${detail}`
}

/** Suggestions are written as HTML by accessible-autocomplete, so names must not be able to carry any. */
function escape(text) {
  const holder = document.createElement("span")
  holder.textContent = text
  return holder.innerHTML
}
