// Passkeys: what the browser does for the server's options.

export const canPasskeys = () =>
  typeof PublicKeyCredential === "function" &&
  typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function";

/** Has the device make a passkey. @param {any} options of the server */
export async function makePasskey(options) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const made = await navigator.credentials.create({ publicKey });
  return /** @type {PublicKeyCredential} */ (made).toJSON();
}

/** Has the device sign with a passkey that it has. @param {any} options of the server */
export async function usePasskey(options) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const used = await navigator.credentials.get({ publicKey });
  return /** @type {PublicKeyCredential} */ (used).toJSON();
}
