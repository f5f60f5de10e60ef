// Stands in for WeChat and Alipay: runs a built mini-program in Node, its pages drawn by WeChat's compiler, against a real BFF.
// Components are met at their edge: a page's own nodes are tapped, and a field says its answer as the component would.
import { readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import vm from 'node:vm'
import { compile, templatesOf } from './compilers.mjs'

const BFF_NAMED = 'https://bff.example.invalid'
const SCREEN = { windowWidth: 375, windowHeight: 667, screenWidth: 375, screenHeight: 667, pixelRatio: 2, statusBarHeight: 20 }
const SYSTEM = { ...SCREEN, platform: 'devtools', system: 'x', model: 'x', brand: 'x', language: 'zh_CN', version: '8.0', SDKVersion: '3.5.0', safeArea: {}, app: 'alipay' }

/** The drawing function of a build: `draw(page)(data)` is the tree of that page. */
function drawingOf(build, isAlipay) {
  const { folder, names } = templatesOf(build, isAlipay)
  const { written, trouble } = compile('wcc', names, folder)
  if (trouble) throw new Error(trouble)
  const make = new Function('window', 'navigator', 'global', `var __wxAppCode__={};${written};return $gwx`)
  return make({}, { userAgent: '' }, {})
}

/** What the app that hosts the mini-program offers; `world` is where its calls end. */
function platformOf(isAlipay, world, pages) {
  const store = {}
  const open = (how) => (asked) => {
    if (how === 'only') pages.stack.length = 0
    else if (how === 'instead') pages.stack.pop()
    pages.open(asked.url)
    asked.success?.({})
  }
  const request = async (asked) => {
    const method = asked.method ?? 'GET'
    const answer = await fetch(asked.url.replace(BFF_NAMED, world.bff), { method, headers: asked.header ?? asked.headers, body: method === 'GET' ? undefined : asked.data })
    const data = asked[isAlipay ? 'dataType' : 'responseType'] === 'arraybuffer' ? await answer.arrayBuffer() : parsed(await answer.text())
    const told = { statusCode: answer.status, status: answer.status, data, header: {}, headers: {} }
    if (told.data.fields && told.data.step !== undefined) world.screen = told.data
    // Alipay hands every such status to `fail`, and what it said is lost.
    if (isAlipay && answer.status >= 400) asked.fail?.({ error: 19, errorMessage: 'http status error' })
    else asked.success?.(told)
    asked.complete?.(told)
  }
  const code = (asked) => world.played('/codes', { channel: isAlipay ? 'alipay' : 'wechat' }).then(({ code }) => asked.success(isAlipay ? { authCode: code } : { code }))
  const face = (id, asked) => world.played('/real-person', { check_id: id, passes: true }).then(() => asked.success({ resultStatus: '9000' }))
  const files = {}
  const keep = (path, bytes) => void (files[path] = Buffer.from(bytes).toString('latin1'))
  const calls = {
    env: { USER_DATA_PATH: 'kept:/' },
    getFileSystemManager: () => ({
      writeFileSync: keep,
      writeFile: (asked) => void setTimeout(() => asked.success(keep(asked.filePath, asked.data))),
    }),
    openDocument: (asked) => void (world.opened = { name: asked.filePath, type: asked.fileType, says: files[asked.filePath] }),
    canIUse: () => true,
    getLaunchOptionsSync: () => ({ path: '' }),
    getEnterOptionsSync: () => ({}),
    getAccountInfoSync: () => ({ miniProgram: { appId: 'x' } }),
    getStorageSync: (key) => (isAlipay ? { data: store[key.key], success: true } : (store[key] ?? '')),
    setStorageSync: (key, value) => void (isAlipay ? (store[key.key] = key.data) : (store[key] = value)),
    removeStorageSync: (key) => void delete store[isAlipay ? key.key : key],
    pageScrollTo: () => undefined,
    login: code,
    getAuthCode: code,
    requestFacialVerify: (asked) => face(asked.verifyId, asked),
    startAPVerify: (asked) => face(asked.certifyId, asked),
    navigateTo: open('above'),
    redirectTo: open('instead'),
    reLaunch: open('only'),
    request: (asked) => void request(asked).catch((failure) => asked.fail?.({ errMsg: String(failure) })),
  }
  for (const name of ['getSystemInfoSync', 'getAppBaseInfo', 'getWindowInfo', 'getDeviceInfo']) calls[name] = () => SYSTEM
  for (const name of ['getSystemSetting', 'getAppAuthorizeSetting']) calls[name] = () => ({})
  const listening = (name) => (typeof name === 'string' && /^(on|off)[A-Z]/.test(name) ? () => undefined : undefined)
  return new Proxy(calls, { get: (all, name) => all[name] ?? listening(name) })
}

function parsed(text) {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}

/** Puts a value where a path such as `a.b[0]` leads. */
function put(data, path, value) {
  const names = path.replace(/\[(\d+)\]/g, '.$1').split('.')
  const last = names.pop()
  const place = names.reduce((at, name, index) => (at[name] ??= /^\d+$/.test(names[index + 1] ?? last) ? [] : {}), data)
  place[last] = value
}

const copied = (value) => JSON.parse(JSON.stringify(value ?? null) ?? 'null')

function instanceOf(defined, route, options) {
  const known = { data: copied(defined.data ?? {}), is: route, route, options, properties: {}, props: { onVI: () => undefined }, $page: {}, dataset: {} }
  const instance = Object.assign(known, {
    setData(changes, then) {
      for (const path in changes) put(instance.data, path, copied(changes[path]))
      if (then) setTimeout(then)
    },
    triggerEvent: () => undefined,
    selectComponent: () => null,
    selectAllComponents: () => [],
    createSelectorQuery: () => ({}),
    getPageId: () => 1,
    getTabBar: () => null,
  })
  for (const [name, does] of Object.entries({ ...defined, ...defined.methods })) if (typeof does === 'function') instance[name] = does
  return instance
}

function arrive(defined, instance, isPage, options) {
  const run = (does, ...given) => does?.call(instance, ...given)
  const life = defined.lifetimes ?? defined
  if (!isPage) {
    run(life.created ?? defined.onInit)
    run(life.attached ?? defined.didMount)
  }
  run(defined.onLoad ?? defined.methods?.onLoad, options)
  run(defined.onShow ?? defined.methods?.onShow)
  run(life.ready)
  run(defined.onReady ?? defined.methods?.onReady)
}

/** Starts a build; what a person could do with it. */
export function start(build, isAlipay, world) {
  const draw = drawingOf(build, isAlipay)
  const modules = {}
  const definitions = {}
  const pages = { stack: [], open }
  let defining = ''
  const define = (isPage) => (defined) => void (definitions[defining] = { defined, isPage })
  const context = vm.createContext({ console, setTimeout, clearTimeout, setInterval, clearInterval, Promise })
  Object.assign(context, {
    global: context,
    globalThis: context,
    [isAlipay ? 'my' : 'wx']: platformOf(isAlipay, world, pages),
    getApp: () => context.app,
    getCurrentPages: () => pages.stack.map((page) => page.instance),
    App: (app) => {
      context.app = app
      app.onLaunch?.({})
      app.onShow?.({})
    },
    Page: define(true),
    Component: define(false),
    Behavior: (behaviour) => behaviour,
  })

  function load(name) {
    const file = join(build, name)
    if (modules[file]) return modules[file].exports
    const loaded = (modules[file] = { exports: {} })
    const find = (asked) => load(relative(build, resolve(dirname(file), asked.endsWith('.js') ? asked : `${asked}.js`)))
    vm.runInContext(`(function(require,module,exports){${readFileSync(file, 'utf8')}\n})`, context, { filename: file })(find, loaded, loaded.exports)
    return loaded.exports
  }

  function open(url) {
    const [route, query] = url.replace(/^\//, '').split('?')
    const options = Object.fromEntries(new URLSearchParams(query))
    defining = route
    load(`${route}.js`)
    const { defined, isPage } = definitions[route]
    const instance = instanceOf(defined, route, options)
    pages.stack.push({ route, instance })
    arrive(defined, instance, isPage, options)
  }

  const front = () => pages.stack[pages.stack.length - 1]
  const tree = () => draw(`${front().route}.wxml`)(front().instance.data)
  load('app.js')
  return { open, route: () => front().route, text: () => textOf(tree()), nodes: (fits) => nodesOf(tree(), fits), fire: (node, event, detail) => fire(front().instance, node, event, detail) }
}

const textOf = (node) => (typeof node === 'string' ? node : (node.children ?? []).map(textOf).join(''))

function nodesOf(node, fits) {
  if (!node || typeof node !== 'object') return []
  return [...(fits(node) ? [node] : []), ...(node.children ?? []).flatMap((child) => nodesOf(child, fits))]
}

/** An event as the host would send it; both platforms spell its name in their own case. */
function fire(instance, node, event, detail = {}) {
  const attribute = Object.keys(node.attr).find((name) => name.toLowerCase() === `bind${event}`.toLowerCase())
  const does = instance[node.attr[attribute]]
  if (!does) throw new Error(`nothing listens to ${event} of ${node.tag}`)
  const target = { dataset: {} }
  return does.call(instance, { type: event, detail, target, currentTarget: target, timeStamp: Date.now() })
}
