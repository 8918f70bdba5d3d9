/**
 * What is worked out from a table page by page, and kept with the page: a moment that has most of its pages in common
 * with the last one costs a look at those it has not. Only for moments nobody changes any more.
 */
import { type Page, ROWS_OF_PAGE, type Rows } from './rows.ts'

export class PageIndex<T> {
  private readonly known = new WeakMap<Page, T>()
  private readonly work: (rows: Rows, from: number, to: number) => T

  /** `work` gets the row numbers from … to − 1 of one page. */
  constructor(work: (rows: Rows, from: number, to: number) => T) {
    this.work = work
  }

  /** By page; undefined where a page never had a row. */
  of(rows: Rows, number: number): T | undefined {
    const page = rows.page(number)
    if (page === undefined) return undefined
    let found = this.known.get(page)
    if (found === undefined) {
      found = this.work(rows, number * ROWS_OF_PAGE, (number + 1) * ROWS_OF_PAGE)
      this.known.set(page, found)
    }
    return found
  }
}
