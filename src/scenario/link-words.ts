/**
 * The words of share links of version 1, FROZEN: a link names a phrase by its place in this list, so no entry may ever
 * be changed, moved or removed. A better list is a new version beside this one.
 */
export const phrases: readonly string[] = []
