/** The browser build of a developer's world: the desk beside the phone says who holds it and how the camera behaves. */
import { keepDocument, keepTable } from './browser-document'
import { nameInnerControls } from './browser-names'
import { chooseFromBrowser } from './browser-photos'
import { browserSpeaker } from './browser-speech'
import type { Platform } from './types'

/** The desk and the phone share one origin, so the desk leaves its settings where the phone can read them. */
const setting = (name: string, otherwise: string) => localStorage.getItem(`desk.${name}`) ?? otherwise

async function played(path: string, body: object): Promise<Record<string, string>> {
  const answer = await fetch(`/sandbox/phones/${setting('person', '')}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error('choose a person at the desk first')
  return answer.json()
}

const channel = () => setting('channel', 'wechat')

const platform: Platform = {
  channel,
  apiBase: '',
  asksForBytes: { responseType: 'arraybuffer' },
  loginCode: async () => (await played('/codes', { channel: channel() })).code,
  phoneButton: 'plain',
  phoneCode: async () => (await played('/phone-codes', { channel: channel() })).channel_code,
  showFace: async (check) => {
    const looker = setting('camera-person', setting('person', ''))
    const answer = await fetch(`/sandbox/phones/${looker}/real-person`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ check_id: check.id, passes: setting('camera', 'passes') === 'passes' }),
    })
    return answer.ok
  },
  askToNotify: async (templateIds) => templateIds,
  choosePhotos: chooseFromBrowser,
  openDocument: keepDocument,
  keepTable,
  speaker: browserSpeaker(),
}

nameInnerControls()

export default platform
