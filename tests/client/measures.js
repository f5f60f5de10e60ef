// What of the page in front is too small, too tight or unnamed; each fault in words, none if all is well.
({ elder, screen_px }) => {
  const least = elder ? { letter: 24, line: 1.3, target: 60 } : { letter: 14, line: 1.3, target: 44 }
  const front = [...document.querySelectorAll('uni-page')].filter((page) => page.offsetParent !== null || page.offsetHeight > 0).pop()
  const sheet = front.querySelector('.sheet')
  const faults = []
  const isSeen = (element) => element.offsetHeight > 0 && getComputedStyle(element).visibility !== 'hidden'
  const says = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '')
  const named = (element) => `<${element.tagName.toLowerCase()} class="${element.className}"> ${element.innerText.slice(0, 20)}`
  const labelled = (element) => {
    const labels = (element.getAttribute('aria-labelledby') ?? '').split(' ').filter(Boolean)
    return element.innerText.trim() !== '' || !!element.getAttribute('aria-label') || labels.some((id) => document.getElementById(id)?.innerText.trim())
  }
  for (const element of sheet.querySelectorAll('*')) {
    if (!isSeen(element) || !says(element)) continue
    const style = getComputedStyle(element)
    const letter = parseFloat(style.fontSize)
    if (letter < least.letter) faults.push(`letters of ${letter} px: ${named(element)}`)
    if (parseFloat(style.lineHeight) < least.line * letter - 0.1) faults.push(`lines of ${style.lineHeight} for ${letter} px: ${named(element)}`)
  }
  const controls = 'uni-button, input, textarea, uni-picker, [role=button], [role=link], [role=checkbox], [role=radio]'
  for (const control of sheet.querySelectorAll(controls)) {
    const whole = control.closest('uni-input, uni-textarea') ?? control
    if (!isSeen(whole)) continue
    const { width, height } = whole.getBoundingClientRect()
    if (width < least.target || height < least.target) faults.push(`a target of ${Math.round(width)}×${Math.round(height)}: ${named(control)}`)
    if (!labelled(control)) faults.push(`no label: ${named(whole)}`)
  }
  const wide = document.documentElement.scrollWidth
  // Not the window's own width: a phone's grows with what is too wide for it.
  if (wide > screen_px) faults.push(`scrolls sideways: ${wide} px wide`)
  return faults
}
