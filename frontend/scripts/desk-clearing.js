// The coordinator's clearing by keyboard: 1 to 5 choose an organisation, N adds a new one, R rejects, U undoes; Enter
// accepts, as in any form.
// The keys work only while one of the clearing's own controls has the focus and no text is being written.

export function quickenClearing() {
  const place = document.querySelector("[data-clearing]")
  if (!place) return
  place.addEventListener("keydown", (event) => {
    const writing = event.target.matches("textarea, select, input:not([type=radio])")
    if (writing || event.ctrlKey || event.metaKey || event.altKey) return
    const key = event.key.toLowerCase()
    const radio = /^[1-9]$/.test(key) && place.querySelector(`[data-clearing-choice="${key}"]`)
    const button = "nru".includes(key) && place.querySelector(`[data-clearing-key="${key}"]`)
    if (!radio && !button) return
    event.preventDefault()
    if (radio) {
      radio.checked = true
      radio.focus()
    } else {
      button.click()
    }
  })
}
