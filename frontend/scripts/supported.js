// Runs before the page is painted, so that enhanced parts do not jump. The class names are GOV.UK Frontend's.
document.body.classList.add("js-enabled")
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported")
