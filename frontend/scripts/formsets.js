// "Add another" without a round trip. The button is a submit button named add_row, so without this script the server adds
// the row. Markup: components/formset.html.

/** Makes the formsets inside root add and remove rows in place; enhance is called with each new row. */
export function enhanceFormsets(root, enhance) {
  for (const formset of root.querySelectorAll("[data-formset]")) {
    if (formset.dataset.enhanced) continue
    formset.dataset.enhanced = "true"
    formset.addEventListener("click", (event) => {
      const button = event.target.closest("button")
      if (button?.matches("[name=add_row]")) addRow(formset, enhance, event)
      if (button?.matches("[data-remove-row]")) removeRow(formset, button)
    })
    formset.addEventListener("htmx:load", (event) => {
      if (event.target.matches?.("[data-formset-row]")) offerRemoval(event.target)
    })
    for (const row of formset.querySelectorAll("[data-formset-row]")) offerRemoval(row)
  }
  for (const form of root.querySelectorAll("form:has([data-missing])")) form.addEventListener("keydown", addByEnter)
}

/** Enter in the boxes of a missing organisation adds it; it must not save the whole form. */
function addByEnter(event) {
  if (event.key !== "Enter" || !event.target.matches("input, select")) return
  const add = event.target.closest("[data-missing]")?.querySelector("[data-missing-add]")
  if (!add) return
  event.preventDefault()
  add.click()
}

function addRow(formset, enhance, event) {
  const total = formset.querySelector("[name$='-TOTAL_FORMS']")
  const template = formset.querySelector("template[data-formset-empty]")
  const limit = Number(formset.querySelector("[name$='-MAX_NUM_FORMS']")?.value || 1000)
  if (!total || !template || Number(total.value) >= limit) return
  event.preventDefault()
  const holder = document.createElement("div")
  holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value)
    .replaceAll("__number__", String(Number(total.value) + 1))
  const row = holder.firstElementChild
  total.value = String(Number(total.value) + 1)
  formset.querySelector("[data-formset-rows]").append(row)
  window.htmx?.process(row)
  enhance(row)
  offerRemoval(row)
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus()
}

/** Turns Django's "delete" checkbox into a button: the box stays, ticked and hidden, so the server still hears of it. */
function offerRemoval(row) {
  const box = row.querySelector("input[type=checkbox][name$='-DELETE']")
  const button = row.querySelector("[data-remove-row]")
  if (!box || !button) return
  box.closest(".govuk-form-group")?.setAttribute("hidden", "")
  button.hidden = false
}

function removeRow(formset, button) {
  const row = button.closest("[data-formset-row]")
  row.querySelector("input[type=checkbox][name$='-DELETE']").checked = true
  row.hidden = true
  for (const control of row.querySelectorAll("[required]")) control.required = false
  formset.querySelector("[name=add_row]")?.focus()
}
