/** Photos in a browser: chosen from its files and, where they are large, drawn anew small enough to send. */
import type { Photo } from './types'

const LARGE_BYTES = 1_000_000
// Four corners and small print are still read on this.
const LONGEST_PX = 2048
const QUALITY = 0.85

const kept = (file: File): Photo => ({ path: URL.createObjectURL(file), file })

/** The framework's own call warns of every choice that a key or a slow finger made, so the browser is asked itself. */
export function chooseFromBrowser(most: number): Promise<Photo[]> {
  const files = document.createElement('input')
  files.type = 'file'
  files.accept = 'image/*'
  files.multiple = true
  return new Promise((resolve) => {
    files.onchange = () => void Promise.all(Array.from(files.files ?? []).slice(0, most).map(smaller)).then(resolve)
    files.oncancel = () => resolve([])
    files.click()
  })
}

async function smaller(file: File): Promise<Photo> {
  if (file.size <= LARGE_BYTES) return kept(file)
  try {
    return kept(await drawnAnew(file))
  } catch {
    // What the browser cannot read goes out as it is, so that the server says what is wrong with it.
    return kept(file)
  }
}

async function drawnAnew(file: File): Promise<File> {
  const picture = await createImageBitmap(file)
  const scale = Math.min(1, LONGEST_PX / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(picture.width * scale)
  canvas.height = Math.round(picture.height * scale)
  const brush = canvas.getContext('2d')!
  // A JPEG knows no see-through; without this it would be black there.
  brush.fillStyle = '#fff'
  brush.fillRect(0, 0, canvas.width, canvas.height)
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  const written = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY))
  return written && written.size < file.size ? new File([written], 'photo.jpg', { type: 'image/jpeg' }) : file
}
