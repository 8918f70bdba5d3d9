/** What is wrong with an expression: a sentence without the place. */
export class ExpressionError extends Error {}
