/** A list that comes page by page. */
import { ref, type Ref } from 'vue'
import { read } from '@/net/http'
import type { Page } from '@/net/shapes'

export function useList<Item>(path: string) {
  const items = ref([]) as Ref<Item[]>
  const cursor = ref<string | null>(null)
  const more = ref(false)

  async function begin(): Promise<void> {
    const page = await read<Page<Item>>(path)
    items.value = page.items
    cursor.value = page.next_cursor
  }

  async function loadMore(): Promise<void> {
    if (more.value) return
    more.value = true
    const page = await read<Page<Item>>(`${path}?cursor=${encodeURIComponent(cursor.value ?? '')}`).finally(() => (more.value = false))
    items.value = [...items.value, ...page.items]
    cursor.value = page.next_cursor
  }

  return { items, cursor, more, begin, loadMore }
}
