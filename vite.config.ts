import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { withoutFieldDocs } from './scripts/without-field-docs.ts'

export default defineConfig({
  // Relative addresses, so that the built folder works from any path of any static host.
  base: './',
  plugins: [react(), withoutFieldDocs()],
  build: { target: 'es2022' },
  worker: { format: 'es', plugins: () => [withoutFieldDocs()] },
  test: {
    // No test is timed: a busy machine may take its time, and only a test that hangs fails for it.
    testTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'unit', environment: 'node', include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'dom',
          environment: 'jsdom',
          include: ['src/**/*.test.tsx'],
          setupFiles: ['test/setup-dom.ts'],
        },
      },
    ],
  },
})
