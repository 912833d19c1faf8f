/** How letters are written, as published. */

/** The alphabets by name: {slant, small, letters}; an error where they cannot be had. */
export async function loadAlphabets(address) {
  const response = await fetch(address);
  if (!response.ok) {
    throw new Error(`${address}: ${response.status}`);
  }
  return (await response.json()).alphabets;
}
