/** A document in a browser: offered for keeping under its name. */

export const keepDocument = (bytes: ArrayBuffer, name: string): void => keep(bytes, name, 'application/pdf')

/** Nothing is left to be done by hand. */
export function keepTable(bytes: ArrayBuffer, name: string): null {
  keep(bytes, name, 'text/csv')
  return null
}

function keep(bytes: ArrayBuffer, name: string, type: string): void {
  const address = URL.createObjectURL(new Blob([bytes], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
