// What was written at a pledge desk, kept on the device until the server says that it has it. The page and the worker
// share it. An entry: { key, desk (the address), fields, refused (words, once the server will not take it) }.
const NAME = "guildhall-desk"
const STORE = "entries"
const PATIENCE = 15000

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function openStore() {
  const request = indexedDB.open(NAME, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" })
  return asked(request)
}

/** The queue of this device. Rejects where the browser keeps nothing, as some do in private windows. */
export async function openQueue() {
  const database = await openStore()
  const store = (mode) => database.transaction(STORE, mode).objectStore(STORE)
  return {
    all: async () => (await asked(store("readonly").getAll())).sort((a, b) => (a.fields.written_at < b.fields.written_at ? -1 : 1)),
    keep: (entry) => asked(store("readwrite").put(entry)),
    remove: (key) => asked(store("readwrite").delete(key)),
  }
}

/** One turn: only one page or worker of this device sends at a time. */
export function drain(queue) {
  if (!navigator.locks) return sendAll(queue)
  return navigator.locks.request(NAME, { ifAvailable: true }, (lock) => (lock ? sendAll(queue) : { received: [], wait: 1000 }))
}

/** Sends what waits; gives the keys that were received, and the milliseconds to wait for the next turn (0: nothing is left). */
async function sendAll(queue) {
  const received = []
  for (const entry of await queue.all()) {
    if (entry.refused) continue
    const answer = await send(entry)
    if (answer.received) {
      await queue.remove(entry.key)
      received.push(entry.key)
    } else if (answer.refused) {
      await queue.keep({ ...entry, ...answer })
    } else {
      return { received, wait: answer.wait, failed: true }
    }
  }
  return { received, wait: 0 }
}

/** Only our own words count as received: what a hall's network answers in our place does not. */
async function send(entry) {
  let response, said
  try {
    response = await fetch(entry.desk, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(entry.fields),
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.timeout ? AbortSignal.timeout(PATIENCE) : undefined,
    })
    said = await response.json()
  } catch {
    return { wait: 0 }
  }
  if (response.status === 201 && said.received === true) return { received: true }
  if (response.status === 422 && said.errors) return { refused: Object.values(said.errors).flat().join(". "), mendable: true }
  if ((response.status === 409 || response.status === 413) && said.refused) return { refused: said.refused }
  return { wait: 1000 * Number(response.headers.get("Retry-After") || 0) }
}
