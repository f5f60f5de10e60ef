// WeChat's own template and style compilers, from the package that carries their Linux programs.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { spawnSync } from 'node:child_process'

const require = createRequire(import.meta.url)
const PROGRAMS = join(dirname(require.resolve('miniprogram-compiler/package.json')), 'bin', 'linux')
const MOST_OUTPUT = 256 * 1024 * 1024

/** Runs `wcc` or `wcsc` in a folder; what it wrote, and what it found wrong. */
export function compile(program, files, folder) {
  const path = join(PROGRAMS, program)
  // The registry's archive lost the right to be run.
  chmodSync(path, 0o755)
  const done = spawnSync(path, files, { cwd: folder, maxBuffer: MOST_OUTPUT, encoding: 'utf8' })
  const trouble = done.status === 0 ? done.stderr : done.stderr || `${program} ended with ${done.status}`
  return { written: done.stdout, trouble: trouble.trim() }
}

export function filesIn(folder, ending) {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(ending))
    .sort()
}

/** Alipay has no compiler that works without its servers; its templates differ from WeChat's in a few words. */
export function asWeChatTemplate(axml) {
  return axml
    .replace(/<import-sjs\b[^>]*?\/>|<import-sjs\b[^>]*><\/import-sjs>/g, '')
    .replace(/\ba:(if|elif|else|for-item|for-index|for|key)\b/g, 'wx:$1')
    .replace(/\bon([A-Z][A-Za-z]*)=/g, (_, event) => `bind${event.toLowerCase()}=`)
    .replace(/\bcatch([A-Z][A-Za-z]*)=/g, (_, event) => `catch${event.toLowerCase()}=`)
}

/** A copy of a build's templates in WeChat's words, in a folder of its own; their names there. */
export function templatesOf(build, isAlipay) {
  const folder = mkdtempSync(join(tmpdir(), 'templates-'))
  const names = filesIn(build, isAlipay ? '.axml' : '.wxml')
  const renamed = names.map((name) => name.replace(/\.axml$/, '.wxml'))
  names.forEach((name, at) => {
    const text = readFileSync(join(build, name), 'utf8')
    mkdirSync(dirname(join(folder, renamed[at])), { recursive: true })
    writeFileSync(join(folder, renamed[at]), isAlipay ? asWeChatTemplate(text) : text)
  })
  const scripts = isAlipay ? [] : filesIn(build, '.wxs')
  for (const name of scripts) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), readFileSync(join(build, name)))
  }
  return { folder, names: [...renamed, ...scripts] }
}
