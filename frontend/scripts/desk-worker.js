// Keeps the form of a pledge desk at hand where the network is bad, and sends what waits when there is one again.
import { drain, openQueue } from "./desk-queue.js"

const CACHE = "guildhall-desk"
const FORM = /^\/desk\/[A-Za-z0-9]+\/$/
const PATIENCE = 5000

self.addEventListener("install", () => self.skipWaiting())
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()))

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url)
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return
  if (event.request.mode === "navigate") {
    if (FORM.test(address.pathname)) event.respondWith(page(event.request, address.pathname))
  } else {
    event.respondWith(file(event.request))
  }
})

self.addEventListener("sync", (event) => {
  if (event.tag === "desk") event.waitUntil(sendLater())
})

/** The page as the server has it now; as it was kept, where nobody answers or only half. */
async function page(request, path) {
  try {
    const answer = await fetch(request, AbortSignal.timeout ? { signal: AbortSignal.timeout(PATIENCE) } : {})
    if (answer.status < 500) return answer
  } catch {
    // as below
  }
  return (await caches.match(path, { cacheName: CACHE })) || Response.error()
}

/** Styles and scripts have their digest in their names, so what was kept is right. */
async function file(request) {
  return (await caches.match(request, { cacheName: CACHE })) || fetch(request)
}

/** Rejects while something is left, so that the browser tries again. */
async function sendLater() {
  const { failed } = await drain(await openQueue())
  if (failed) throw new Error("Something still waits")
}
