/** Forward, and the dashed way back. */
export function Logo() {
  return (
    <svg
      width="24"
      height="24"
      viewBox="0 0 64 64"
      fill="none"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <g stroke="var(--undo)" strokeWidth="5">
        <path d="M54 50A24.25 24.25 0 1 0 12 50" strokeDasharray="6 9.93" />
        <path d="M15.5 40.5 12 50 3 46" />
      </g>
      <path d="M23 37h22M35.5 27.5 46 37l-10.5 9.5" stroke="var(--accent)" strokeWidth="7" />
    </svg>
  )
}
