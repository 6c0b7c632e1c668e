// Asks the browser for a passkey where a form is marked data-passkey, and sends its answer with the form.
// data-passkey: "create" or "use"; its options stand in the page (data-passkey-options: the id of a JSON element)
// or are fetched when the button is pressed (data-passkey-from).

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

function letters(buffer) {
  const text = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

function creation(options, alone) {
  const selection = { ...options.authenticatorSelection };
  if (alone) Object.assign(selection, { residentKey: "required", requireResidentKey: true, userVerification: "required" });
  return {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: named(options.excludeCredentials),
    authenticatorSelection: selection,
  };
}

function request(options) {
  return { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) };
}

function answer(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const given = parts.filter((part) => response[part]).map((part) => [part, letters(response[part])]);
  return {
    id: credential.id,
    rawId: letters(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: Object.fromEntries(given),
  };
}

async function optionsOf(form) {
  if (form.dataset.passkeyOptions) return JSON.parse(document.getElementById(form.dataset.passkeyOptions).textContent);
  const fetched = await fetch(form.dataset.passkeyFrom, { headers: { Accept: "application/json" } });
  if (!fetched.ok) throw new Error("The node did not answer.");
  return fetched.json();
}

async function credentialFor(form) {
  const given = await optionsOf(form);
  if (form.dataset.passkey === "create") {
    const alone = form.elements.passwordless?.checked;
    return navigator.credentials.create({ publicKey: creation(given.creation_options.publicKey, alone) });
  }
  return navigator.credentials.get({ publicKey: request(given.request_options.publicKey) });
}

async function start(form) {
  const fault = form.querySelector("[data-passkey-error]");
  fault.hidden = true;
  try {
    form.elements.credential.value = JSON.stringify(answer(await credentialFor(form)));
  } catch {
    fault.hidden = false;
    return;
  }
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.querySelector("[data-passkey-start]").addEventListener("click", () => start(form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    start(form);
  });
}
