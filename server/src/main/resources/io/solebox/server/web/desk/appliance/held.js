// By what the server knows the browser that has entered the code of the screen: kept for this tab, and gone with it.

const NAME = "setup-token";

/** The header that each step of the setup has. @returns {Record<string, string>} */
export function held() {
  const token = sessionStorage.getItem(NAME);
  return token ? { "Setup-Token": token } : {};
}

/** @param {string} token */
export const hold = (token) => sessionStorage.setItem(NAME, token);

export const letGo = () => sessionStorage.removeItem(NAME);
