/** The phone in the middle: whose it is, and a till's scanner that reads the code drawn on its screen. */
import jsQR from 'jsqr'

const frame = document.querySelector<HTMLIFrameElement>('#phone')!
const SIDE_PX = 600

/** Phone and desk share one origin, so what the phone must know is left where it can read it. */
export function tellPhone(name: string, value: string): void {
  localStorage.setItem(`desk.${name}`, value)
}

/** Another person takes another phone: nothing of the last one's stays in it. */
export function handPhoneTo(idNumber: string): void {
  for (const name of Object.keys(localStorage)) if (!name.startsWith('desk.')) localStorage.removeItem(name)
  tellPhone('person', idNumber)
  tellPhone('camera-person', idNumber)
  frame.src = 'about:blank'
  setTimeout(() => (frame.src = '/app/'), 0)
}

/** What the code on the phone's screen says, or `null` where none is shown. */
export async function scanPhone(): Promise<string | null> {
  const drawn = frame.contentDocument?.querySelector<HTMLImageElement>('.qr img')
  if (!drawn?.src) return null
  const picture = new Image()
  picture.src = drawn.src
  await picture.decode()
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = SIDE_PX
  const brush = canvas.getContext('2d')!
  brush.fillStyle = '#fff'
  brush.fillRect(0, 0, SIDE_PX, SIDE_PX)
  brush.drawImage(picture, 0, 0, SIDE_PX, SIDE_PX)
  return jsQR(brush.getImageData(0, 0, SIDE_PX, SIDE_PX).data, SIDE_PX, SIDE_PX)?.data ?? null
}
