// Checks the built mini-programs without a network: templates, styles, scripts, pages, size, and the privacy calls declared.
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { compile, filesIn, templatesOf } from './compilers.mjs'

const MOST_BYTES = 1.5 * 1024 * 1024
// What asks for personal data. Exactly what is declared to the platforms' reviewers is used: neither more nor less.
const PRIVATE_NAMES = [
  'addPhoneCalendar|addPhoneContact|chooseAddress|chooseAvatar|chooseContact|chooseImage|chooseInvoice|chooseInvoiceTitle',
  'chooseLicensePlate|chooseLocation|chooseMedia|chooseMessageFile|choosePoi|chooseVideo|createCameraContext|getClipboardData',
  'getFuzzyLocation|getLocation|getPhoneNumber|getRealtimePhoneNumber|getRecorderManager|getUserInfo|getUserProfile|getWeRunData',
  'openBluetoothAdapter|saveImageToPhotosAlbum|saveVideoToPhotosAlbum|setClipboardData|startAccelerometer|startCompass',
  'startDeviceMotionListening|startGyroscope|startLocationUpdate|startLocationUpdateBackground|startRecord',
].join('|')
const PRIVATE_CALLS = new RegExp(`\\b(?:wx|my|uni|index)\\.(${PRIVATE_NAMES})\\b`, 'g')
const PRIVATE_BUTTONS = new RegExp(`\\bopen-type="(${PRIVATE_NAMES})"`, 'g')
// Photos of papers, and the phone number that the platform knows.
const DECLARED = ['chooseImage', 'getPhoneNumber']

const faults = []
const fault = (where, what) => faults.push(`${where}: ${what}`)
const json = (path) => JSON.parse(readFileSync(path, 'utf8'))

function checkPages(build, template) {
  const { pages } = json(join(build, 'app.json'))
  for (const page of pages) {
    for (const ending of [template, '.js', '.json']) if (!existsSync(join(build, page + ending))) fault(build, `${page}${ending} is missing`)
  }
  for (const name of filesIn(build, '.json')) {
    const used = json(join(build, name)).usingComponents ?? {}
    for (const [tag, path] of Object.entries(used)) {
      const target = path.startsWith('/') ? join(build, path) : join(build, dirname(name), path)
      if (!/^(plugin|dynamicLib):/.test(path) && !existsSync(target + template)) fault(name, `<${tag}> has no ${path}`)
    }
  }
  return pages.length
}

function checkTemplates(build, isAlipay) {
  const { folder, names } = templatesOf(build, isAlipay)
  const { trouble } = compile('wcc', names, folder)
  if (trouble) fault(build, trouble)
  rmSync(folder, { recursive: true })
  if (!isAlipay) return
  for (const name of filesIn(build, '.axml')) {
    const foreign = readFileSync(join(build, name), 'utf8').match(/\bwx:\w+|\bbind[a-z]+=/)
    if (foreign) fault(name, `speaks WeChat: ${foreign[0]}`)
  }
}

function checkStyles(build) {
  const sheets = filesIn(build, '.wxss')
  for (const sheet of sheets) {
    const { trouble } = compile('wcsc', [sheet, ...sheets.filter((other) => other !== sheet)], build)
    if (trouble) fault(sheet, trouble)
  }
}

function checkScripts(build) {
  let bytes = 0
  for (const name of filesIn(build, '')) {
    const path = join(build, name)
    if (!statSync(path).isFile()) continue
    bytes += statSync(path).size
    if (!name.endsWith('.js')) continue
    const done = spawnSync(process.execPath, ['--check', path], { encoding: 'utf8' })
    if (done.status !== 0) fault(name, done.stderr)
    if (readFileSync(path, 'utf8').includes('/sandbox/')) fault(name, 'knows the sandbox')
  }
  if (bytes > MOST_BYTES) fault(build, `${bytes} bytes are more than a main package may have`)
  return bytes
}

function checkPrivacy(build, template) {
  const used = new Set()
  for (const [ending, asks] of [['.js', PRIVATE_CALLS], [template, PRIVATE_BUTTONS]]) {
    for (const name of filesIn(build, ending)) {
      if (isFramework(name)) continue
      for (const [, call] of readFileSync(join(build, name), 'utf8').matchAll(asks)) used.add(call)
    }
  }
  for (const call of used) if (!DECLARED.includes(call)) fault(build, `uses ${call}, which is not declared`)
  for (const call of DECLARED) if (!used.has(call)) fault(build, `declares ${call}, which is not used`)
}

// The framework's own file names every call there is, whether a page uses it or not.
const isFramework = (name) => name.startsWith('common/vendor')

function checkBuild(name) {
  const build = join('dist', 'build', name)
  const isAlipay = name === 'mp-alipay'
  const template = isAlipay ? '.axml' : '.wxml'
  const pages = checkPages(build, template)
  checkTemplates(build, isAlipay)
  if (!isAlipay) checkStyles(build)
  const bytes = checkScripts(build)
  checkPrivacy(build, template)
  console.log(`${name}: ${pages} pages, ${bytes} bytes`)
}

checkBuild('mp-weixin')
checkBuild('mp-alipay')
for (const line of faults) console.error(line)
process.exit(faults.length ? 1 : 0)
