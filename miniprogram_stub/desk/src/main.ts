/** The desk: people to be, a camera that passes or fails, and a till. */
import { handPhoneTo, tellPhone } from './phone'
import { ask, type Person } from './sandbox'
import { setUpTill } from './till'

const people = document.querySelector<HTMLElement>('#people')!
const cameraPerson = document.querySelector<HTMLSelectElement>('#camera-person')!

function listen(name: string, then: () => void): void {
  for (const choice of document.querySelectorAll<HTMLInputElement>(`input[name=${name}]`)) {
    choice.onchange = () => {
      tellPhone(name, choice.value)
      then()
    }
    if (choice.checked) tellPhone(name, choice.value)
  }
}

function choose(person: Person, button: HTMLElement): void {
  for (const other of people.querySelectorAll('button')) other.setAttribute('aria-pressed', String(other === button))
  cameraPerson.value = person.id_number
  handPhoneTo(person.id_number)
}

async function start(): Promise<void> {
  const everybody = await ask<Person[]>('/people')
  cameraPerson.replaceChildren(...everybody.map((one) => new Option(one.name, one.id_number)))
  cameraPerson.onchange = () => tellPhone('camera-person', cameraPerson.value)
  for (const person of everybody) {
    const button = document.createElement('button')
    const about = Object.assign(document.createElement('small'), { textContent: person.about ?? '' })
    button.append(person.name, about)
    button.dataset.person = person.id_number
    button.onclick = () => choose(person, button)
    people.append(button)
  }
  listen('channel', () => people.querySelector<HTMLElement>('button[aria-pressed=true]')?.click())
  listen('camera', () => undefined)
  await setUpTill()
}

void start()
