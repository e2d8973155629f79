// Passkeys: a form with data-passkey="create" or "get" asks the device, and sends its answer in the hidden box "credential".
// What the device is asked for stands in the page (data-passkey-options="#id") or at an address. Without scripts there are
// no passkeys, so what offers nothing else is hidden until this runs.

/** Bytes as addresses write them, and back: how answers of devices travel in JSON. */
function toBytes(words) {
  const plain = atob(words.replace(/-/g, "+").replace(/_/g, "/"))
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0))
}

function toWords(bytes) {
  if (!bytes) return null
  const plain = String.fromCharCode(...new Uint8Array(bytes))
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")
}

/** What the server asks, as the browser wants it. */
function asked({ publicKey }) {
  const known = (list) => (list || []).map((one) => ({ ...one, id: toBytes(one.id) }))
  const question = { ...publicKey, challenge: toBytes(publicKey.challenge) }
  if (publicKey.user) question.user = { ...publicKey.user, id: toBytes(publicKey.user.id) }
  if (publicKey.excludeCredentials) question.excludeCredentials = known(publicKey.excludeCredentials)
  if (publicKey.allowCredentials) question.allowCredentials = known(publicKey.allowCredentials)
  return { publicKey: question }
}

/** What the device answers, as the server wants it. */
function answered(credential) {
  const response = {}
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = toWords(credential.response[part])
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports()
  return {
    id: credential.id,
    rawId: toWords(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  }
}

async function optionsOf(form) {
  const where = form.dataset.passkeyOptions
  if (where.startsWith("#")) return JSON.parse(document.querySelector(where).textContent)
  const reply = await fetch(where, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } })
  if (!reply.ok) throw new Error("no options")
  return (await reply.json()).request_options
}

async function ask(form, button, problem) {
  problem.hidden = true
  button.disabled = true
  try {
    const question = asked(await optionsOf(form))
    const credential = form.dataset.passkey === "create"
      ? await navigator.credentials.create(question)
      : await navigator.credentials.get(question)
    form.elements.credential.value = JSON.stringify(answered(credential))
    form.submit()
  } catch (reason) {
    problem.textContent = reason.name === "InvalidStateError"
      ? "This device has a passkey for you already. Use another device, or remove the old one first."
      : "Your device did not give a passkey. Try again, or use another way."
    problem.hidden = false
    button.disabled = false
    button.focus()
  }
}

/** Makes the buttons of passkeys work. */
export function enhancePasskeys(root) {
  if (!window.PublicKeyCredential) return
  for (const section of root.querySelectorAll("[data-passkey-section]")) section.hidden = false
  for (const form of root.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("[data-passkey-start]")
    const problem = form.querySelector("[data-passkey-problem]")
    const start = (event) => {
      event.preventDefault()
      ask(form, button, problem)
    }
    button.addEventListener("click", start)
    form.addEventListener("submit", start)
  }
}
