// Says while numbers are typed how many are left. Without this script the server says it when the form is sent.

/** Every form inside root with boxes that share out a number. */
export function enhanceShares(root) {
  for (const form of root.querySelectorAll("form[data-shares]")) {
    const say = () => tell(form)
    form.addEventListener("input", say)
    form.querySelector("[data-shares-left]").parentElement.setAttribute("aria-live", "polite")
    say()
  }
}

function tell(form) {
  const boxes = [...form.querySelectorAll("[data-share]")]
  const given = boxes.reduce((sum, box) => sum + (Number.parseInt(box.value, 10) || 0), 0)
  const left = Number(form.dataset.shares) - given
  const words = form.querySelector("[data-shares-words]")
  words.dataset.usual ??= words.textContent
  form.querySelector("[data-shares-left]").textContent = String(Math.abs(left))
  words.textContent = left < 0 ? "too many" : words.dataset.usual
}
