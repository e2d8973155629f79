// Everything here makes a page quicker; nothing here is needed to use it.
import {
  Button, CharacterCount, Checkboxes, createAll, ErrorSummary, NotificationBanner, PasswordInput, Radios, ServiceNavigation,
  SkipLink, Tabs,
} from "govuk-frontend"
import { quickenClearing } from "./desk-clearing.js"
import { keepDrafts } from "./drafts.js"
import { enhanceFormsets } from "./formsets.js"
import { enhancePasskeys } from "./passkeys.js"
import { enhancePickers } from "./pickers.js"
import { enhanceSearch } from "./search.js"
import { enhanceShares } from "./shares.js"

const COMPONENTS = [Checkboxes, CharacterCount, ErrorSummary, NotificationBanner, PasswordInput, Radios, Tabs]

/** Enhances a piece of page: the whole document at first, later what htmx or a formset put in. */
function enhance(root) {
  for (const component of COMPONENTS) createAll(component, {}, { scope: root })
  createAll(Button, { preventDoubleClick: true }, { scope: root })
  enhancePasskeys(root)
  enhancePickers(root)
  enhanceShares(root)
  enhanceFormsets(root, enhance)
  keepDrafts(root)
}

createAll(ServiceNavigation)
createAll(SkipLink)
enhanceSearch()
quickenClearing()
enhance(document)
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) enhance(event.detail.elt)
})

// On a phone the rows come first: filters that narrow nothing are folded away.
if (window.matchMedia("(max-width: 40em)").matches) {
  document.querySelectorAll("[data-folds-on-phones]").forEach((panel) => { panel.open = false; });
}
