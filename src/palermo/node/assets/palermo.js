// The behaviour every page shares. Each page works without it.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "govuk-frontend";

const COMPONENTS = [Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, Radios, ServiceNavigation, SkipLink];

function start(scope) {
  for (const component of COMPONENTS) createAll(component, undefined, { scope, onError: () => undefined });
}

// A part of a page that htmx has put in place gets the same behaviour as the page itself.
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) start(event.detail.elt);
});

// A form marked data-submit-on-change is sent as soon as a choice in it changes; its button stays for everyone else.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form) form.requestSubmit();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

for (const hidden of document.querySelectorAll("[data-needs-script][hidden]")) hidden.hidden = false;
start(document);
