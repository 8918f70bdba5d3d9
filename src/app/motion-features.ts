// Loaded after the first picture: what motion components need to move.
export { domAnimation as default } from 'framer-motion'
