/** Copies a text; also where the clipboard is not offered, as on pages served without encryption. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) {
    await navigator.clipboard.writeText(text)
    return
  }
  const area = document.createElement('textarea')
  area.value = text
  // Inside an open dialog only its own elements can take the focus that copying needs.
  const home = document.querySelector('dialog[open]') ?? document.body
  home.append(area)
  area.select()
  const copied = document.execCommand('copy')
  area.remove()
  if (!copied) throw new Error('The browser does not let the page copy. Select the link and copy it by hand.')
}
