export const usage = `Sagascope without a browser. SCENARIO is a file (a path, or anything that ends in .json) or an id that "list" shows.

  run SCENARIO      runs it to the end: observables, properties, trace length, hash
      --variant NAME         one of its variants; without it, the scenario itself
      --seed N               another source of every draw, 0 to 4294967295
      --observe NAME=EXPR    one more observable; may be repeated
      --json                 as a document for scripts
      --strict               a broken property is never good, expected or not
  check [FILE…]     runs every variant of the files, or of the whole library, as a table
      --json, --strict       as above
      --junit FILE           the same for a build server
      --shard I/N            the I-th of N parts of the runs
  list [--json]     the library: id, case, title, variants
  trace SCENARIO    the trace as readable lines
      --variant NAME, --seed N
  link SCENARIO     the share link
      --variant NAME, --seed N
      --base URL             the page it opens; http://localhost:4173/ when absent
  hunt SCENARIO     random schedules of faults until a promise breaks; each finding made small, as a link
      --variant NAME
      --budget TEXT          faults=8,kinds=drop+crash,at=payment+order,more=1,within=8000; any of them
      --promises LIST        all, none, or names: ONCE, ALL-OR-NOTHING, NOT-BELOW-ZERO, CONSERVED, ENDS, NOTHING-LOST
      --seeds N, --from N    how many schedules, from which seed on; 10000 from 1 when absent
      --workers N            threads; as many as there are cores when absent
      --shard I/N            the I-th of N stretches of the seeds
      --every-commit         look at what must always hold after every commit, not only at the end
      --quick                do not look for the last chance and for what prevents it
      --json, --junit FILE, --base URL
  sweep SCENARIO    every placement of up to K faults on the calm run, as a matrix
      --faults K             1 to 3; 1 when absent
      --variant NAME, --promises LIST, --workers N, --shard I/N, --json, --junit FILE
  merge FILE…       the results of several shards as one: --json, --junit FILE
  prove SCENARIO    every order of deliveries and time-outs, every placement of up to so many faults
      --variant NAME
      --faults N             at most so many in one run; 1 when absent
      --kinds A+B            of drop, duplicate, delay, crash; all four when absent
      --states-max N         gives up there; 2000000 when absent
      --json

Ends with 0 when everything is as expected, 1 when something is not, 2 when the input cannot be used.`
