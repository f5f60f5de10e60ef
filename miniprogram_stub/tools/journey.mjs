// Plays a family's journey in a built mini-program: node tools/journey.mjs mp-weixin|mp-alipay BFF SANDBOX PAYER MEMBER (people as JSON).
import { resolve } from 'node:path'
import { start } from './host.mjs'

const [platform, bff, sandbox, ...people] = process.argv.slice(2)
const [payer, member] = people.map((told) => JSON.parse(told))
const PATIENCE_MS = 15_000

const world = {
  bff,
  screen: null,
  async played(path, body) {
    const headers = { 'Content-Type': 'application/json' }
    const answer = await fetch(`${sandbox}/phones/${payer.id_number}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return answer.json()
  },
}
const phone = start(resolve('dist', 'build', platform), platform === 'mp-alipay', world)
const byId = (id) => (node) => node.attr?.id === id
const byTag = (tag) => (node) => (node.tag ?? '').replace(/^wx-/, '') === tag

async function until(what, holds) {
  const end = Date.now() + PATIENCE_MS
  while (!holds()) {
    if (Date.now() > end) throw new Error(`${what} did not come; ${phone.route()} says: ${phone.text()}`)
    await new Promise((wake) => setTimeout(wake, 30))
  }
}

async function tap(id) {
  await until(id, () => phone.nodes(byId(id)).some((node) => !node.attr.disabled))
  phone.fire(phone.nodes(byId(id))[0], 'tap')
}

const say = (node, event, value) => phone.fire(node, event, { __args__: [value] })

/** What this person answers to a field; the look into the camera is the platform's own. */
async function answerTo(field, answers) {
  if (field.name in answers) return answers[field.name]
  if (!field.required || (field.value ?? null) !== null) return undefined
  if (field.kind === 'consent') return field.text_hash
  if (field.kind !== 'real_person') return true
  await world.played('/real-person', { check_id: field.check.id, passes: true })
  return field.check.id
}

async function walk(flow, answers) {
  world.screen = null
  phone.open(`/pages/flow/index?name=${flow}`)
  await until('a screen', () => world.screen !== null)
  while (world.screen.step !== null) {
    const screen = world.screen
    await until(screen.title, () => phone.nodes(byTag('ask-field')).length === screen.fields.length)
    for (const [at, field] of screen.fields.entries()) {
      const answer = await answerTo(field, answers)
      if (answer !== undefined) say(phone.nodes(byTag('ask-field'))[at], 'updateModelValue', answer)
    }
    await tap('next')
    await until('the next screen', () => world.screen !== screen)
    if (world.screen.step === screen.step) throw new Error(`${flow} stays at ${screen.step}: ${phone.text()}`)
  }
  await tap('complete')
  await until('the end', () => phone.nodes(byTag('flow-end')).length === 1)
}

/** A component on its own, since pages are drawn without what is inside of theirs. */
async function takeAYearAlong() {
  phone.open('/components/TakeAlong')
  await tap(`statement-${new Date().getFullYear()}`)
  await until('the statement', () => world.opened)
  const { name, type, says } = world.opened
  if (type !== 'pdf' || !says.startsWith('%PDF-') || !name.endsWith('.pdf')) throw new Error(`${name} of type ${type} is no statement`)
}

async function play() {
  phone.open('/pages/entry/index')
  say(phone.nodes(byTag('tick-box'))[0], 'tick', true)
  await tap('sign-in')
  await until('home', () => phone.route() === 'pages/home/index' && phone.nodes(byId('verify')).length === 1)
  await walk('verify-identity', { name: payer.name, id_number: payer.id_number, phone: payer.phone })
  await walk('open-account', { phone: payer.phone })
  await walk('add-member', { name: member.name, id_number: member.id_number, relation: 'mother' })
  phone.open('/pages/family/index')
  await until('the family', () => phone.nodes(byTag('relative-card')).length === 1)
  await takeAYearAlong()
}

play().then(
  () => process.exit(0),
  (failure) => {
    console.error(failure)
    process.exit(1)
  },
)
