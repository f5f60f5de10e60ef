/** In a browser a control is drawn inside a wrapper, and only the wrapper is given the name that a screen reader needs. */

const NAMES = ['aria-label', 'aria-labelledby']

function nameInner(): void {
  document.querySelectorAll('uni-input, uni-textarea').forEach((wrapper) => {
    const inner = wrapper.querySelector('input, textarea')
    for (const name of NAMES) {
      const told = wrapper.getAttribute(name)
      if (told && inner?.getAttribute(name) !== told) inner?.setAttribute(name, told)
    }
  })
  document.querySelectorAll('uni-image').forEach((wrapper) => {
    const told = wrapper.getAttribute('alt') ?? ''
    const inner = wrapper.querySelector('img')
    if (inner && inner.getAttribute('alt') !== told) inner.setAttribute('alt', told)
  })
}

/** Hands every name on to what is drawn inside, now and whenever the page changes. */
export function nameInnerControls(): void {
  new MutationObserver(nameInner).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: [...NAMES, 'alt'] })
}
