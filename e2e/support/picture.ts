/** Two pictures side by side, pixel by pixel, in the browser that took them. */
import type { Page } from 'playwright/test'

/** How many pixels are clearly another colour. The edges of letters may come out a shade apart from paint to paint. */
export function differingPixels(page: Page, one: Buffer, other: Buffer): Promise<number> {
  const sources = [one, other].map((picture) => `data:image/png;base64,${picture.toString('base64')}`)
  return page.evaluate(async (urls) => {
    const [a, b] = await Promise.all(
      urls.map(async (url) => {
        const image = new Image()
        image.src = url
        await image.decode()
        const canvas = new OffscreenCanvas(image.width, image.height)
        const pen = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
        pen.drawImage(image, 0, 0)
        return pen.getImageData(0, 0, image.width, image.height).data
      }),
    )
    if (a === undefined || b === undefined || a.length !== b.length) throw new Error('the pictures differ in size')
    let count = 0
    for (let i = 0; i < a.length; i += 4) {
      const distance = Math.max(...[0, 1, 2].map((part) => Math.abs(Number(a[i + part]) - Number(b[i + part]))))
      if (distance > 24) count++
    }
    return count
  }, sources)
}
