// Keeps what is typed as a draft on the server, so that a closed window or an expired sign-in loses nothing. Markup:
// layouts/form.html; what answers: crm/views/drafts.py. Without this script the form is kept when it is sent signed out.

const WAIT_MS = 1500

/** Starts keeping each form inside root that asks for it. */
export function keepDrafts(root) {
  for (const form of root.querySelectorAll("form[data-keeps-draft]")) {
    if (!form.dataset.enhanced) keep(form)
  }
}

function keep(form) {
  form.dataset.enhanced = "true"
  let last = typedIn(form)
  let timer
  let sent = false
  const save = async (leaving) => {
    clearTimeout(timer)
    const typed = typedIn(form)
    if (sent || typed === last) return
    freshen(form)
    last = typedIn(form)
    say(form, await post(form, last, leaving))
  }
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(() => save(false), WAIT_MS)
  }
  for (const event of ["input", "change", "focusout", "click", "htmx:afterSettle"]) form.addEventListener(event, soon)
  form.addEventListener("submit", () => { freshen(form); sent = true; clearTimeout(timer) })
  form.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = token() })
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(true) })
  window.addEventListener("pageshow", () => { sent = false })
}

/** The token against forged requests changes when somebody signs in again in another tab: the form takes the new one. */
function freshen(form) {
  const box = form.querySelector("[name=csrfmiddlewaretoken]")
  if (box && token()) box.value = token()
}

function token() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? ""
}

/** What the boxes hold, but for files, as the form itself would send it. */
function typedIn(form) {
  const typed = new URLSearchParams()
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") typed.append(name, value)
  }
  return typed.toString()
}

async function post(form, typed, leaving) {
  const body = new URLSearchParams(typed)
  body.append("keep_draft", "1")
  try {
    const answer = await fetch(form.action || window.location.href, { method: "POST", body, keepalive: leaving })
    if (answer.status === 401) return "You have been signed out. Press Save: you sign in again, and find all this."
    return answer.status === 200 ? `Kept as a draft at ${(await answer.json()).kept}` : ""
  } catch {
    return ""
  }
}

function say(form, words) {
  const line = form.querySelector("[data-draft-kept]")
  if (!line || !words) return
  line.textContent = words
  line.hidden = false
}
