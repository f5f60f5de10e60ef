// Checks the built mini-programs without a network: templates, styles, scripts, pages, size, and the privacy calls declared.
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { compile, filesIn, templatesOf } from './compilers.mjs'

const MOST_BYTES = 1.5 * 1024 * 1024
// What asks for personal data; each has to be declared to WeChat's reviewers, and none else may be used.
const PRIVATE_CALLS = /\b(?:wx|my|uni|index)\.(chooseImage|chooseMedia|chooseVideo|getLocation|chooseLocation|chooseAddress|getUserProfile|getWeRunData|startRecord|saveImageToPhotosAlbum|getClipboardData|chooseContact|openBluetoothAdapter|getPhoneNumber)\b/g
const DECLARED = new Set(['chooseImage', 'getPhoneNumber'])

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
  const used = new Set()
  for (const name of filesIn(build, '')) {
    const path = join(build, name)
    if (!statSync(path).isFile()) continue
    bytes += statSync(path).size
    if (!name.endsWith('.js')) continue
    const done = spawnSync(process.execPath, ['--check', path], { encoding: 'utf8' })
    if (done.status !== 0) fault(name, done.stderr)
    for (const [, call] of readFileSync(path, 'utf8').matchAll(PRIVATE_CALLS)) if (!isFramework(name)) used.add(call)
  }
  for (const call of used) if (!DECLARED.has(call)) fault(build, `uses ${call}, which is not declared`)
  if (bytes > MOST_BYTES) fault(build, `${bytes} bytes are more than a main package may have`)
  return bytes
}

// The framework's own file names every call there is, whether a page uses it or not.
const isFramework = (name) => name.startsWith('common/vendor')

function checkBuild(name) {
  const build = join('dist', 'build', name)
  const isAlipay = name === 'mp-alipay'
  const pages = checkPages(build, isAlipay ? '.axml' : '.wxml')
  checkTemplates(build, isAlipay)
  if (!isAlipay) checkStyles(build)
  const bytes = checkScripts(build)
  for (const script of filesIn(build, '.js')) {
    if (readFileSync(join(build, script), 'utf8').includes('/sandbox/')) fault(script, 'knows the sandbox')
  }
  console.log(`${name}: ${pages} pages, ${bytes} bytes`)
}

checkBuild('mp-weixin')
checkBuild('mp-alipay')
for (const line of faults) console.error(line)
process.exit(faults.length ? 1 : 0)
