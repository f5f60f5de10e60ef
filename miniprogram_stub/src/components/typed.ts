/** What an input's event says; every platform wraps it alike, the type checker's browser does not know so. */
export function typed(event: unknown): string {
  return (event as { detail: { value: string } }).detail.value
}
